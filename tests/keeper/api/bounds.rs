//! What a program cannot do without end: fill the log with refusals, leave keys behind, hold a connection with half a body.
use super::{Program, new, service};
use crate::support::house::PASSWORD;
use crate::support::served::Served;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::kit::limit::Buckets;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

three! {
    // Refusals of the same program for the same reason at the same address are one event a minute, which tells how many there were; and
    // none is left uncounted when it ceases to ask.
    async fn refusals_of_a_program_are_one_event_a_minute(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let secret = house.add_secret(dev, "db", "v").await;
        let program = Program::with_token(&site, &service(&house, "max", "manager", &["secrets:read"], &[]).await);
        let refused = async || -> Vec<Value> {
            let query = keeper::sql!("SELECT payload FROM audit_events WHERE action = 'access.refused' ORDER BY seq");
            let rows: Vec<(String,)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
            rows.iter().map(|(payload,)| serde_json::from_str::<Value>(payload).unwrap()["detail"].take()).collect()
        };
        for _ in 0..5 {
            assert_eq!(program.post(&format!("/api/v1/secrets/{secret}/reveal"), json!({})).await.status, 403);
        }
        assert_eq!(refused().await.len(), 1);
        // Another address is another event: what somebody reached for is told.
        assert_eq!(program.post("/api/v1/secrets", new(dev, "x", "v")).await.status, 403);
        let other = house.add_secret(dev, "other", "v").await;
        assert_eq!(program.post(&format!("/api/v1/secrets/{other}/reveal"), json!({})).await.status, 403);
        assert_eq!(refused().await.len(), 3);
        house.app.clock.advance(time::Duration::seconds(61));
        assert_eq!(program.post(&format!("/api/v1/secrets/{secret}/reveal"), json!({})).await.status, 403);
        let told = refused().await;
        assert_eq!((told.len(), &told[0]["count_before"], told[3]["count_before"].as_i64()), (4, &Value::Null, Some(4)), "{told:?}");
        for _ in 0..2 {
            assert_eq!(program.post(&format!("/api/v1/secrets/{other}/reveal"), json!({})).await.status, 403);
        }
        house.app.clock.advance(time::Duration::seconds(61));
        keeper::door::tell_of_refused(&house.app).await.unwrap();
        let told = refused().await;
        let last = told.last().unwrap();
        assert_eq!((told.len(), last["count"].as_i64(), last["who"].as_str().is_some()), (6, Some(1), true), "{told:?}");
    }
}

// Each key leaves a row for a day: there is an end to them, in words, and nothing is done past it.
#[tokio::test(flavor = "multi_thread")]
async fn keys_of_requests_have_an_end() {
    let mut house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let app = std::sync::Arc::get_mut(&mut house.app).unwrap();
    app.settings.limits = true;
    app.keys_by_account = Buckets::new(2, 1);
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let max = Program::of(&site, "max").await;
    let mut statuses = Vec::new();
    for n in 0..3 {
        let key = format!("key-{n}");
        let sent = new(dev, &format!("s-{n}"), "v");
        statuses.push(max.with("POST", "/api/v1/secrets", sent, ("idempotency-key", &key)).await.status);
    }
    assert_eq!(statuses, [201, 201, 429]);
    assert_eq!(max.get("/api/v1/secrets").await.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(max.make(dev, "without-a-key", "v").await.status, 201);
}

/// Sends this and then a letter at a time, and no end of them; what is answered until the connection is closed.
async fn drips(site: &Site, begin: &str) -> String {
    let slow = TcpStream::connect(site.base.trim_start_matches("http://")).await.unwrap();
    let (mut read, mut write) = slow.into_split();
    write.write_all(begin.as_bytes()).await.unwrap();
    let dripping = async {
        while write.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let answered = tokio::time::timeout(Duration::from_secs(10), async {
        tokio::select! {
            // It may be closed under a letter that is on its way.
            _ = read.read_to_end(&mut answer) => {}
            () = dripping => {}
        }
    });
    answered.await.expect("the connection is closed");
    String::from_utf8_lossy(&answer).into_owned()
}

// S70: whoever sends half a body and stops, or a letter now and then, is told so and holds nothing: a program as a browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_waited_for_so_long_and_no_longer() {
    let mut house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    std::sync::Arc::get_mut(&mut house.app).unwrap().patience = Duration::from_millis(300);
    let site = Site::start(&house.app).await;
    let head = |path: &str, kind: &str, rest: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: keeper\r\nContent-Type: {kind}\r\nContent-Length: 60000\r\n\r\n{rest}"
        )
    };
    let mut slow = TcpStream::connect(site.base.trim_start_matches("http://")).await.unwrap();
    slow.write_all(head("/api/v1/sessions", "application/json", "{\"username\":").as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(10), slow.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
    let answer = drips(&site, &head("/api/v1/sessions", "application/json", "{\"username\":")).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
    for (path, kind, rest) in [
        ("/login", "application/x-www-form-urlencoded", "username=ada&password="),
        ("/saml/acs", "application/x-www-form-urlencoded", "SAMLResponse="),
        ("/theme", "application/x-www-form-urlencoded", "theme="),
    ] {
        let answer = drips(&site, &head(path, kind, rest)).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("text/html"), "{path}: {answer}");
        assert!(answer.contains("That took too long") && answer.contains("/static/"), "{path}: {answer}");
    }
}

three! {
    // S47: refusals that were only counted are told before the process ends, with how many there were.
    async fn refusals_are_told_before_the_server_ends(house: House) {
        house.add_user("uma", "user").await;
        let url = house.app.settings.database_url.expose().to_owned();
        let key = house.app.settings.key_file.display().to_string();
        let settings = [("KEEPER_DATABASE_URL", url.as_str()), ("KEEPER_KMS_KEY_FILE", key.as_str())];
        let mut served = Served::start(house.data.path(), &settings).await;
        let nobody = Program { base: served.url.clone(), http: reqwest::Client::new(), token: String::new() };
        let reply = nobody.post("/api/v1/sessions", json!({ "username": "uma", "password": PASSWORD })).await;
        let uma = Program { token: reply.body["token"].as_str().unwrap().to_owned(), ..nobody };
        for _ in 0..5 {
            assert_eq!(uma.get("/api/v1/users").await.status, 403);
        }
        drop(uma);
        let refused = async || -> Vec<Value> {
            let query = keeper::sql!("SELECT payload FROM audit_events WHERE action = 'access.refused' ORDER BY seq");
            let rows: Vec<(String,)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
            rows.iter().map(|(payload,)| serde_json::from_str::<Value>(payload).unwrap()["detail"].take()).collect()
        };
        assert_eq!(refused().await.len(), 1);
        tokio::task::block_in_place(|| served.stop());
        let told = refused().await;
        assert_eq!((told.len(), &told[1]["count"], &told[1]["who"]), (2, &json!(4), &json!("uma")), "{told:?}\n{}", served.log());
        assert_eq!(keeper::audit::verify(&house.app).await.unwrap().findings.len(), 0);
    }
}
