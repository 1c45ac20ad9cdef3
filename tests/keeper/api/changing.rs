//! Changes: what may be set and what may not, absent and null, and who was faster.
use super::{Program, new};
use crate::support::site::Site;
use crate::support::{House, three};
use serde_json::{Value, json};

three! {
    // S79: what nobody may set is refused by its name, and nothing is stored.
    async fn what_cannot_be_set_is_refused_by_name(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let made = max.make(dev, "db", "v").await;
        let path = format!("/api/v1/secrets/{}", made.id());
        let hostile = [
            ("id", json!(99)), ("uid", json!("0")), ("creator_id", json!(1)), ("aws_sync_status", json!("synced")), ("sync_status", json!("synced")),
            ("current_version", json!(7)), ("is_active", json!(false)), ("created_at", json!("2020-01-01T00:00:00Z")), ("last_rotated_at", json!(null)),
            ("is_expired", json!(true)), ("aws_secret_arn", json!("arn")), ("nonsense", json!({ "a": [1] })),
        ];
        for (field, value) in hostile {
            let mut sent = new(dev, "other", "v");
            sent[field] = value.clone();
            let reply = max.post("/api/v1/secrets", sent).await;
            assert_eq!((reply.status, reply.said(field)), (422, "cannot be set here"), "{field}: {}", reply.text);
            let reply = max.patch(&path, json!({ field: value, "description": "x" })).await;
            assert_eq!((reply.status, reply.said(field)), (422, "cannot be set here"), "{field}");
        }
        // What a change may not hold at all: the name, the environment and the value are no metadata.
        for field in ["name", "environment_id", "value"] {
            assert_eq!(max.patch(&path, json!({ field: "x" })).await.said(field), "cannot be set here");
        }
        assert_eq!(max.get(&path).await.body, made.body);
        let ada = Program::of(&site, "ada").await;
        let user = json!({ "username": "eve", "role": "user", "password": "a password for eve, long", "row_version": 7, "auth_method": "saml" });
        let reply = ada.post("/api/v1/users", user).await;
        assert!(!reply.said("row_version").is_empty() && !reply.said("auth_method").is_empty(), "{}", reply.text);
    }
}

three! {
    // S73 S80: absent is not null: what is absent stays, and null empties what may be empty.
    async fn what_is_absent_stays_and_null_empties(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let mut sent = new(dev, "db", "v");
        for (field, value) in [("description", json!("words")), ("service_name", json!("pay")), ("expires_at", json!("2099-01-31T10:00:42Z")), ("rotation_interval_days", json!(30)), ("auto_rotate", json!(true))] {
            sent[field] = value;
        }
        let made = max.post("/api/v1/secrets", sent).await;
        let path = format!("/api/v1/secrets/{}", made.id());
        let changed = max.patch(&path, json!({ "description": "other words" })).await;
        assert_eq!((changed.status, changed.body["description"].as_str()), (200, Some("other words")), "{}", changed.text);
        for field in ["display_name", "secret_type", "secrecy_level", "service_name", "expires_at", "rotation_interval_days", "auto_rotate", "tags", "next_rotation_at"] {
            assert_eq!(changed.body[field], made.body[field], "{field}");
        }
        let emptied = max.patch(&path, json!({ "description": null, "expires_at": null, "tags": null, "auto_rotate": false, "rotation_interval_days": null })).await;
        assert_eq!(emptied.status, 200, "{}", emptied.text);
        assert_eq!((emptied.body["description"].as_str(), &emptied.body["expires_at"], &emptied.body["tags"]), (Some(""), &json!(null), &json!({})));
        assert_eq!((&emptied.body["rotation_interval_days"], &emptied.body["service_name"]), (&json!(null), &json!("pay")));
        // The cross-field rule holds after a part, too; and what must be there cannot be emptied.
        let refused = max.patch(&path, json!({ "auto_rotate": true })).await;
        assert!(refused.status == 422 && refused.said("rotation_interval_days").contains("is required"), "{}", refused.text);
        for (field, value) in [("display_name", json!(null)), ("secret_type", json!(null)), ("auto_rotate", json!(null)), ("secrecy_level", json!("top"))] {
            let refused = max.patch(&path, json!({ field: value })).await;
            assert!(refused.status == 422 && !refused.said(field).is_empty(), "{field}: {}", refused.text);
        }
    }
}

