//! Lists from their beginning to their end, and back again.
use super::{Program, new};
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::api::routes::table;
use serde_json::{Value, json};

const MANY: usize = 7;

/// Where the page lies to which this key leads, by either name: null at an end, and never left out.
fn key(page: &Value, name: &str) -> Option<String> {
    match page.get(name) {
        Some(Value::String(key)) => Some(url::form_urlencoded::byte_serialize(key.as_bytes()).collect()),
        Some(Value::Null) => None,
        other => panic!("{name} is {other:?}"),
    }
}

fn rows(page: &Value) -> Vec<Value> {
    page["items"].as_array().unwrap().clone()
}

async fn page(program: &Program, path: &str, query: &str) -> Value {
    let reply = program.get(&format!("{path}?{query}")).await;
    assert_eq!(reply.status, 200, "{path}?{query}: {}", reply.text);
    reply.body
}

/// The pages in their order, from the first to the last by `next`; each but the first knows that there is one before.
async fn forward(program: &Program, path: &str, query: &str) -> Vec<Value> {
    let mut pages = vec![page(program, path, query).await];
    while let Some(next) = key(&pages[pages.len() - 1], "next") {
        pages.push(page(program, path, &format!("{query}&after={next}")).await);
    }
    for (at, page) in pages.iter().enumerate() {
        assert_eq!(key(page, "previous").is_some(), at > 0, "{path}?{query}: page {at}");
    }
    pages
}

/// The same pages from the last to the first by `previous`, in their order again.
async fn back(program: &Program, path: &str, query: &str, last: Value) -> Vec<Value> {
    let mut pages = vec![last];
    while let Some(previous) = key(&pages[pages.len() - 1], "previous") {
        pages.push(page(program, path, &format!("{query}&before={previous}")).await);
        assert!(key(&pages[pages.len() - 1], "next").is_some(), "{path}?{query}");
    }
    pages.reverse();
    pages
}

three! {
    // S89: each list that has pages is walked to its end and back, whatever its pages' size: the same rows in the same order.
    async fn every_list_is_walked_to_its_end_and_back(house: House) {
        let site = Site::start(&house.app).await;
        let ada = house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut secret = 0;
        for n in 0..MANY {
            house.add_user(&format!("u+{n}"), "user").await;
            house.add_environment(&format!("e-{n}"), "development", "members", &[ada]).await;
            secret = house.add_secret(dev, &format!("s-{n}"), "v").await;
            house.app.clock.advance(time::Duration::seconds(1));
        }
        for n in 1..MANY {
            house.rotate(&house.operator(), secret, &format!("v-{n}")).await.unwrap();
        }
        house.file_changes().await;
        let ada = Program::of(&site, "ada").await;
        let mut walked = Vec::new();
        for line in table().iter().filter(|line| line.about.filters.iter().any(|filter| filter.name == "before")) {
            let path = line.path.replace("{id}", &secret.to_string());
            let filters: &[&str] = match line.path {
                "/api/v1/secrets" => &["", "&sort=updated", "&q=s&sort=name", "&type=api_key&sort=updated"],
                "/api/v1/users" => &["", "&q=u"],
                "/api/v1/rotations" => &["", "&status=succeeded"],
                "/api/v1/audit" => &["", "&result=ok"],
                _ => &[""],
            };
            for filter in filters {
                let whole = rows(&page(&ada, &path, &format!("limit=200{filter}")).await);
                assert!(whole.len() + 1 >= MANY, "{path}{filter}: {}", whole.len());
                for size in [1, 2, 3, whole.len() - 1, whole.len(), whole.len() + 1] {
                    let query = format!("limit={size}{filter}");
                    let there = forward(&ada, &path, &query).await;
                    assert_eq!(there.iter().flat_map(rows).collect::<Vec<_>>(), whole, "{path}?{query}");
                    assert!(there.iter().all(|page| rows(page).len() <= size), "{path}?{query}");
                    let last = there[there.len() - 1].clone();
                    let again = back(&ada, &path, &query, last).await;
                    assert_eq!(again.iter().map(rows).collect::<Vec<_>>(), there.iter().map(rows).collect::<Vec<_>>(), "{path}?{query}");
                }
            }
            walked.push(line.path);
        }
        assert_eq!(walked, ["/api/v1/secrets", "/api/v1/secrets/{id}/versions", "/api/v1/rotations", "/api/v1/environments", "/api/v1/users", "/api/v1/audit"]);
        // What goes on takes both keys, and what has no pages says so.
        for line in table().iter().filter(|line| line.about.gives.as_ref().is_some_and(|gives| gives.many)) {
            let has = |name: &str| line.about.filters.iter().any(|filter| filter.name == name);
            assert_eq!(has("after"), has("before"), "{}", line.path);
        }
        for path in [format!("/api/v1/secrets/{secret}/copies"), "/api/v1/break-glass".to_owned()] {
            let whole = ada.get(&path).await.body;
            assert_eq!((&whole["next"], whole.get("previous")), (&Value::Null, Some(&Value::Null)), "{path}");
        }
        let made = ada.post("/api/v1/secrets/bulk", json!([new(dev, "many-1", "v"), new(dev, "many-2", "v")])).await;
        assert_eq!((made.status, made.body.get("previous")), (201, Some(&Value::Null)), "{}", made.text);
    }
}
