//! Forms and pages as people meet them: what is typed, what is told, and what must never be shown.
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use std::time::Duration;

const NEW: [(&str, &str); 6] = [
    ("name", "db"),
    ("display_name", "The database"),
    ("secret_type", "password"),
    ("secrecy_level", "internal"),
    ("tags", "team=pay"),
    ("value", "canary-7\r\nsecond"),
];

async fn create(visitor: &Visitor, environment: i64, changed: &[(&str, &str)]) -> Answer {
    let environment = environment.to_string();
    let mut fields: Vec<(&str, &str)> =
        NEW.iter().copied().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)).collect();
    fields.push(("environment_id", &environment));
    fields.extend(changed);
    visitor.get("/secrets/new").await;
    visitor.post("/secrets", &fields).await
}

three! {
    // S33 S65 S66 S113: a form that is refused comes back with its errors beside the fields and all that was typed, but the value.
    async fn a_refused_form_keeps_what_was_typed_but_the_value(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let refused = create(&ada, dev, &[("name", "a b"), ("description", "kept words"), ("rotation_interval_days", "366"), ("auto_rotate", "true")]).await;
        assert_eq!(refused.status, 422);
        for expected in ["Invalid name format", "kept words", "must be from 1 to 365", "id=\"e-name\"", "href=\"#f-name\"", "value=\"a b\"", "team=pay"] {
            assert!(refused.body.contains(expected), "{expected} in {}", refused.body);
        }
        assert!(!refused.body.contains("canary-7"));
        assert_eq!(create(&ada, dev, &[]).await.status, 303);
        let twice = create(&ada, dev, &[]).await;
        assert!(twice.status == 422 && twice.body.contains("already exists in dev"));
    }
}

three! {
    // S48 S78 S110: the value is on the page that reveals it, byte for byte, and on no other.
    async fn a_value_is_on_the_page_that_reveals_it_alone(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let id = create(&ada, dev, &[("_nl", "\r\n")]).await.new_id();
        for path in ["/", "/secrets", "/audit", "/rotations", "/environments"] {
            let page = ada.get(path).await;
            assert!(page.status == 200 && !page.body.contains("canary-7"), "{path}");
        }
        for tail in ["", "/edit", "/rotate", "/versions", "/activity", "/reveal"] {
            let page = ada.get(&format!("/secrets/{id}{tail}")).await;
            assert!(page.status == 200 && !page.body.contains("canary-7"), "{tail}");
        }
        let shown = ada.post(&format!("/secrets/{id}/reveal"), &[]).await;
        assert!(shown.body.contains("data-value>\ncanary-7\nsecond</pre>"), "{}", shown.body);
        assert_eq!((shown.header("cache-control"), shown.header("refresh")), ("no-store", format!("30; url=/secrets/{id}").as_str()));
    }
}

three! {
    // S68: what people type is inert wherever it is shown.
    async fn typed_text_is_inert(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        let id = create(&ada, dev, &[("display_name", evil), ("description", evil), ("service_name", evil), ("tags", &format!("t={evil}")), ("reason", evil)]).await.new_id();
        for path in ["/".to_owned(), "/secrets".to_owned(), format!("/secrets/{id}"), format!("/secrets/{id}/edit"), format!("/secrets/{id}/versions"), "/audit".to_owned(), format!("/secrets?q={}", "%3Cscript%3E")] {
            let page = ada.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
        }
    }
}

three! {
    // S32 S116: rotate by a form, read the result; a stale form is told and changes nothing; switch off and on.
    async fn the_life_of_a_secret_goes_through_forms(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let max = site.signed_in("max", PASSWORD).await;
        let id = create(&max, dev, &[]).await.new_id();
        let rotate = [("mode", "generated"), ("length", "24"), ("alphabet", "hex"), ("row_version", "1")];
        let done = max.post(&format!("/secrets/{id}/rotate"), &rotate).await;
        let page = max.get(done.location()).await;
        assert!(page.body.contains("Version 2 is in force everywhere"), "{}", page.body);
        // While it runs the page is renewed by this part: everything that can have changed is in it.
        let part = max.ask("GET", done.location(), true).await.body;
        assert!(part.contains("in force everywhere") && part.contains("Rotations of this secret") && !part.contains("<html"), "{part}");
        let stale = max.post(&format!("/secrets/{id}/rotate"), &rotate).await;
        assert!(stale.status == 409 && stale.body.contains("Somebody else changed this secret"));
        let edit = [("display_name", "x"), ("secret_type", "token"), ("secrecy_level", "internal"), ("row_version", "1")];
        let conflict = max.post(&format!("/secrets/{id}/edit"), &edit).await;
        assert!(conflict.status == 409 && conflict.body.contains("Now stored"), "{}", conflict.status);
        assert_eq!(max.post(&format!("/secrets/{id}/switch-off"), &[("row_version", "2")]).await.status, 303);
        assert!(!max.get("/secrets").await.body.contains(&format!("/secrets/{id}\"")));
        assert!(max.get("/secrets?active=false").await.body.contains(&format!("/secrets/{id}\"")));
        assert_eq!(max.post(&format!("/secrets/{id}/switch-on"), &[("row_version", "3")]).await.status, 303);
    }
}