three! {
    // S64 S65: each field of the wrong kind is told by its name, all at once, and no word repeats what was sent.
    async fn a_field_of_the_wrong_kind_is_told_by_its_name(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let max = Program::of(&site, "max").await;
        let reply = max.post("/api/v1/secrets", json!({
            "environment_id": "1", "name": 7, "value": 424_242, "tags": ["canary-tag"], "auto_rotate": "true", "rotation_interval_days": 1.5, "window_days": "mon",
        })).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid"), "{}", reply.text);
        for (field, word) in [("environment_id", "whole number"), ("name", "text"), ("value", "text"), ("tags", "object"), ("auto_rotate", "true or false"), ("rotation_interval_days", "whole number"), ("window_days", "list")] {
            assert!(reply.said(field).contains(word), "{field}: {}", reply.text);
        }
        assert!(!reply.text.contains("424242") && !reply.text.contains("canary"));
        let bare = max.post("/api/v1/secrets", json!({})).await;
        for field in ["environment_id", "name", "secret_type", "secrecy_level", "value"] {
            assert!(!bare.said(field).is_empty(), "{field}: {}", bare.text);
        }
    }
}

three! {
    // S75 S116: a change that is meant for another version is not made.
    async fn a_change_for_another_version_is_not_made(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let made = max.make(dev, "db", "v").await;
        let path = format!("/api/v1/secrets/{}", made.id());
        let tag = made.header("etag").to_owned();
        let first = max.with("PATCH", &path, json!({ "description": "first" }), ("if-match", &tag)).await;
        assert_eq!((first.status, first.header("etag")), (200, "\"2\""), "{}", first.text);
        for (method, path) in [("PATCH", path.clone()), ("POST", format!("{path}/rotate")), ("POST", format!("{path}/switch-off"))] {
            let late = max.with(method, &path, json!({ "reason": "late" }), ("if-match", &tag)).await;
            assert_eq!((late.status, late.code()), (412, "precondition_failed"), "{path}");
        }
        assert_eq!(max.patch(&path, json!({ "description": "late", "row_version": 1 })).await.code(), "conflict");
        assert_eq!(max.with("PATCH", &path, json!({ "description": "any" }), ("if-match", "*")).await.status, 200);
        assert_eq!(max.with("PATCH", &path, json!({ "description": "one" }), ("if-match", "\"7\", \"3\"")).await.status, 200);
        let rotated = max.with("POST", &format!("{path}/rotate"), json!({ "reason": "it is time" }), ("if-match", "\"4\"")).await;
        assert_eq!((rotated.status, rotated.body["mode"].as_str()), (201, Some("generated")), "{}", rotated.text);
        let off = max.post(&format!("{path}/switch-off"), json!({ "reason": "gone" })).await;
        assert_eq!((off.status, off.body["is_active"].as_bool()), (200, Some(false)), "{}", off.text);
        assert_eq!(max.get("/api/v1/secrets").await.body["items"], json!([]));
        assert_eq!(max.send("POST", &format!("{path}/switch-on"), None, &[]).await.body["is_active"], true);
        assert_eq!(max.send("POST", &format!("{path}/sync"), None, &[]).await.status, 202);
    }
}

