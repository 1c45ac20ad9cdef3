//! The document of the API.
use super::Program;
use crate::support::House;
use crate::support::site::Site;
use keeper::api::going::Going;
use keeper::api::line::get;
use keeper::api::routes::{Access, gated, table};
use keeper::kit::clock::Utc;
use serde_json::Value;
use std::collections::BTreeSet;
use tower::ServiceExt;

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(name)) = map.get("$ref") {
                found.insert(name.clone());
            }
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

// S82 S83: the table and the document have the same routes; every shape is described, and what is sent has an example.
#[tokio::test(flavor = "multi_thread")]
async fn the_document_tells_every_route_and_every_shape() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let nobody = Program::with_token(&site, "");
    let reply = nobody.get("/api/v1/openapi.json").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let document = &reply.body;
    assert_eq!(document["openapi"], "3.1.0");
    let told: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let lines: BTreeSet<String> =
        table().iter().map(|line| format!("{} {}", line.method, line.path)).collect();
    assert_eq!(told, lines);
    let mut named = BTreeSet::new();
    references(document, &mut named);
    let shapes = document["components"]["schemas"].as_object().unwrap();
    for name in &named {
        assert!(shapes.contains_key(name.trim_start_matches("#/components/schemas/")), "{name} is nowhere");
    }
    for (name, shape) in shapes {
        assert!(shape["description"].as_str().is_some_and(|text| text.len() > 8), "{name} is not described");
        assert!(!shape["properties"].as_object().unwrap().is_empty(), "{name}");
        // What nobody may set is not offered.
        if [
            "SecretCreate",
            "SecretUpdate",
            "SecretRotate",
            "UserCreate",
            "UserUpdate",
            "SessionCreate",
            "RevealRequest",
            "ReasonGiven",
        ]
        .contains(&name.as_str())
        {
            assert!(!shape["example"].is_null(), "{name} has no example");
            for field in ["id", "creator_id", "sync_status", "created_at", "rest"] {
                assert!(shape["properties"][field].is_null(), "{name} offers {field}");
            }
        } else if name != "RevealedValue" {
            assert!(shape["properties"]["value"].is_null(), "{name} holds a value");
        }
    }
    let create = &shapes["SecretCreate"];
    let required: BTreeSet<&str> =
        create["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(required, BTreeSet::from(["environment_id", "name", "secret_type", "secrecy_level"]));
    assert_eq!(
        create["properties"]["secrecy_level"]["enum"],
        serde_json::json!(["internal", "confidential", "restricted"])
    );
    // Nothing of the installation.
    for word in [site.base.as_str(), "127.0.0.1", "localhost", env!("CARGO_PKG_VERSION"), "sqlite", "keeper_"]
    {
        assert!(!reply.text.contains(word), "the document tells {word}");
    }
}

// S84: what will go says so in each of its answers, in words for programs, and nothing else does.
#[tokio::test(flavor = "multi_thread")]
async fn what_will_go_is_announced_in_headers_first() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let at = |text: &str| Utc::parse(text).unwrap();
    let going = Going { since: at("2026-01-31T10:00:00Z"), gone: at("2027-01-31T10:00:00Z") };
    let stays = get(Access::Public, "/api/v1/stays", "It stays", async || "{}");
    let goes = get(Access::Public, "/api/v1/goes", "It goes", async || "{}").going(going);
    let router = gated(&house.app, vec![stays, goes]).with_state(house.app.clone());
    let ask = async |path: &str| {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap()
    };
    let goes = ask("/api/v1/goes").await;
    let header = |name: &str| goes.headers()[name].to_str().unwrap();
    assert_eq!(header("deprecation"), "@1769853600");
    assert_eq!(header("sunset"), "Sun, 31 Jan 2027 10:00:00 GMT");
    assert!(header("link").contains("rel=\"deprecation\""));
    let stays = ask("/api/v1/stays").await;
    assert!(stays.headers().get("deprecation").is_none() && stays.headers().get("sunset").is_none());
}

// The page is made of the same document, and works without a script.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_api_is_for_everybody() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let nobody = Program::with_token(&site, "");
    let page = nobody.get("/api/v1/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html") && !page.text.contains("<script"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    for line in table() {
        assert!(
            page.text.contains(&format!(
                "{} {}",
                line.method,
                line.path.replace('{', "&#123;").replace('}', "&#125;")
            )) || page.text.contains(&format!("{} {}", line.method, line.path)),
            "{}",
            line.path
        );
    }
    for word in ["SecretCreate", "one of internal, confidential, restricted", "Idempotency-Key"] {
        assert!(page.text.contains(word), "{word}");
    }
}
