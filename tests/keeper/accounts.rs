//! Accounts, as an admin keeps them on their pages, and one's own password.
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::domain::error::Error;
use keeper::people::NewUser;
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

/// Why a password is refused for this account; nothing where it is taken.
fn refusal(password: &str) -> String {
    let password = Some(password.to_owned().into());
    match NewUser::parse("ada.lovelace", "ada@analytical.example", "Augusta King", "admin", password) {
        Ok(_) => String::new(),
        Err(Error::Invalid(errors)) => errors.of("password").join(" "),
        Err(e) => panic!("{e}"),
    }
}

#[test] // S05: what many people have, what is expected of this person, and what follows a pattern is no password.
fn a_password_that_is_soon_guessed_is_refused_with_a_reason() {
    for (password, why) in [
        ("passwordpassword", "again and again"),
        ("aaaaaaaaaaaaaaaa", "again and again"),
        ("qwertyuiopasdfgh", "many people have"),
        ("zxcvbnm,./asdfg", "keys of a keyboard"),
        ("123456789012345", "it counts"),
        ("iloveyou1234567890", "many people have"),
        ("Password1234567", "many people have"),
        ("P@ssw0rd123456!", "too easy to guess"),
        ("summer2026summer", "too easy to guess"),
        ("welcome to keeper", "too easy to guess"),
        ("Keeper-Secrets-2026", "words that are expected here"),
        ("ada.lovelace2026", "too easy to guess"),
        ("ada.lovelace.1815.keeper", "words that are expected here"),
        ("Augusta King analytical example", "words that are expected here"),
        ("short", "at least 15 characters"),
        (&"x7".repeat(600), "at most 1024 bytes"),
    ] {
        let told = refusal(password);
        assert!(told.contains(why) && !told.contains(password), "{password}: {told}");
        assert!(!why.contains("guess") || told.contains("Take four or more words"), "{told}");
    }
    let made = people::make_password(&keeper::kit::chance::Chance::System).unwrap();
    for password in [
        std::str::from_utf8(made.expose()).unwrap(),
        "otter violin parking thursday",
        "Größenwahn trifft auf Zwetschgen",
        "the keeper of seven old lighthouses",
        &format!("otter violin parking thursday{}", "x".repeat(900)),
    ] {
        assert_eq!(refusal(password), "", "{password}");
    }
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

/// What the log tells of an account, the latest first.
async fn told_of(house: &House, target: &str) -> Vec<String> {
    let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
    let log = audit::list(&house.app, &filter).await.unwrap().items;
    log.into_iter().filter(|line| line.target == target).map(|line| line.action).collect()
}

three! {
    // S41: an admin ends one of somebody's sessions, and the others stay.
    async fn an_admin_ends_one_session_of_somebody(house: House) {
        let site = Site::start(&house.app).await;
        let (ada, uma) = (house.add_user("ada", "admin").await, house.add_user("uma", "user").await);
        house.add_user("max", "manager").await;
        let admin = site.signed_in("ada", PASSWORD).await;
        let first = site.signed_in("uma", PASSWORD).await;
        let one = keeper::signin::sessions_of(&house.app, uma).await.unwrap()[0].id;
        let second = site.signed_in("uma", PASSWORD).await;
        let home = admin.get(&format!("/users/{uma}")).await.body;
        assert!(home.contains(&format!("/users/{uma}/sessions/{one}/end")) && home.contains("Another program"), "{home}");
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!(send(&max, uma, &format!("sessions/{one}/end"), &[]).await.0, 403);
        assert_eq!(send(&admin, ada, &format!("sessions/{one}/end"), &[]).await.0, 404, "it is somebody else’s");
        assert_eq!(first.get("/account").await.status, 200);
        assert_eq!(send(&admin, uma, &format!("sessions/{one}/end"), &[]).await.0, 303);
        assert_eq!((first.get("/account").await.status, second.get("/account").await.status), (303, 200));
        assert_eq!(send(&admin, uma, &format!("sessions/{one}/end"), &[]).await.0, 404, "it has ended");
        assert_eq!(told_of(&house, "uma").await[0], "session.ended");
    }
}
