//! Accounts, as an admin keeps them on their pages, and one's own password.
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::{audit, people};
use time::Duration;

async fn id_of(house: &House, name: &str) -> i64 {
    people::by_username(&mut house.app.db.read().await.unwrap(), name).await.unwrap().unwrap().id
}

/// What a form sent to somebody's account answers.
async fn send(visitor: &Visitor, id: i64, act: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = visitor.post(&format!("/users/{id}/{act}"), fields).await;
    (answer.status, answer.body)
}

/// The password that the page shows this once.
fn shown(page: &str) -> String {
    let rest = page.split("data-value>\n").nth(1).unwrap_or_else(|| panic!("{page}"));
    rest.split("</pre>").next().unwrap().to_owned()
}

async fn signs_in(site: &Site, name: &str, password: &str) -> bool {
    let visitor = site.visitor();
    visitor.get("/login").await;
    visitor.post("/login", &[("username", name), ("password", password)]).await.status == 303
}

three! {
    // S38 S41: made with a password that is shown once; a new role, a new password and the end of an account are felt at once.
    async fn an_admin_keeps_accounts_on_their_pages(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!((max.get("/users/new").await.status, max.post("/users", &[("username", "eve")]).await.status), (403, 403));
        assert!(ada.get("/users").await.body.contains("href=\"/users/new\""));
        let form = [("username", "Eve"), ("display_name", "Eve E."), ("email", "eve@example.com"), ("role", "user"), ("mode", "generated")];
        let page = ada.post("/users", &form).await;
        let password = shown(&page.body);
        assert_eq!((page.status, page.header("cache-control"), password.chars().count()), (200, "no-store", 24));
        assert!(signs_in(&site, "eve", &password).await && !page.body.contains("eve@example.com"));
        let eve = id_of(&house, "eve").await;
        let home = ada.get(&format!("/users/{eve}")).await.body;
        assert!(home.contains("Eve E.") && home.contains("eve@example.com") && !home.contains(&password), "{home}");
        let again = ada.post("/users", &form).await;
        assert!(again.status == 422 && again.body.contains("User name is taken") && again.body.contains("value=\"Eve E.\""), "{}", again.body);
        let short = ada.post("/users", &[("username", "ivy"), ("role", "king"), ("mode", "typed"), ("password", "too short")]).await;
        assert!(short.status == 422 && short.body.contains("The password must have at least 15 characters") && short.body.contains("Role must be one of user, manager, admin"), "{}", short.body);
        assert!(!short.body.contains("too short"));

        let there = site.signed_in("eve", &password).await;
        assert_eq!(send(&ada, eve, "role", &[("role", "manager")]).await.0, 303);
        assert_eq!(there.get("/queue").await.status, 303, "the session had the former role");
        let there = site.signed_in("eve", &password).await;
        assert_eq!(there.get("/queue").await.status, 200);
        assert_eq!(send(&ada, eve, "sessions/end", &[]).await.0, 303);
        assert_eq!(there.get("/queue").await.status, 303, "ended in the very next request");
        let (status, body) = send(&ada, eve, "password", &[("mode", "typed"), ("password", "another password of hers")]).await;
        assert_eq!((status, signs_in(&site, "eve", &password).await, signs_in(&site, "eve", "another password of hers").await), (303, false, true), "{body}");
        assert_eq!(send(&ada, eve, "disable", &[]).await.0, 303);
        assert!(!signs_in(&site, "eve", "another password of hers").await && ada.get(&format!("/users/{eve}")).await.body.contains("Enable the account"));
        assert_eq!(send(&ada, eve, "enable", &[]).await.0, 303);
        assert!(signs_in(&site, "eve", "another password of hers").await);
        let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
        let log = audit::list(&house.app, &filter).await.unwrap().items;
        let told: Vec<&str> = log.iter().filter(|line| line.actor_name == "ada" && line.target == "eve").map(|line| line.action.as_str()).collect();
        assert_eq!(told, ["user.enabled", "user.disabled", "user.password_set", "session.ended", "user.role_changed", "user.created"]);
        assert!(log.iter().all(|line| !format!("{line:?}").contains("another password")));
    }
}

three! {
    // S38: nobody changes their own role, the last admin stays one, and an old sign-in changes no account.
    async fn what_would_lock_everybody_out_is_refused(house: House) {
        let site = Site::start(&house.app).await;
        let ada = house.add_user("ada", "admin").await;
        let bob = house.add_user("bob", "admin").await;
        let (first, second) = (site.signed_in("ada", PASSWORD).await, site.signed_in("bob", PASSWORD).await);
        for act in ["role", "disable", "password"] {
            let (status, body) = send(&first, ada, act, &[("role", "user"), ("mode", "generated")]).await;
            assert!(status == 403 && body.contains("obody changes their own role or state"), "{act}: {body}");
        }
        let own = first.get(&format!("/users/{ada}")).await.body;
        assert!(own.contains("Nobody changes their own role") && !own.contains("/disable\"") && !own.contains("/role\""), "{own}");
        assert_eq!(send(&second, ada, "role", &[("role", "manager")]).await.0, 303);
        let operator = house.operator();
        let last = people::set_active(&house.app, &operator, "bob", false).await;
        assert!(format!("{last:?}").contains("the last active admin"), "{last:?}");
        assert_eq!(send(&second, ada, "role", &[("role", "admin")]).await.0, 303);
        house.app.clock.advance(Duration::minutes(26));
        let first = site.signed_in("ada", PASSWORD).await;
        let (status, body) = send(&first, bob, "role", &[("role", "king")]).await;
        assert!(status == 422 && body.contains("Role must be one of"), "{body}");
        let (status, body) = send(&second, ada, "disable", &[]).await;
        assert!(status == 403 && body.contains("our last proof of identity is too old"), "{status} {body}");
        assert_eq!(second.get("/users/new").await.status, 303, "the form asks for it before it opens");
        assert_eq!(send(&first, 999_999, "disable", &[]).await.0, 404);
    }
}

three! {
    // S05 S41: one's own password, after the former one; every session ends.
    async fn somebody_changes_their_own_password(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let (uma, elsewhere) = (site.signed_in("uma", PASSWORD).await, site.signed_in("uma", PASSWORD).await);
        let new = "a new password of hers";
        let wrong = uma.post("/account/password", &[("current_password", "wrong"), ("password", new)]).await;
        assert!(wrong.status == 422 && wrong.body.contains("The password that you have is not right") && !wrong.body.contains(new), "{}", wrong.body);
        let short = uma.post("/account/password", &[("current_password", PASSWORD), ("password", "short")]).await;
        assert!(short.status == 422 && short.body.contains("The new password must have at least 15 characters"), "{}", short.body);
        let done = uma.post("/account/password", &[("current_password", PASSWORD), ("password", new)]).await;
        assert_eq!((done.status, done.location()), (303, "/login"), "{}", done.body);
        assert_eq!((uma.get("/account").await.status, elsewhere.get("/account").await.status), (303, 303));
        assert!(!signs_in(&site, "uma", PASSWORD).await && signs_in(&site, "uma", new).await);
    }
}
