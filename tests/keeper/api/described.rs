//! The document of the API.
use super::Program;
use crate::support::House;
use crate::support::site::Site;
use keeper::api::docs;
use keeper::api::going::Going;
use keeper::api::line::get;
use keeper::api::openapi::document;
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
        let fields = shape["properties"].as_object().unwrap();
        assert!(!fields.is_empty(), "{name}");
        for (field, told) in fields {
            let words = told["description"].as_str().unwrap_or_default();
            assert!(words.len() > 8, "{name}.{field} is not described");
        }
        // The example is one: each of its fields is there and of the kind that is said of it, and what must be there is.
        let example = shape["example"].as_object().unwrap_or_else(|| panic!("{name} has no example"));
        for (field, value) in example {
            let kind = &fields.get(field).unwrap_or_else(|| panic!("{name} has no field {field}"))["type"];
            assert!(fits(value, kind), "{name}.{field}: {value} is no {kind}");
        }
        for field in shape["required"].as_array().into_iter().flatten() {
            assert!(example.contains_key(field.as_str().unwrap()), "the example of {name} lacks {field}");
        }
        let text = shape["example"].to_string();
        let looks_secret = text
            .match_indices("kp")
            .any(|(at, _)| text[at..].chars().take(12).filter(char::is_ascii_alphanumeric).count() > 9);
        assert!(!looks_secret && example.get("value").is_none_or(|value| value == "…"), "{name}: {text}");
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
            "RotationReject",
            "RotationRollBack",
        ]
        .contains(&name.as_str())
        {
            assert_eq!(shape["additionalProperties"], false, "{name}");
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

/// Whether a value is of a kind, or one of several.
fn fits(value: &Value, kind: &Value) -> bool {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match kind {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
        // Another schema, by its name.
        _ => value.is_object() || value.is_null(),
    }
}

// S82 S83: each address says what it takes and what it answers; each refusal with what is said then, in the one envelope.
#[tokio::test(flavor = "multi_thread")]
async fn every_address_lists_its_answers_with_examples() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let document = Program::with_token(&site, "").get("/api/v1/openapi.json").await.body;
    let mut refusals = 0;
    for line in table() {
        let told = &document["paths"][line.path][line.method.to_ascii_lowercase()];
        let name = format!("{} {}", line.method, line.path);
        for parameter in told["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].as_str().is_some_and(|text| text.len() > 4),
                "{name}: {parameter}"
            );
            assert!(parameter["schema"]["type"].is_string(), "{name}: {parameter}");
        }
        let answers = told["responses"].as_object().unwrap();
        assert!(
            answers.contains_key("429") && answers.contains_key(&line.about.status.to_string()),
            "{name}"
        );
        for (status, answer) in answers {
            assert!(answer["description"].as_str().is_some_and(|text| text.len() > 4), "{name} {status}");
            if status.starts_with('2') {
                continue;
            }
            let examples = answer["content"]["application/json"]["examples"].as_object();
            let examples = examples.unwrap_or_else(|| panic!("{name} {status} has no example"));
            for (code, example) in examples {
                let error = &example["value"]["error"];
                assert_eq!(error["code"].as_str(), Some(code.as_str()), "{name} {status}");
                assert!(error["message"].as_str().unwrap().len() > 5 && error["fields"].is_object());
                refusals += 1;
            }
        }
    }
    assert!(refusals > 150, "{refusals}");
    // A name that was replaced says so.
    assert_eq!(
        document["components"]["schemas"]["RevealRequest"]["properties"]["version"]["deprecated"],
        true
    );
}

// S84: what will go says so in each of its answers, in words for programs, and nothing else does.
#[tokio::test(flavor = "multi_thread")]
async fn what_will_go_is_announced_in_headers_first() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let at = |text: &str| Utc::parse(text).unwrap();
    let going = Going {
        since: at("2026-01-31T10:00:00Z"),
        gone: at("2027-01-31T10:00:00Z"),
        instead: "/api/v1/stays",
    };
    let stays = get(Access::Public, "/api/v1/stays", "It stays", async || "{}");
    let goes = get(Access::Public, "/api/v1/goes", "It goes", async || "{}").going(going);
    let lines = vec![stays, goes];
    let document = document(&lines);
    let router = gated(&house.app, lines).with_state(house.app.clone());
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
    // The document and its page say it, too: of this line, and of no other.
    let told = &document["paths"]["/api/v1/goes"]["get"];
    assert_eq!(
        (told["deprecated"].as_bool(), told["x-sunset"].as_str()),
        (Some(true), Some("2027-01-31T10:00:00Z"))
    );
    assert!(document["paths"]["/api/v1/stays"]["get"]["deprecated"].is_null());
    let page = docs::render(&document).unwrap();
    let words =
        "Not to be used any more since 2026-01-31, and gone on 2027-01-31: use /api/v1/stays instead.";
    assert_eq!((page.matches(words).count(), page.matches(">going</span>").count()), (1, 1), "{page}");
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
    for word in [
        "SecretCreate",
        "one of internal, confidential, restricted",
        "Idempotency-Key",
        "integer, 1 to 200",
        "idempotency_key_reused",
        "What a refusal says",
        "<span class=\"tag\">going</span>",
    ] {
        assert!(page.text.contains(word), "{word}");
    }
}
