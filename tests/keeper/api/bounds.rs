//! What a program cannot do without end: fill the log with refusals, leave keys behind, hold a connection with half a body.
use super::{Program, new, service};
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

// Whoever sends half a body and stops is told so, and holds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_body_is_waited_for_so_long_and_no_longer() {
    let mut house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    std::sync::Arc::get_mut(&mut house.app).unwrap().patience = Duration::from_millis(200);
    let site = Site::start(&house.app).await;
    let mut slow = TcpStream::connect(site.base.trim_start_matches("http://")).await.unwrap();
    let half = "POST /api/v1/sessions HTTP/1.1\r\nHost: keeper\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{\"username\":";
    slow.write_all(half.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(10), slow.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
}
