//! Many new secrets in one request.
use super::{Program, new};
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::sql;
use serde_json::{Value, json};

three! {
    // S85 S86 S87: a thousand rows in one unit, in their order, each sealed as a single one is.
    async fn many_are_stored_whole(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let stage = house.add_environment("stage", "staging", "open", &[]).await;
        let max = Program::of(&site, "max").await;
        let rows: Vec<Value> = (0..1000).map(|n| new(if n % 2 == 0 { dev } else { stage }, &format!("s-{n}"), &format!("canary-{n}"))).collect();
        let made = max.post("/api/v1/secrets/bulk", json!(rows)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let items = made.body["items"].as_array().unwrap();
        assert_eq!(items.len(), 1000);
        for (n, item) in items.iter().enumerate() {
            assert_eq!(item["name"], format!("s-{n}"));
        }
        assert!(!made.text.contains("canary"));
        let shown = max.post(&format!("/api/v1/secrets/{}/reveal", items[7]["id"]), json!({})).await;
        assert_eq!(shown.body["value"], "canary-7", "{}", shown.text);
        let events = sql!("SELECT COUNT(*) FROM audit_events WHERE action = 'secret.created'");
        assert_eq!(house.app.db.read().await.unwrap().number(events).await.unwrap(), 1000);
    }
}

three! {
    // S85: all or nothing, and what is wrong is told row by row.
    async fn one_row_that_is_wrong_holds_up_all(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        let max = Program::of(&site, "max").await;
        house.add_secret(dev, "taken", "v").await;
        let bulk = "/api/v1/secrets/bulk";
        let mut odd = new(dev, "b", "v");
        odd["id"] = json!(7);
        odd["rotation_interval_days"] = json!("often");
        let wrong = max.post(bulk, json!([new(dev, "a", "v"), odd, new(dev, "a b", "canary")])).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        assert_eq!(wrong.said("items[1].id"), "row 2: cannot be set here");
        assert!(wrong.said("items[1].rotation_interval_days").starts_with("row 2: must be a whole number"));
        assert!(wrong.said("items[2].name").starts_with("row 3: Invalid name format") && !wrong.text.contains("canary"));
        let wrong = max.post(bulk, json!({ "items": [new(dev, "a", "v"), new(dev, "A", "v"), new(closed, "c", "v"), new(99_999, "c", "v")] })).await;
        assert!(wrong.said("items[1].name").contains("more than once"), "{}", wrong.text);
        assert_eq!(wrong.said("items[2].environment_id")[5..], wrong.said("items[3].environment_id")[5..]);
        let wrong = max.post(bulk, json!([new(dev, "fine", "v"), new(dev, "taken", "v")])).await;
        assert!(wrong.said("items[1].name").contains("row 2: already exists"), "{}", wrong.text);
        for body in [json!([]), json!({}), json!({ "items": 7 }), json!(7), json!([7]), json!(vec![json!({}); 1001])] {
            assert_eq!(max.post(bulk, body).await.status, 422);
        }
        assert_eq!(max.get("/api/v1/secrets").await.body["items"].as_array().unwrap().len(), 1);
        // Many at once is for managers and admins, one by one for users too.
        house.add_user("uma", "user").await;
        let uma = Program::of(&site, "uma").await;
        let refused = uma.post(bulk, json!([new(dev, "u", "v")])).await;
        assert!(refused.status == 403 && refused.text.contains("takes a manager or an admin"), "{}", refused.text);
        assert_eq!(uma.make(dev, "u", "v").await.status, 201);
    }
}
