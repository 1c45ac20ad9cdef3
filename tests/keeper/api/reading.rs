//! Lists and single things, and the one answer that holds a value.
use super::{Program, new};
use crate::support::site::Site;
use crate::support::{House, three};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CANARY: &str = "canary-4711-value";

three! {
    // S74 S77 S78 S81: what was sent comes back as it is stored, with what is computed, and the value in no answer but reveal.
    async fn a_secret_comes_back_as_it_was_sent_but_for_its_value(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let sent = json!({
            "environment_id": dev, "name": " Db-Password ", "display_name": "The database", "description": "one\ntwo",
            "secret_type": "password", "secrecy_level": "confidential", "service_name": "pay", "expires_at": "2099-01-31T10:00:00Z",
            "auto_rotate": true, "rotation_interval_days": 30, "tags": { "team": "pay", "pci": "yes" }, "value": CANARY, "reason": "a test",
            "window_days": ["sat", "sun"], "window_from": "01:00", "window_to": "05:00", "window_zone": "Europe/Berlin",
        });
        let made = max.post("/api/v1/secrets", sent.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/api/v1/secrets/{}", made.id());
        assert_eq!((made.header("location"), made.header("etag")), (path.as_str(), "\"1\""));
        assert_eq!(made.body["name"], "db-password");
        for field in ["display_name", "description", "secret_type", "secrecy_level", "service_name", "auto_rotate", "rotation_interval_days", "tags", "window_days", "window_from", "window_zone"] {
            assert_eq!(made.body[field], sent[field], "{field}");
        }
        assert_eq!(made.body["expires_at"], "2099-01-31T10:00:00.000000Z");
        for (field, value) in [("sync_status", json!("not_configured")), ("is_expired", json!(false)), ("needs_rotation", json!(false)), ("current_version", json!(1)), ("row_version", json!(1))] {
            assert_eq!(made.body[field], value, "{field}");
        }
        assert!(made.body["next_rotation_at"].is_string() && made.body["uid"].as_str().unwrap().len() == 32);
        // The value is told by reveal alone.
        let rotated = max.post(&format!("{path}/rotate"), json!({ "new_value": format!("{CANARY}-2"), "reason": "a test" })).await;
        assert_eq!((rotated.status, rotated.body["to_version"].as_i64()), (201, Some(2)), "{}", rotated.text);
        let mut answers = vec![made, rotated];
        for tail in ["", "/versions", "/copies"] {
            answers.push(max.get(&format!("{path}{tail}")).await);
        }
        for list in ["/api/v1/secrets", "/api/v1/rotations", "/api/v1/audit", "/api/v1/environments"] {
            answers.push(max.get(list).await);
        }
        answers.push(max.patch(&path, json!({ "description": "new" })).await);
        answers.push(max.post(&path, json!({ "value": CANARY })).await);
        answers.push(max.post("/api/v1/secrets", json!({ "value": CANARY, "name": "a b" })).await);
        for answer in &answers {
            assert!(!answer.text.contains(CANARY), "{}", answer.text);
            assert!(answer.header("content-type").starts_with("application/json") && answer.header("cache-control") == "no-store");
            assert_eq!(answer.header("x-request-id").len(), 16);
        }
        let shown = max.post(&format!("{path}/reveal"), json!({})).await;
        assert_eq!((shown.status, shown.body["value"].as_str()), (200, Some("canary-4711-value-2")), "{}", shown.text);
        let shown = max.post(&format!("{path}/reveal"), json!({ "version_number": 1 })).await;
        assert_eq!((shown.body["version_number"].as_i64(), shown.body["version"].as_i64()), (Some(1), Some(1)), "{}", shown.text);
        let shown = max.post(&format!("{path}/reveal"), json!({ "version": 1 })).await;
        assert_eq!((shown.body["value"].as_str(), shown.body["encoding"].as_str(), shown.body["length"].as_i64()), (Some(CANARY), Some("utf-8"), Some(17)));
    }
}

three! {
    // S53: bytes that are no text go in and come out as base64, and not one of them is changed.
    async fn bytes_that_are_no_text_come_back_whole(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let mut sent = new(dev, "bytes", "/wD+Cg==");
        sent["encoding"] = json!("base64");
        let made = max.post("/api/v1/secrets", sent.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let shown = max.post(&format!("/api/v1/secrets/{}/reveal", made.id()), json!({})).await;
        assert_eq!((shown.body["value"].as_str(), shown.body["encoding"].as_str(), shown.body["length"].as_i64()), (Some("/wD+Cg=="), Some("base64"), Some(4)));
        for text in [" \r\n\u{0}ends with blanks \n", "Grüße", "\"quotes\\"] {
            let made = max.make(dev, &format!("t{}", text.len()), text).await;
            let shown = max.post(&format!("/api/v1/secrets/{}/reveal", made.id()), json!({})).await;
            assert_eq!(shown.body["value"].as_str(), Some(text), "{}", made.text);
        }
        sent["value"] = json!("no base64!");
        sent["name"] = json!("other");
        assert!(max.post("/api/v1/secrets", sent).await.said("value").contains("base64"));
    }
}

three! {
    // S27: a copy tells how it stands, in the words of the secret's own statuses.
    async fn a_copy_tells_how_it_stands(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment_with_vault_away("dev", "s.token-of-a-backend").await;
        let max = Program::of(&site, "max").await;
        let made = max.make(dev, "db", "v").await;
        let copies = max.get(&format!("/api/v1/secrets/{}/copies", made.id())).await;
        let copy = &copies.body["items"][0];
        assert_eq!((copy["backend"].as_str(), copy["sync_status"].as_str(), &copy["version_number"]), (Some("vault"), Some("pending"), &json!(null)), "{}", copies.text);
        assert_eq!(copy["sync_status"], made.body["vault_sync_status"]);
    }
}

three! {
    // S89: a list is walked by its cursor, each secret once, whatever the filter.
    async fn a_list_is_walked_by_its_cursor(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        for n in 0..7 {
            assert_eq!(max.make(dev, &format!("s-{n}"), "v").await.status, 201);
        }
        house.file_changes().await;
        for filter in ["", "&sort=updated", "&type=password", "&tag=team%3Dpay", &format!("&environment={dev}")] {
            let (mut seen, mut after, mut pages) = (BTreeSet::new(), String::new(), 0);
            loop {
                let page = max.get(&format!("/api/v1/secrets?limit=3{filter}{after}")).await;
                assert_eq!(page.status, 200, "{}", page.text);
                for item in page.body["items"].as_array().unwrap() {
                    assert!(seen.insert(item["id"].as_i64().unwrap()), "{filter}");
                }
                pages += 1;
                match &page.body["next"] {
                    Value::String(next) => {
                        after = format!("&after={}", url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
                    }
                    _ => break,
                }
            }
            assert_eq!((seen.len(), pages), (7, 3), "{filter}");
        }
        for wrong in ["type=x", "level=top", "status=gone", "sort=random", "due=never", "active=maybe", "environment=abc", "limit=x"] {
            let reply = max.get(&format!("/api/v1/secrets?{wrong}")).await;
            assert_eq!((reply.status, reply.code()), (422, "invalid"), "{wrong}");
        }
        assert_eq!(max.get("/api/v1/secrets?after=%27%20OR%201=1~0&q=%00").await.status, 200);
    }
}