three! {
    // S76: a request that waits for another person goes through the API as well, and nobody approves their own.
    async fn what_waits_for_another_person_is_decided_by_the_api(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("uma", "user"), ("max", "manager"), ("ada", "admin")] {
            house.add_user(name, role).await;
        }
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let secret = house.add_secret(prod, "db", "v").await;
        let (uma, max) = (Program::of(&site, "uma").await, Program::of(&site, "max").await);
        let path = format!("/api/v1/secrets/{secret}/rotate");
        let asked = uma.post(&path, json!({ "reason": "it leaked" })).await;
        assert_eq!((asked.status, asked.body["status"].as_str()), (202, Some("awaiting_approval")), "{}", asked.text);
        let rotation = format!("/api/v1/rotations/{}", asked.id());
        assert_eq!(uma.send("POST", &format!("{rotation}/approve"), None, &[]).await.status, 403);
        let approved = max.send("POST", &format!("{rotation}/approve"), None, &[]).await;
        assert_eq!((approved.status, approved.body["to_version"].as_i64()), (200, Some(2)), "{}", approved.text);
        let again = uma.post(&path, json!({ "reason": "once more" })).await;
        let again = format!("/api/v1/rotations/{}", again.id());
        assert_eq!(max.post(&format!("{again}/reject"), json!({})).await.said("reason"), "is required");
        let rejected = max.post(&format!("{again}/reject"), json!({ "reason": "no" })).await;
        assert_eq!(rejected.body["status"], "rejected", "{}", rejected.text);
        let last = uma.post(&path, json!({ "reason": "and again" })).await;
        let withdrawn = uma.send("POST", &format!("/api/v1/rotations/{}/withdraw", last.id()), None, &[]).await;
        assert_eq!(withdrawn.body["status"], "withdrawn", "{}", withdrawn.text);
        // Refusals of somebody who is known are in the log.
        let ada = Program::of(&site, "ada").await;
        let log = ada.get("/api/v1/audit?result=refused").await;
        assert_eq!(log.body["items"][0]["target"], format!("POST {rotation}/approve"), "{}", log.text);
        assert_eq!(log.body["items"][0]["actor_name"], "uma");
    }
}

three! {
    // S76: an admin looks after accounts, one change at a time, and never their own role.
    async fn accounts_are_an_admins(house: House) {
        let site = Site::start(&house.app).await;
        let ada_id = house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let ada = Program::of(&site, "ada").await;
        let made = ada.post("/api/v1/users", json!({ "username": "Eve", "role": "user", "password": "a password for eve, long" })).await;
        assert_eq!((made.status, made.body["username"].as_str(), made.body["display_name"].as_str()), (201, Some("eve"), Some("eve")), "{}", made.text);
        let path = format!("/api/v1/users/{}", made.id());
        assert_eq!(ada.patch(&path, json!({ "role": "manager" })).await.body["role"], "manager");
        assert_eq!(ada.patch(&path, json!({ "is_active": false })).await.body["is_active"], false);
        assert_eq!(ada.patch(&path, json!({ "is_active": true, "role": "user" })).await.status, 422);
        assert_eq!(ada.patch(&format!("/api/v1/users/{ada_id}"), json!({ "role": "user" })).await.status, 403);
        assert!(ada.post("/api/v1/users", json!({ "username": "bob", "role": "user", "password": "" })).await.said("password").len() > 3);
        assert_eq!(ada.post("/api/v1/users", json!({ "username": "bob", "role": "user" })).await.status, 201);
        let max = Program::of(&site, "max").await;
        for path in ["/api/v1/users", &path] {
            assert_eq!(max.get(path).await.status, 403);
        }
        assert_eq!(ada.get("/api/v1/users").await.body["items"].as_array().unwrap().len(), 4);
        // One that is made switched off never opened, and its one event says so.
        let off = |is_active: Value| json!({ "username": "fay", "role": "user", "password": "a password for fay, long", "is_active": is_active });
        for wrong in [Value::Null, json!("false"), json!(0)] {
            assert_eq!(ada.post("/api/v1/users", off(wrong.clone())).await.said("is_active"), "must be true or false, without quotes", "{wrong}");
        }
        let before = house.events_beside(&["access.refused"]).await;
        let made = ada.post("/api/v1/users", off(json!(false))).await;
        assert_eq!((made.status, &made.body["is_active"]), (201, &json!(false)), "{}", made.text);
        assert_eq!(house.events_beside(&["access.refused"]).await, before + 1);
        let told = ada.get("/api/v1/audit?action=user.created&limit=1").await;
        assert_eq!((&told.body["items"][0]["target"], &told.body["items"][0]["detail"]["is_active"]), (&json!("fay"), &json!(false)), "{}", told.text);
        let sign_in = json!({ "username": "fay", "password": "a password for fay, long" });
        assert_eq!(Program::with_token(&site, "").post("/api/v1/sessions", sign_in.clone()).await.status, 401);
        assert_eq!(ada.patch(&format!("/api/v1/users/{}", made.id()), json!({ "is_active": true })).await.status, 200);
        assert_eq!(Program::with_token(&site, "").post("/api/v1/sessions", sign_in).await.status, 201);
        assert!(!ada.get("/api/v1/users").await.text.contains("password"));
    }
}
