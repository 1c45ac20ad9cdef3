//! Accounts, as an admin keeps them on their pages, and one's own password.
use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::domain::enums::Role;
use keeper::domain::error::Error;
use keeper::people::{Arrival, NewMethod, NewUser};
use keeper::{audit, people, sql, tx};
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
        ("123456789012345", "too easy to guess"),
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

/// Somebody comes through their provider, which makes no accounts.
async fn arrives(house: &House, arrival: &Arrival) -> keeper::domain::error::Result<people::User> {
    tx!(house.app.db, |tx| people::arrive(&house.app, tx, arrival, false).await)
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
        let page = uma.get("/account").await.body;
        assert!(["current-password", "new-password"].iter().all(|what| page.contains(&format!("autocomplete=\"{what}\""))), "{page}");
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

const PROVIDER: &str = "https://idp.example/metadata";

three! {
    // S37 S38 S41: an account has one way to sign in, and an admin changes it; what the former one rested on is gone.
    async fn an_account_goes_from_a_password_to_single_sign_on_and_back(house: House) {
        let site = Site::start(&house.app).await;
        let ada = house.add_user("ada", "admin").await;
        let (uma, eve) = (house.add_user("uma", "user").await, house.add_user("eve", "user").await);
        let admin = site.signed_in("ada", PASSWORD).await;
        let there = site.signed_in("uma", PASSWORD).await;
        let form = [("method", "saml"), ("identity_provider", PROVIDER), ("name_id", "Uma@Example.com")];
        let (status, body) = send(&admin, uma, "method", &[("method", "saml"), ("identity_provider", PROVIDER)]).await;
        assert!(status == 422 && body.contains("NameID is required") && body.contains(PROVIDER), "{body}");
        assert_eq!(send(&admin, uma, "method", &form).await.0, 303);
        assert_eq!((there.get("/account").await.status, signs_in(&site, "uma", PASSWORD).await), (303, false));
        let kept = sql!("SELECT COUNT(*) FROM users WHERE username = 'uma' AND password_hash IS NOT NULL");
        assert_eq!(house.app.db.read().await.unwrap().number(kept).await.unwrap(), 0, "the hash is gone");
        let (status, body) = send(&admin, eve, "method", &form).await;
        assert!(status == 422 && body.contains("NameID belongs to another account"), "{body}");
        let (status, _) = send(&admin, uma, "password", &[("mode", "generated")]).await;
        assert_eq!(status, 403, "there is no password to set");
        let arrival = Arrival::parse(PROVIDER, "Uma@Example.com", None, None, Role::Manager).unwrap();
        assert_eq!(arrives(&house, &arrival).await.unwrap().id, uma);

        let weak = [("method", "database"), ("mode", "typed"), ("password", "uma.uma.uma.uma.2026")];
        let (status, body) = send(&admin, uma, "method", &weak).await;
        assert!(status == 422 && body.contains("The password is too easy to guess") && !body.contains(weak[2].1), "{body}");
        let (status, body) = send(&admin, uma, "method", &[("method", "database"), ("mode", "generated")]).await;
        assert!(status == 200 && signs_in(&site, "uma", &shown(&body)).await, "{body}");
        assert!(arrives(&house, &arrival).await.is_err(), "the provider’s word opens it no more");
        let (status, body) = send(&admin, uma, "method", &[("method", "database"), ("mode", "generated")]).await;
        assert!(status == 409 && body.contains("by password already"), "{body}");
        let told = told_of(&house, "uma").await;
        assert_eq!(told.iter().filter(|action| *action == "user.method_changed").count(), 2, "{told:?}");

        // Nobody their own, and not the last admin's, by whomever.
        assert_eq!(send(&admin, ada, "method", &form).await.0, 403);
        let new = NewMethod::saml(PROVIDER, "ada").unwrap();
        let last = people::set_method(&house.app, &house.operator(), "ada", new).await;
        assert!(format!("{last:?}").contains("last active admin"), "{last:?}");
        house.app.clock.advance(Duration::minutes(26));
        let (status, body) = send(&admin, eve, "method", &form).await;
        assert!(status == 403 && body.contains("our last proof of identity is too old"), "{body}");
    }
}

three! {
    // S37 S41 S42: where only single sign-on is open, a password opens break-glass accounts alone, loudly, and one of them stays.
    async fn break_glass_accounts_come_in_where_passwords_do_not(house: House) {
        let site = Site::start(&house.app).await;
        let operator = house.operator();
        house.add_user("sam", "admin").await;
        let new = NewMethod::saml(PROVIDER, "sam");
        let glass = house.add_user("glass", "admin").await;
        house.add_user("uma", "user").await;
        people::set_method(&house.app, &operator, "sam", new.unwrap()).await.unwrap();
        let (sam, by_password, user) = (house.person("sam").await, house.person("glass").await, house.person("uma").await);
        let switch = |actor, on| people::set_sso_only(&house.app, actor, on);
        let refused = |done: keeper::domain::error::Result<()>| format!("{:?}", done.unwrap_err());
        assert!(refused(switch(&sam, true).await).contains("nobody could come in"));
        assert!(refused(switch(&user, true).await).contains("takes an admin"));
        let flag = |name: &'static str, on| people::set_break_glass(&house.app, &operator, name, on);
        for name in ["uma", "sam"] {
            assert!(refused(flag(name, true).await).contains("only an admin who signs in by password"), "{name}");
        }
        let admin = site.signed_in("glass", PASSWORD).await;
        assert_eq!(send(&admin, glass, "break-glass", &[("on", "true")]).await.0, 403, "one’s own");
        flag("glass", true).await.unwrap();
        assert!(refused(switch(&by_password, true).await).contains("you are signed in by password"));
        let page = admin.get("/settings/sign-in").await.body;
        assert!(page.contains("You are signed in by password") && page.contains("glass</a>"), "{page}");
        assert_eq!(admin.post("/settings/sign-in", &[("sso_only", "true")]).await.status, 409);
        assert_eq!(admin.post("/settings/sign-in", &[("sso_only", "perhaps")]).await.status, 422);

        let there = site.signed_in("uma", PASSWORD).await;
        switch(&sam, true).await.unwrap();
        assert_eq!(there.get("/account").await.status, 303, "a session that a password opened");
        let visitor = site.visitor();
        visitor.get("/login").await;
        let right = visitor.post("/login", &[("username", "uma"), ("password", PASSWORD)]).await;
        let wrong = visitor.post("/login", &[("username", "uma"), ("password", "wrong")]).await;
        let words = |page: &str| page.split("Not signed in.").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
        assert_eq!((right.status, words(&right.body)), (wrong.status, words(&wrong.body)));
        let admin = site.signed_in("glass", PASSWORD).await;
        assert_eq!(admin.post("/step-up", &[("password", PASSWORD)]).await.status, 303);
        let told = told_of(&house, "glass").await;
        assert_eq!(told.iter().filter(|action| *action == "session.break_glass").count(), 1, "the sign-in, no proof: {told:?}");
        assert!(admin.get("/").await.body.contains("glass came in by break-glass"));
        house.app.clock.advance(Duration::hours(25));
        let admin = site.signed_in("glass", PASSWORD).await;
        assert_eq!(admin.get("/").await.body.matches("came in by break-glass").count(), 1, "a day later only the last one");

        // The last one stays, whatever is done to it.
        for lost in [
            flag("glass", false).await,
            people::set_role(&house.app, &operator, "glass", Role::User).await,
            people::set_active(&house.app, &operator, "glass", false).await,
            people::set_method(&house.app, &operator, "glass", NewMethod::saml(PROVIDER, "glass").unwrap()).await,
        ] {
            assert!(refused(lost).contains("last break-glass admin"));
        }
        house.add_user("second", "admin").await;
        flag("second", true).await.unwrap();
        people::set_role(&house.app, &operator, "glass", Role::Manager).await.unwrap();
        assert!(!signs_in(&site, "glass", PASSWORD).await, "the flag went with the role");
        switch(&operator, false).await.unwrap();
        assert!(signs_in(&site, "glass", PASSWORD).await && signs_in(&site, "uma", PASSWORD).await);
        assert_eq!(told_of(&house, "sign-in").await, ["access.sso_only_off", "access.sso_only_on"]);
    }
}
