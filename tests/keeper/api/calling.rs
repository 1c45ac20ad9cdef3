//! How the API is called, and what it says to a call that is none.
use super::{Program, new};
use crate::support::House;
use crate::support::site::Site;
use serde_json::json;

// S54 S64 S70: malformed, nested, foreign and huge bodies are told in the envelope, and nothing is stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_none_is_told_in_the_envelope() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let max = Program::of(&site, "max").await;
    let before = house.events_beside(&["access.refused"]).await;
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    for (body, status, code) in [
        ("{\"name\": \"canary", 400, "bad_request"),
        ("{'name': 'canary'}", 400, "bad_request"),
        ("canary", 400, "bad_request"),
        (deep.as_str(), 400, "bad_request"),
        ("{\"value\": \"\\ud800canary\"}", 400, "bad_request"),
        ("[]", 422, "invalid"),
        ("\"canary\"", 422, "invalid"),
        ("{\"value\": \"canary-1\", \"value\": \"canary-2\"}", 422, "invalid"),
    ] {
        let reply = max.send("POST", "/api/v1/secrets", Some(body.to_owned()), &[]).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{}", reply.text);
        assert!(!reply.text.contains("canary"), "{}", reply.text);
    }
    let mut large = new(dev, "large", &"x".repeat(700 * 1024));
    let reply = max.post("/api/v1/secrets", large.clone()).await;
    assert_eq!((reply.status, reply.code()), (413, "too_large"), "{}", reply.text);
    large["value"] = json!("x".repeat(65_537));
    assert!(max.post("/api/v1/secrets", large.clone()).await.said("value").contains("65536"));
    assert_eq!(house.events_beside(&["access.refused"]).await, before);
    // The largest value that there may be, with every byte escaped.
    let largest = "\u{1}".repeat(65_536);
    large["value"] = json!(largest);
    let made = max.post("/api/v1/secrets", large).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let shown = max.post(&format!("/api/v1/secrets/{}/reveal", made.id()), json!({})).await;
    assert_eq!(shown.body["value"].as_str(), Some(largest.as_str()));
}

// One envelope, whoever refuses: the framework, the gate or a feature.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_refuses_says_so_in_one_envelope() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("max", "manager").await;
    let max = Program::of(&site, "max").await;
    let long = "k".repeat(256);
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (method, path, body, headers, status, code) in [
        ("GET", "/api/v1/nowhere", None, vec![], 404, "not_found"),
        ("GET", "/api", None, vec![], 404, "not_found"),
        ("GET", "/api/v2/secrets", None, vec![], 404, "not_found"),
        ("GET", "/api/v1/secrets/1/nowhere", None, vec![], 404, "not_found"),
        ("GET", "/api/v1/secrets/99", None, vec![], 404, "not_found"),
        ("GET", "/api/v1/secrets/abc", None, vec![], 404, "not_found"),
        ("PUT", "/api/v1/secrets/1", None, vec![], 405, "method_not_allowed"),
        ("DELETE", "/api/v1/secrets", None, vec![], 405, "method_not_allowed"),
        ("GET", "/api/v1/users", None, vec![], 403, "forbidden"),
        ("POST", "/api/v1/secrets", Some("name=x"), vec![form], 415, "unsupported_media_type"),
        (
            "POST",
            "/api/v1/secrets",
            Some("{}"),
            vec![("content-type", "text/plain")],
            415,
            "unsupported_media_type",
        ),
        ("POST", "/api/v1/secrets", Some("{}"), vec![("idempotency-key", long.as_str())], 400, "bad_request"),
    ] {
        let reply = max.send(method, path, body.map(str::to_owned), &headers).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{method} {path}: {}", reply.text);
        let error = reply.body["error"].as_object().unwrap();
        assert!(
            error["message"].as_str().unwrap().len() > 5 && error["fields"].is_object() && error.len() == 3
        );
        assert_eq!(
            (reply.header("content-type"), reply.header("cache-control")),
            ("application/json", "no-store")
        );
        assert_eq!(reply.header("x-request-id").len(), 16);
        assert_eq!(reply.header("set-cookie"), "");
    }
    let put = max.send("PUT", "/api/v1/secrets/1", None, &[]).await;
    assert!(put.header("allow").contains("PATCH"), "{}", put.header("allow"));
    let charset = max
        .send(
            "POST",
            "/api/v1/secrets",
            Some("{}".into()),
            &[("content-type", "Application/JSON; charset=utf-8")],
        )
        .await;
    assert_eq!(charset.status, 422);
}
