//! Who gets in, how, and for how long: over HTTP, on the three engines.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::Role;
use keeper::people;
use keeper::sql;
use time::Duration;

three! {
    // S05 S37 S42: the right password opens a session; a wrong one, an unknown name and a closed account look the same.
    async fn a_person_signs_in_with_a_password(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("gone", "user").await;
        people::set_active(&house.app, &house.operator(), "gone", false).await.unwrap();
        let mut texts = Vec::new();
        for (name, password) in [("ada", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", ""), ("ada\0", PASSWORD), ("ada ' OR 1=1 --", "x")] {
            let visitor = site.visitor();
            visitor.get("/login").await;
            let answer = visitor.post("/login", &[("username", name), ("password", password)]).await;
            assert_eq!(answer.status, 401, "{name:?}");
            assert!(visitor.cookie("keeper").is_none());
            texts.push(answer.body.split("Not signed in.").nth(1).unwrap().split("</p>").next().unwrap().to_owned());
        }
        assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
        let ada = site.signed_in(" ADA ", PASSWORD).await;
        assert_eq!(ada.get("/step-up").await.status, 200);
    }
}

three! {
    // S41 S42: signing out, a new role, a new password and a closed account end sessions in the very next request.
    async fn a_session_ends_with_what_it_rests_on(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("first", "admin").await;
        for change in ["sign out", "role", "password", "disabled"] {
            let name = format!("u-{}", change.replace(' ', "-"));
            house.add_user(&name, "admin").await;
            let person = site.signed_in(&name, PASSWORD).await;
            assert_eq!(person.get("/step-up").await.status, 200);
            let operator = house.operator();
            match change {
                "role" => people::set_role(&house.app, &operator, &name, Role::User).await.unwrap(),
                "password" => people::set_password(&house.app, &operator, &name, "another password of theirs".to_owned().into()).await.unwrap(),
                "disabled" => people::set_active(&house.app, &operator, &name, false).await.unwrap(),
                _ => assert_eq!(person.post("/logout", &[]).await.status, 303),
            }
            let answer = person.get("/step-up").await;
            assert!(answer.status == 303 && answer.location().starts_with("/login"), "after {change}: {}", answer.status);
        }
    }
}

three! {
    // A session ends half an hour after it was last used, and twelve hours after it began.
    async fn a_session_grows_old(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let idle = site.signed_in("ada", PASSWORD).await;
        let busy = site.signed_in("ada", PASSWORD).await;
        for _ in 0..25 {
            house.app.clock.advance(Duration::minutes(29));
            assert_ne!(busy.get("/step-up").await.status, 500);
        }
        assert_eq!(idle.get("/step-up").await.status, 303, "idle");
        assert_eq!(busy.get("/step-up").await.status, 303, "older than twelve hours");
        keeper::signin::sweep(&house.app).await.unwrap();
        assert_eq!(house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM sessions")).await.unwrap(), 0);
    }
}

three! {
    // S41: only the SHA-256 of a session's id is stored; a new proof of identity is a new session.
    async fn a_stolen_database_opens_no_session(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let before = ada.cookie("keeper").unwrap();
        let rows: Vec<(String, String)> = house.app.db.read().await.unwrap().all(sql!("SELECT token_hash, data FROM sessions")).await.unwrap();
        assert!(rows.len() == 1 && !format!("{rows:?}").contains(&before));
        ada.get("/step-up?next=/secrets").await;
        let answer = ada.post("/step-up", &[("password", PASSWORD), ("next", "/step-up?next=/")]).await;
        assert_eq!(answer.status, 303);
        assert_ne!(ada.cookie("keeper").unwrap(), before);
        let thief = site.visitor();
        assert_eq!(thief.get_with("/step-up", &[("cookie", &format!("keeper={before}"))]).await.status, 303);
    }
}

// S06: personas exist in demo mode alone; a forged button opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_persona_signs_in_only_where_demo_is_on() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("demo-admin", "admin").await;
    let visitor = site.visitor();
    assert!(!visitor.get("/login").await.body.contains("demo-admin"));
    assert_eq!(visitor.post("/login", &[("demo", "demo-admin")]).await.status, 403);
    assert!(visitor.cookie("keeper").is_none());
}

// A form of another site, without a token, or with somebody else's, changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn another_site_sends_no_form_of_ours() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let (ada, mallory) = (site.signed_in("ada", PASSWORD).await, site.visitor());
    let foreign = mallory
        .get("/login")
        .await
        .body
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    for fields in [vec![], vec![("_csrf", "")], vec![("_csrf", foreign.as_str())], vec![("_csrf", "zz")]] {
        assert_eq!(ada.post_bare("/logout", &fields, &[]).await.status, 403, "{fields:?}");
    }
    ada.get("/step-up").await;
    let own = ada
        .get("/step-up")
        .await
        .body
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    for header in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        assert_eq!(ada.post_bare("/logout", &[("_csrf", &own)], &[header]).await.status, 403, "{header:?}");
    }
    assert_eq!(
        ada.post_bare(
            "/logout",
            &[("_csrf", &own)],
            &[("origin", "http://localhost:1"), ("host", "localhost:2")]
        )
        .await
        .status,
        403
    );
    assert_eq!(
        ada.post_bare("/logout", &[("_csrf", &own)], &[("sec-fetch-site", "same-origin")]).await.status,
        303
    );
}

// The headers that keep a page from being framed, cached, sniffed or fed with foreign script.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_its_armour() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let ada = site.signed_in("ada", PASSWORD).await;
    for path in ["/login", "/step-up", "/nowhere", "/healthz", "/static/css/ui.css", "/static/nothing"] {
        let answer = ada.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("x-request-id").len() == 16, "{path}");
        assert_eq!(answer.header("server"), "", "{path} tells what serves it");
        let kept = path == "/static/css/ui.css";
        assert_eq!(answer.header("cache-control") == "no-store", !path.starts_with("/static/"), "{path}");
        assert_eq!(answer.header("cache-control").contains("immutable"), kept, "{path}");
    }
    let too_large = ada.post("/step-up", &[("password", &"x".repeat(400 * 1024))]).await;
    assert_eq!(too_large.status, 413);
}

// Limits act before a password is hashed, and what they turn away is told once.
#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_is_slowed_down_and_others_are_not() {
    let mut house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    std::sync::Arc::get_mut(&mut house.app).unwrap().settings.limits = true;
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let guesser = site.visitor();
    guesser.get("/login").await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(guesser.post("/login", &[("username", "ada"), ("password", "guess")]).await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429, 429]);
    house.app.clock.advance(Duration::minutes(1));
    site.signed_in("ada", PASSWORD).await;
}
