//! Export of metadata over HTTP: what leaves, for whom, and that no value is in it.
use crate::api::{Program, service};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::Role;
use keeper::domain::error::Error;
use keeper::people;
use keeper::secrets::{self, Export, ExportFormat, Filter};
use keeper::{audit, secrets::SecretInput};
use serde_json::Value;
use std::collections::BTreeSet;

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
        assert!(page.body.contains(&format!("action=\"/secrets/export?environment={dev}&#38;q=db\"")), "{}", page.body);
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

three! {
    // S22 S43 S48 S71 S89: a program gets the bytes that people get, behind the same doors; each export is an event in its own name.
    async fn a_program_gets_the_same_file(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("max", "manager"), ("uma", "user")] {
            house.add_user(name, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let stage = house.add_environment("stage", "staging", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        for (environment, name) in [(dev, "a"), (stage, "b"), (closed, "hidden")] {
            house.add_secret(environment, name, "canary").await;
        }
        let max = site.signed_in("max", PASSWORD).await;
        let program = Program::with_token(&site, &service(&house, "max", "manager", &["secrets:read"], &[]).await);
        let path = "/api/v1/secrets/export";
        let csv = program.get(&format!("{path}?format=csv")).await;
        assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(csv.header("content-disposition").ends_with(".csv\"") && csv.header("cache-control").contains("no-store"));
        assert_eq!(csv.text, max.post("/secrets/export", &[("format", "csv")]).await.body);
        let json = program.get(path).await;
        assert_eq!((json.header("content-type"), &json.text), ("application/json", &max.post("/secrets/export", &[("format", "json")]).await.body));
        let names = async |query: &str| -> Vec<String> {
            let reply = program.get(&format!("{path}?{query}")).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            reply.body.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
        };
        for (query, found) in [
            (String::new(), vec!["a", "b"]),
            (format!("environment={stage},{dev}"), vec!["a", "b"]),
            (format!("environment={stage},{closed}"), vec!["b"]),
            (format!("environment={closed},999999"), vec![]),
            ("q=b&level=internal&active=true".to_owned(), vec!["b"]),
            ("active=false".to_owned(), vec![]),
        ] {
            assert_eq!(names(&query).await, found, "{query}");
        }
        for (query, field) in [("format=xml", "format"), ("environment=1,x", "environment"), ("limit=3", "limit"), ("due=never", "due")] {
            let refused = program.get(&format!("{path}?{query}")).await;
            assert!(refused.status == 422 && !refused.said(field).is_empty(), "{query}: {}", refused.text);
        }
        // What is in the document is what comes.
        let said = program.get("/api/v1/openapi.json").await.body["components"]["schemas"]["ExportedSecret"]["required"].clone();
        let keys = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
        let said: BTreeSet<String> = said.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        assert_eq!(keys(&json.body[0]), said);
        assert_eq!(program.send("HEAD", path, None, &[]).await.status, 405);
        // Of a user, or by a token whose role is one, it is refused.
        for program in [Program::of(&site, "uma").await, Program::with_token(&site, &service(&house, "max", "user", &["secrets:read"], &[]).await)] {
            let refused = program.get(path).await;
            assert!(refused.status == 403 && refused.text.contains("exporting takes a manager"), "{}", refused.text);
        }
        let log = audit::list(&house.app, &audit::Filter { action: Some("secret.exported".into()), limit: 20, ..audit::Filter::default() }).await.unwrap().items;
        let own: Vec<_> = log.iter().filter(|line| line.actor_kind == "service").collect();
        assert_eq!((log.len(), own.len()), (10, 8), "{log:?}");
        assert!(own[1].payload.contains("\"filter\":\"b, internal\"") && own[3].payload.contains("\"filter\":\"stage\"") && own[7].payload.contains("\"format\":\"csv\""), "{own:?}");
        assert!(own[2].payload.contains("\"filter\":\"no environment\"") && own[0].payload.contains("\"filter\":\"switched off\""), "{own:?}");
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
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

three! {
    // S43 S89: who reads on has the rights that they have now: a door that closes ends its part, and a right that goes the whole.
    async fn an_export_under_way_ends_with_the_right_to_it(house: House) {
        let app = &house.app;
        for (name, role) in [("max", "manager"), ("ada", "admin"), ("eve", "admin")] {
            house.add_user(name, role).await;
        }
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        for n in 0..501 {
            house.add_secret(closed, &format!("s{n:04}"), "canary").await;
        }
        house.file_changes().await;
        let begin = async |name: &str| {
            let filter = Filter { environments: vec![closed], ..Filter::default() };
            let mut export = Export::begin(app.clone(), house.person(name).await, filter, ExportFormat::Csv).await.unwrap();
            let piece = export.next().await.unwrap().unwrap();
            (export, String::from_utf8(piece).unwrap())
        };
        let (mut demoted, first) = begin("eve").await;
        assert!(first.contains("s0499") && !first.contains("s0500"));
        let (mut disabled, _) = begin("ada").await;
        people::set_role(app, &house.operator(), "eve", Role::Manager).await.unwrap();
        let rest = String::from_utf8(demoted.next().await.unwrap().unwrap()).unwrap();
        assert!(rest.is_empty() && demoted.next().await.unwrap().is_none(), "a manager has no door to it: {rest}");
        people::set_role(app, &house.operator(), "eve", Role::Admin).await.unwrap();
        people::set_active(app, &house.operator(), "ada", false).await.unwrap();
        let ended = disabled.next().await;
        assert!(matches!(&ended, Err(Error::Forbidden(why)) if why.contains("disabled meanwhile")), "{ended:?}");
        let (mut user, _) = begin("eve").await;
        house.add_user("eva", "admin").await;
        people::set_role(app, &house.operator(), "eve", Role::User).await.unwrap();
        assert!(matches!(user.next().await, Err(Error::Forbidden(_))));
    }
}
