//! What an address is asked for, and what it refuses to be asked.
use super::Program;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::api::routes::{Access, table};
use serde_json::json;

// S64: whatever a parameter may not be is refused by its name with what it must be, at every address; and so is one that there is not.
#[tokio::test(flavor = "multi_thread")]
async fn what_lies_outside_of_a_parameter_is_refused_at_every_address() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let ada = Program::of(&site, "ada").await;
    let mut asked = 0;
    for line in table().iter().filter(|line| line.access != Access::Public) {
        let path = line.path.replace("{id}", "1");
        if line.method == "GET" {
            let told = ada.get(&format!("{path}?nonsense=1")).await;
            assert_eq!(
                (told.status, told.said("nonsense")),
                (422, "is no parameter of this address"),
                "{path}"
            );
        }
        for filter in line.about.filters {
            let wrong = match filter.name {
                "environment" | "secret" => vec!["0", "-1", "x", "", "1.5", "9223372036854775808"],
                "limit" => vec!["0", "201", "x", ""],
                "from" | "to" => vec!["2026-02-30", "0001-01-01", "today", ""],
                "type" | "level" | "status" | "due" | "active" | "sort" | "result" => vec!["x", "", "NAME"],
                _ => Vec::new(),
            };
            for wrong in wrong {
                let told = ada.get(&format!("{path}?{}={wrong}", filter.name)).await;
                assert_eq!((told.status, told.code()), (422, "invalid"), "{path} {}={wrong}", filter.name);
                assert!(told.said(filter.name).starts_with("must be"), "{}", told.text);
                asked += 1;
            }
            let twice = ada.get(&format!("{path}?{0}=1&{0}=1", filter.name)).await;
            assert!(twice.status == 422 && !twice.said(filter.name).is_empty(), "{path} {}", filter.name);
        }
    }
    assert!(asked > 60, "{asked}");
    let long = ada.get(&format!("/api/v1/secrets?q={}", "x".repeat(301))).await;
    assert!(long.said("q").contains("300"), "{}", long.text);
    // A shared link of a page is not broken by this: pages stay as lenient as they were.
    let browser = site.signed_in("ada", crate::support::house::PASSWORD).await;
    let page = browser.get("/secrets?limit=0&environment=&nonsense=1").await;
    assert!(page.body.contains("<h1"), "{}", page.body);
}

three! {
    // S89: lists are narrowed to one secret, and accounts to those whose name begins so.
    async fn lists_are_narrowed_to_what_is_asked_for(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("ada", "admin"), ("adam", "user"), ("max", "manager")] {
            house.add_user(name, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let walled = house.add_environment("walled", "development", "members", &[]).await;
        let (one, other, foreign) = (house.add_secret(dev, "one", "v").await, house.add_secret(dev, "other", "v").await, house.add_secret(walled, "foreign", "v").await);
        for id in [one, other, foreign] {
            house.rotate(&house.operator(), id, "v2").await.unwrap();
        }
        let (ada, max) = (Program::of(&site, "ada").await, Program::of(&site, "max").await);
        let ids = async |program: &Program, path: String| -> Vec<i64> {
            let reply = program.get(&path).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            reply.body["items"].as_array().unwrap().iter().map(|item| item["secret_id"].as_i64().unwrap()).collect()
        };
        assert_eq!(ids(&max, format!("/api/v1/rotations?secret={one}")).await, [one]);
        assert_eq!(ids(&max, format!("/api/v1/rotations?secret={foreign}")).await, Vec::<i64>::new(), "behind a closed door");
        let events = ids(&max, format!("/api/v1/audit?secret={other}")).await;
        assert!(events.len() >= 2 && events.iter().all(|id| *id == other), "{events:?}");
        assert!(ids(&max, format!("/api/v1/audit?secret={foreign}")).await.is_empty());
        assert!(!ids(&ada, format!("/api/v1/audit?secret={foreign}")).await.is_empty());
        let names = async |path: &str| -> Vec<String> {
            let reply = ada.get(path).await;
            reply.body["items"].as_array().unwrap().iter().map(|item| item["username"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("/api/v1/users?q=AD").await, ["ada", "adam"]);
        assert_eq!(names("/api/v1/users?q=adam").await, ["adam"]);
        assert_eq!(names("/api/v1/users?q=da").await, Vec::<String>::new());
        let first = ada.get("/api/v1/users?q=a&limit=1").await;
        assert_eq!((first.body["items"].as_array().unwrap().len(), first.body["next"].as_str()), (1, Some("ada")));
        assert_eq!(names("/api/v1/users?q=a&limit=1&after=ada").await, ["adam"]);
    }
}

// A change without a body says nothing and was hardly meant so; where nothing has to be said, nothing has to be sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_left_away_only_where_it_may_be_empty() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    let ada_id = house.add_user("ada", "admin").await;
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let secret = house.add_secret(dev, "db", "v").await;
    let ada = Program::of(&site, "ada").await;
    for (method, path, status) in [
        ("PATCH", format!("/api/v1/secrets/{secret}"), 400),
        ("PATCH", format!("/api/v1/users/{ada_id}"), 400),
        ("POST", "/api/v1/secrets".to_owned(), 422),
        ("POST", "/api/v1/secrets/bulk".to_owned(), 422),
        ("POST", "/api/v1/users".to_owned(), 422),
        ("POST", format!("/api/v1/secrets/{secret}/reveal"), 200),
        ("POST", format!("/api/v1/secrets/{secret}/rotate"), 201),
        ("POST", format!("/api/v1/secrets/{secret}/switch-off"), 200),
    ] {
        let reply = ada.send(method, &path, None, &[]).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
    }
    for (path, body, field) in [
        (format!("/api/v1/users/{ada_id}"), json!({ "role": null }), "role"),
        (format!("/api/v1/users/{ada_id}"), json!({ "is_active": null }), "is_active"),
        (format!("/api/v1/secrets/{secret}"), json!({ "row_version": 0 }), "row_version"),
        (format!("/api/v1/secrets/{secret}"), json!({ "window_days": [""] }), "window_days"),
        (format!("/api/v1/secrets/{secret}"), json!({ "expires_at": "" }), "expires_at"),
    ] {
        let reply = ada.patch(&path, body).await;
        assert!(reply.status == 422 && !reply.said(field).is_empty(), "{path} {field}: {}", reply.text);
    }
    let reply = ada.post(&format!("/api/v1/secrets/{secret}/rotate"), json!({ "encoding": "utf-16" })).await;
    assert!(reply.said("encoding").contains("utf-8"), "{}", reply.text);
    let reply = ada.post(&format!("/api/v1/secrets/{secret}/reveal"), json!({ "version_number": 0 })).await;
    assert_eq!((reply.status, reply.said("version_number")), (422, "must be 1 or more"));
}