// S69: htmx gets the part it asked for; a query that cannot be read is told, and is no failure.
three! {
async fn a_list_answers_htmx_with_its_part_and_a_wrong_filter_with_a_word(house: House) {
    let site = Site::start(&house.app).await;
    house.add_user("ada", "admin").await;
    let ada = site.signed_in("ada", PASSWORD).await;
    let part = ada.get_with("/secrets", &[("hx-request", "true"), ("hx-request-type", "partial")]).await;
    assert!(part.status == 200 && !part.body.contains("<html"));
    let restored = ada.get_with("/secrets", &[("hx-history-restore-request", "true"), ("hx-request-type", "full")]).await;
    assert!(restored.body.contains("<html"));
    for query in ["type=x", "level=top", "status=gone", "sort=random", "due=never", "active=maybe", "environment=abc", "limit=x"] {
        let answer = ada.get(&format!("/secrets?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
    }
    // S54 S67: nor is a filter of another list passed over.
    for (path, word) in [
        ("/secrets?environment=abc", "must be a whole number above 0"),
        ("/audit?environment=abc", "must be a whole number above 0"),
        ("/audit?environment=-1", "must be a whole number above 0"),
        ("/audit?result=maybe", "must be one of ok, refused, failed"),
        ("/audit?from=tomorrow", "must be a date such as"),
        ("/rotations?environment=0", "must be a whole number above 0"),
        ("/rotations?status=gone", "must be one of"),
    ] {
        let answer = ada.get(path).await;
        assert!(answer.status == 422 && answer.body.contains(word), "{path}: {}", answer.body);
    }
    for query in ["environment=99", "after=zzz", "after=%27%20OR%201=1~0", "q=%00", "tag=%00", "after=%00~1", "after=%00", "sort=due&after=x~y", "limit=100000", "tag=a%3Db"] {
        assert_eq!(ada.get(&format!("/secrets?{query}")).await.status, 200, "{query}");
    }
    let anonymous = site.visitor().get_with("/secrets", &[("hx-request", "true")]).await;
    assert_eq!((anonymous.status, anonymous.header("hx-redirect")), (401, "/login?next=%2Fsecrets"));
}
}

three! {
    // S47: whoever is signed in and refused is in the log, whichever rule refused.
    async fn every_refusal_is_in_the_log_once(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let id = house.add_secret(prod, "db", "v").await;
        let uma = site.signed_in("uma", PASSWORD).await;
        let environment = prod.to_string();
        let new: Vec<(&str, &str)> = NEW.iter().copied().chain([("environment_id", environment.as_str())]).collect();
        let asked = ["GET /audit", "POST /secrets", &format!("POST /secrets/{id}/reveal"), &format!("GET /secrets/{id}/edit"), "POST /logout"];
        assert_eq!(uma.get("/audit").await.status, 403);
        assert_eq!(uma.post("/secrets", &new).await.status, 403);
        assert_eq!(uma.post(&format!("/secrets/{id}/reveal"), &[]).await.status, 403);
        assert_eq!(uma.get(&format!("/secrets/{id}/edit")).await.status, 403);
        assert_eq!(uma.post_bare("/logout", &[("_csrf", "forged")], &[]).await.status, 403);
        let filter = keeper::audit::Filter { outcome: Some("refused".into()), limit: 50, ..keeper::audit::Filter::default() };
        let lines = keeper::audit::list(&house.app, &filter).await.unwrap().items;
        let told: Vec<&str> = lines.iter().rev().map(|line| line.target.as_str()).collect();
        assert_eq!(told, asked);
        assert_eq!(lines[2].secret_id, Some(id));
    }
}

// S97: the log names request and route, and no value, no query and no body.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_errors_say_what_to_do() {
    let house = House::new(keeper::db::Engine::Sqlite).await.unwrap();
    let site = Site::start(&house.app).await;
    house.add_user("ada", "user").await;
    let ada = site.signed_in("ada", PASSWORD).await;
    for (path, status, words) in [
        ("/secrets/99", 404, "There is nothing here"),
        ("/secrets/abc", 404, "There is nothing here"),
        ("/audit", 403, "Your role does not reach this page"),
        ("/nowhere", 404, "There is nothing here"),
    ] {
        let page = ada.get(path).await;
        assert!(
            page.status == status
                && page.body.contains(words)
                && page.body.contains(page.header("x-request-id")),
            "{path}: {}",
            page.body
        );
    }
}

three! {
    // S95: a browser that goes away in the middle leaves no connection behind that nobody can use any more.
    async fn a_reader_who_goes_away_holds_up_nobody(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for n in 0..60 {
            house.add_secret(dev, &format!("s-{n:02}"), "v").await;
        }
        let max = site.signed_in("max", PASSWORD).await;
        // Ever a little later, so that each moment of an answer is met.
        for n in 0..400_u64 {
            let path = if n % 2 == 0 { "/secrets?q=s" } else { "/" };
            let _ = tokio::time::timeout(Duration::from_micros(n * 40), max.get(path)).await;
        }
        for _ in 0..20 {
            let answer = tokio::time::timeout(Duration::from_secs(5), max.get("/secrets")).await.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
    }
}
