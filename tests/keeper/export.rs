//! Export of metadata over HTTP: what leaves, for whom, and that no value is in it.
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::secrets;
use keeper::{audit, secrets::SecretInput};

three! {
    // S22 S48 S68 S89: metadata of what is open and filtered, page by page, with formulas made harmless and no value.
    async fn metadata_leaves_and_no_value_does(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("max", "manager"), ("uma", "user")] {
            house.add_user(name, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        house.add_secret(closed, "hidden", "canary").await;
        let input = SecretInput {
            description: "=HYPERLINK(\"x\")\nsecond, line".into(),
            tags: "team=pay".into(),
            service_name: "@sum".into(),
            ..House::secret_input(dev, "formula", "canary-1")
        };
        secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap()).await.unwrap();
        for n in 0..3 {
            house.add_secret(dev, &format!("db-{n}"), "canary-2").await;
        }
        assert_eq!(site.signed_in("uma", PASSWORD).await.get("/secrets/export").await.status, 403);
        let max = site.signed_in("max", PASSWORD).await;
        let page = max.get(&format!("/secrets/export?environment={dev}&q=db")).await;
        assert!(page.body.contains(&format!("action=\"/secrets/export?environment={dev}&amp;q=db\"")) || page.body.contains("/secrets/export?environment="), "{}", page.body);
        let csv = max.post("/secrets/export", &[("format", "csv")]).await;
        assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(csv.header("content-disposition").starts_with("attachment; filename=\"keeper-secrets-"));
        assert!(csv.body.starts_with("id,name,display_name,description,secret_type,secrecy_level,service_name,environment_id,creator_id,"), "{}", csv.body);
        assert_eq!(csv.body.lines().count(), 6, "{}", csv.body);
        assert!(csv.body.contains("\"'=HYPERLINK(\"\"x\"\")\nsecond, line\"") && csv.body.contains(",'@sum,") && csv.body.contains("\"{\"\"team\"\":\"\"pay\"\"}\""), "{}", csv.body);
        assert!(!csv.body.contains("canary") && !csv.body.contains("hidden"));
        let json = max.post("/secrets/export?q=db", &[("format", "json")]).await.body;
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["db-0", "db-1", "db-2"]);
        assert!(rows[0]["environment"] == "dev" && rows[0]["tags"].is_object() && !json.contains("canary"));
        let none: Vec<serde_json::Value> = serde_json::from_str(&max.post("/secrets/export?q=nothing", &[("format", "json")]).await.body).unwrap();
        assert!(none.is_empty());
        assert_eq!(max.post("/secrets/export", &[("format", "xml")]).await.status, 422);
        let log = audit::list(&house.app, &audit::Filter { action: Some("secret.exported".into()), limit: 9, ..audit::Filter::default() }).await.unwrap().items;
        assert!(log.len() == 3 && log[1].payload.contains("\"format\":\"json\"") && log[1].payload.contains("\"filter\":\"db\""), "{log:?}");
    }
}

// S89: more rows than one page of the export holds: each once, in order.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_export_comes_in_pages() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    house.add_user("max", "manager").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let file = (0..1200).fold(String::new(), |text, n| text + &format!("S{n:04}=x\n"));
    let upload = keeper::imports::UploadInput {
        environment_id: dev.to_string(),
        secret_type: "generic".into(),
        secrecy_level: "internal".into(),
        content: Some(keeper::domain::plaintext::Plaintext::from(file)),
        ..Default::default()
    };
    let max = house.person("max").await;
    let id = keeper::imports::hold(&house.app, &max, upload.parse().unwrap()).await.unwrap();
    let seen = keeper::imports::preview(&house.app, &max, id).await.unwrap().plan.fingerprint();
    keeper::imports::confirm(&house.app, &max, id, &seen, "").await.unwrap();
    let site = Site::start(&house.app).await;
    let max = site.signed_in("max", PASSWORD).await;
    let csv = max.post("/secrets/export", &[("format", "csv")]).await.body;
    let names: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    let expected: Vec<String> = (0..1200).map(|n| format!("s{n:04}")).collect();
    assert_eq!(names, expected);
}
