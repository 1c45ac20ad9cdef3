//! What a program takes back, and what another person has to see: roll-backs, broken glass, and accounts that somebody else changed.
use super::Program;
use crate::approvals::guarded;
use crate::support::site::Site;
use crate::support::{House, three};
use serde_json::json;

three! {
    // S75: a rotation is rolled back as a rotation of its own, once, while its value is in force.
    async fn a_rotation_is_rolled_back_while_its_value_is_in_force(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("uma", "user"), ("max", "manager"), ("mia", "manager")] {
            house.add_user(name, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let secret = house.add_secret(dev, "db", "first").await;
        let (uma, max, mia) = (Program::of(&site, "uma").await, Program::of(&site, "max").await, Program::of(&site, "mia").await);
        let path = format!("/api/v1/secrets/{secret}");
        let rotated = max.post(&format!("{path}/rotate"), json!({ "new_value": "second" })).await;
        let back = format!("/api/v1/rotations/{}/roll-back", rotated.id());
        assert_eq!(max.post(&back, json!({})).await.said("reason"), "is required");
        let done = max.post(&back, json!({ "reason": "it does not work" })).await;
        assert_eq!((done.status, done.body["mode"].as_str(), done.body["to_version"].as_i64()), (201, Some("restored"), Some(3)), "{}", done.text);
        assert!(done.header("location").ends_with(&done.id().to_string()) && done.body["updated_at"].is_string() && done.body["request"].is_null());
        assert_eq!(max.post(&format!("{path}/reveal"), json!({})).await.body["value"], "first");
        let again = max.post(&back, json!({ "reason": "once more" })).await;
        assert_eq!((again.status, again.code()), (409, "conflict"), "{}", again.text);
        // Where a change waits for another person a roll-back does, too; and what is asked and decided is told.
        let env = guarded(&house, "guarded", "development").await;
        let secret = house.add_secret(env, "db", "first").await;
        let rotation = house.rotate(&house.operator(), secret, "second").await.unwrap();
        let asked = uma.post(&format!("/api/v1/rotations/{rotation}/roll-back"), json!({ "reason": "it does not work" })).await;
        assert_eq!((asked.status, asked.body["status"].as_str()), (202, Some("awaiting_approval")), "{}", asked.text);
        let request = &asked.body["request"];
        assert_eq!((request["former"].as_i64(), &request["decider_name"], request["length"].as_i64()), (Some(1), &json!(null), Some(5)), "{}", asked.text);
        let rejected = mia.post(&format!("/api/v1/rotations/{}/reject", asked.id()), json!({ "reason": "not now" })).await;
        assert_eq!((rejected.body["request"]["decider_name"].as_str(), rejected.body["request"]["remark"].as_str()), (Some("mia"), Some("not now")), "{}", rejected.text);
    }
}

three! {
    // Broken glass is told to managers alone, and another one acknowledges it.
    async fn another_manager_acknowledges_broken_glass(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("uma", "user"), ("max", "manager"), ("mia", "manager")] {
            house.add_user(name, role).await;
        }
        let env = guarded(&house, "guarded", "development").await;
        let secret = house.add_secret(env, "db", "first").await;
        let (uma, max, mia) = (Program::of(&site, "uma").await, Program::of(&site, "max").await, Program::of(&site, "mia").await);
        let broke = max.post(&format!("/api/v1/secrets/{secret}/rotate"), json!({ "reason": "it burns", "break_glass": true })).await;
        assert_eq!(broke.status, 201, "{}", broke.text);
        assert_eq!(uma.get("/api/v1/break-glass").await.status, 403);
        let seen = mia.get("/api/v1/break-glass").await;
        let glass = &seen.body["items"][0];
        assert_eq!((glass["secret_id"].as_i64(), glass["actor_name"].as_str(), glass["reason"].as_str(), glass["may_acknowledge"].as_bool()), (Some(secret), Some("max"), Some("it burns"), Some(true)), "{}", seen.text);
        assert_eq!(max.get("/api/v1/break-glass").await.body["items"][0]["may_acknowledge"], false);
        let path = format!("/api/v1/break-glass/{}/acknowledge", glass["id"]);
        assert_eq!(max.send("POST", &path, None, &[]).await.status, 403);
        let done = mia.send("POST", &path, None, &[]).await;
        assert_eq!((done.status, done.id()), (200, secret), "{}", done.text);
        assert_eq!(mia.get("/api/v1/break-glass").await.body["items"], json!([]));
    }
}

three! {
    // S76 S116: an account that somebody else changed meanwhile is not changed for whoever saw the former one.
    async fn an_account_is_changed_for_the_version_that_was_seen(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let eve = house.add_user("eve", "user").await;
        let ada = Program::of(&site, "ada").await;
        let path = format!("/api/v1/users/{eve}");
        let tag = ada.get(&path).await.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 4, "{tag}");
        let first = ada.with("PATCH", &path, json!({ "role": "manager" }), ("if-match", &tag)).await;
        assert_eq!((first.status, first.body["role"].as_str()), (200, Some("manager")), "{}", first.text);
        assert_ne!(first.header("etag"), tag);
        let late = ada.with("PATCH", &path, json!({ "is_active": false }), ("if-match", &tag)).await;
        assert_eq!((late.status, late.code()), (412, "precondition_failed"), "{}", late.text);
        assert_eq!(ada.get(&path).await.body["is_active"], true);
        // In the very moment between looking and changing, the unit sees it.
        let seen = keeper::people::by_username(&mut house.app.db.read().await.unwrap(), "eve").await.unwrap().unwrap();
        keeper::people::set_role(&house.app, &house.operator(), "eve", keeper::domain::enums::Role::User).await.unwrap();
        let late = keeper::people::set_active_as_seen(&house.app, &house.operator(), "eve", false, Some(&seen)).await;
        assert!(matches!(late, Err(keeper::domain::error::Error::Conflict(_))), "{late:?}");
        assert_eq!(ada.with("PATCH", &path, json!({ "is_active": false }), ("if-match", "*")).await.body["is_active"], false);
    }
}
