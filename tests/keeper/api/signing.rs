//! Signing in with a program, and what a token is worth.
use super::Program;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::Role;
use keeper::kit::limit::Buckets;
use keeper::people;
use serde_json::json;
use time::Duration;
use totp_rs::{Builder, Secret};

three! {
    // S71 S38: a token stands for its person for a quarter of an hour, and ends with what ends sessions.
    async fn a_token_stands_for_its_person_until_it_ends(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let max = house.add_user("max", "manager").await;
        house.add_environment("dev", "development", "open", &[]).await;
        let program = Program::of(&site, "max").await;
        assert!(program.token.starts_with("kps_"), "{}", program.token);
        assert_eq!(program.get("/api/v1/secrets").await.status, 200);
        // It is in the log as a sign-in by the form is, and among the person's sessions.
        let events = keeper::audit::list(&house.app, &keeper::audit::Filter { action: Some("session.started".into()), limit: 5, ..Default::default() }).await.unwrap().items;
        assert_eq!((events.len(), events[0].actor_name.as_str()), (1, "max"));
        assert_eq!(keeper::signin::sessions_of(&house.app, max).await.unwrap().len(), 1);
        // Its end: asked for, by a role, by time.
        assert_eq!(program.send("DELETE", "/api/v1/sessions/current", None, &[]).await.status, 204);
        assert_eq!(program.get("/api/v1/secrets").await.code(), "unauthenticated");
        let program = Program::of(&site, "max").await;
        people::set_role(&house.app, &house.operator(), "max", Role::User).await.unwrap();
        assert_eq!(program.get("/api/v1/secrets").await.status, 401);
        let program = Program::of(&site, "max").await;
        house.app.clock.advance(Duration::minutes(14));
        assert_eq!(program.get("/api/v1/secrets").await.status, 200);
        house.app.clock.advance(Duration::seconds(61));
        let ended = program.get("/api/v1/secrets").await;
        assert_eq!((ended.status, ended.header("www-authenticate")), (401, "Bearer realm=\"keeper\""));
    }
}

three! {
    // S01 S06: whoever gives a wrong password learns nothing, and what they gave is not repeated.
    async fn a_wrong_password_is_refused_alike_for_everybody(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let nobody = Program::with_token(&site, "");
        let mut told = Vec::new();
        for username in ["ada", "nobody"] {
            let reply = nobody.post("/api/v1/sessions", json!({ "username": username, "password": "canary-guess" })).await;
            assert!(reply.status == 401 && !reply.text.contains("canary"), "{}", reply.text);
            told.push(reply.text);
        }
        assert_eq!(told[0], told[1]);
        let bare = nobody.post("/api/v1/sessions", json!({})).await;
        assert_eq!((bare.status, bare.said("username")), (422, "is required"));
        let wrong = nobody.post("/api/v1/sessions", json!({ "username": 7, "password": ["canary"], "role": "admin" })).await;
        assert!(wrong.status == 422 && !wrong.text.contains("canary"), "{}", wrong.text);
        for field in ["username", "password", "role"] {
            assert!(!wrong.said(field).is_empty(), "{field} in {}", wrong.text);
        }
    }
}

// A cookie is no token and a token is no cookie.
#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_is_no_token_and_a_token_no_cookie() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let browser = site.signed_in("ada", PASSWORD).await;
    let nobody = Program::with_token(&site, "");
    let cookie = browser.cookie("keeper").unwrap();
    assert!(cookie.len() > 10);
    for sent in [cookie.clone(), format!("kps_{cookie}"), "kps_".into(), "kpr_x".into()] {
        let reply = Program::with_token(&site, "")
            .send("GET", "/api/v1/secrets", None, &[("authorization", &format!("Bearer {sent}"))])
            .await;
        assert_eq!(reply.status, 401, "{sent}");
    }
    let by_cookie =
        nobody.send("GET", "/api/v1/secrets", None, &[("cookie", &format!("keeper={cookie}"))]).await;
    assert_eq!(by_cookie.status, 401);
    let program = Program::of(&site, "ada").await;
    let as_cookie =
        nobody.send("GET", "/account", None, &[("cookie", &format!("keeper={}", program.token))]).await;
    assert!(as_cookie.text.contains("Sign in"), "{}", as_cookie.text);
}

// S71: an account with a second factor asks a program for its code as well, and takes each but once.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_of_a_program_as_well() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let browser = site.signed_in("ada", PASSWORD).await;
    browser.get("/account/second-factor").await;
    browser.post("/account/second-factor", &[]).await;
    let page = browser.get("/account/second-factor/new").await.body;
    let key = page.split("aria-label=\"Key for the app\">").nth(1).unwrap().split("</pre>").next().unwrap();
    let key: String = key.split_whitespace().collect();
    let phone = Builder::new().with_secret(Secret::try_from_base32(key).unwrap()).build().unwrap();
    let code = || phone.generate(house.app.now().unix().try_into().unwrap()).to_string();
    let done = browser.post("/account/second-factor/new", &[("code", &code())]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    house.app.clock.advance(Duration::seconds(30));
    let nobody = Program::with_token(&site, "");
    let sign_in = async |code: Option<String>| {
        nobody
            .post("/api/v1/sessions", json!({ "username": "ada", "password": PASSWORD, "code": code }))
            .await
    };
    let asked = sign_in(None).await;
    assert_eq!((asked.status, asked.code()), (401, "second_factor_needed"));
    assert_eq!(sign_in(Some("000000".into())).await.code(), "unauthenticated");
    let welcome = sign_in(Some(code())).await;
    assert_eq!(welcome.status, 201, "{}", welcome.text);
    assert_eq!(sign_in(Some(code())).await.status, 401);
}

// Limits act before a password is hashed, the same as the form's; and a token may not call without end.
#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_and_a_flood_are_slowed_down() {
    let mut house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let app = std::sync::Arc::get_mut(&mut house.app).unwrap();
    app.settings.limits = true;
    app.calls_by_account = Buckets::new(20, 20);
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let nobody = Program::with_token(&site, "");
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(
            nobody.post("/api/v1/sessions", json!({ "username": "ada", "password": "guess" })).await.status,
        );
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429, 429]);
    house.app.clock.advance(Duration::minutes(1));
    let program = Program::of(&site, "ada").await;
    let mut last = 200;
    for _ in 0..30 {
        let reply = program.get("/api/v1/environments").await;
        last = reply.status;
        if last == 429 {
            assert!(
                reply.header("retry-after").parse::<u64>().unwrap() >= 1
                    && reply.code() == "too_many_requests"
            );
            break;
        }
    }
    assert_eq!(last, 429);
}
