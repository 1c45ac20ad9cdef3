//! Bulk operations over HTTP: many secrets, each by the rules and rights of whoever asked, wherever the worker is stopped.
mod rotating;

use crate::support::house::PASSWORD;
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::domain::error::Error;
use keeper::{audit, bulk, secrets, sql};
use time::Duration;

/// What the worker does until nothing is left.
async fn work(house: &House) -> usize {
    let mut steps = 0;
    for _ in 0..500 {
        match bulk::work(&house.app).await {
            Ok(true) => steps += 1,
            Ok(false) => return steps,
            // As the worker does: a pause, and on.
            Err(Error::Unavailable { .. }) => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            Err(e) => panic!("{e:?}"),
        }
    }
    panic!("it never ends")
}

async fn begin(
    visitor: &Visitor,
    what: &str,
    ids: &[i64],
    more: &[(&str, &str)],
) -> crate::support::site::Answer {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let mut fields = vec![("do", what)];
    fields.extend(ids.iter().map(|id| ("id", id.as_str())));
    fields.extend(more);
    visitor.post("/bulk", &fields).await
}

three! {
    // S88: tags of many are changed in one go: named first, recorded for each, with the result of each to be read afterwards.
    async fn many_are_tagged_at_once(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut ids = Vec::new();
        for n in 0..25 {
            ids.push(house.add_secret(dev, &format!("s-{n:02}"), "v").await);
        }
        secrets::set_active(&house.app, &house.operator(), ids[3], false, "", 1).await.unwrap();
        let max = site.signed_in("max", PASSWORD).await;
        let list = max.get("/secrets").await.body;
        assert!(list.contains("action=\"/bulk/new\"") && list.contains(&format!("name=\"id\" value=\"{}\"", ids[0])), "{list}");
        let asked = max.get(&format!("/bulk/new?do=tag&id={}&id={}&id=999", ids[0], ids[1])).await.body;
        assert!(asked.contains("Tag 2 secrets") && asked.contains("dev/s-00") && asked.contains("dev/s-01"), "{asked}");
        let all = max.get("/bulk/new?do=tag&all=1&q=s").await.body;
        assert!(all.contains("Tag 24 secrets") && all.contains("and 4 more"), "{all}");
        assert_eq!(begin(&max, "tag", &ids, &[]).await.status, 422);
        let bad = begin(&max, "tag", &ids, &[("add", "no pair")]).await;
        assert!(bad.status == 422 && bad.body.contains("one key=value a line"), "{}", bad.body);
        let begun = begin(&max, "tag", &ids, &[("add", "team=pay\npci=yes"), ("remove", "old"), ("reason", "an audit")]).await;
        let home = begun.location().to_owned();
        assert_eq!(begun.status, 303, "{}", begun.body);
        let page = max.get(&home).await;
        assert!(page.body.contains("0 of 25") && page.body.contains("http-equiv=\"refresh\""), "{}", page.body);
        assert!(bulk::work(&house.app).await.unwrap());
        assert!(max.get(&home).await.body.contains("1 of 25"));
        work(&house).await;
        let page = max.get(&home).await;
        assert!(page.body.contains("24 done, 1 refused.") && page.body.contains("deactivated") && !page.body.contains("http-equiv=\"refresh\""), "{}", page.body);
        assert_eq!(house.secret(ids[0]).await.tags, "{\"pci\":\"yes\",\"team\":\"pay\"}");
        assert!(max.get("/secrets?tag=team%3Dpay").await.body.contains("s-24"));
        let again = begin(&max, "tag", &ids[..1], &[("add", "team=pay")]).await.location().to_owned();
        work(&house).await;
        assert!(max.get(&again).await.body.contains("1 were so already."));
        let log = audit::list(&house.app, &audit::Filter { limit: 200, ..audit::Filter::default() }).await.unwrap().items;
        let told = |action: &str| log.iter().filter(|line| line.action == action).count();
        assert_eq!((told("bulk.started"), told("bulk.finished"), told("secret.updated")), (2, 2, 24));
        assert!(log.iter().filter(|l| l.action == "secret.updated").all(|l| l.actor_name == "max" && l.payload.contains("an audit")));
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S38 S43: rights are asked for each secret, as they are when its turn comes; an operation is its owner's and the admins'.
    async fn rights_are_asked_secret_by_secret(house: House) {
        let site = Site::start(&house.app).await;
        for (name, role) in [("uma", "user"), ("ada", "admin"), ("eve", "manager")] {
            house.add_user(name, role).await;
        }
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let live = house.add_environment("live", "production", "open", &[]).await;
        let closed = house.add_environment("closed", "development", "members", &[]).await;
        let (a, b, c) = (house.add_secret(dev, "a", "v").await, house.add_secret(live, "b", "v").await, house.add_secret(closed, "c", "v").await);
        let uma = site.signed_in("uma", PASSWORD).await;
        assert!(!uma.get("/secrets").await.body.contains("value=\"sync\""));
        assert_eq!(begin(&uma, "sync", &[a], &[]).await.status, 403);
        let home = begin(&uma, "switch_off", &[a, b, c], &[("reason", "tidy")]).await.location().to_owned();
        work(&house).await;
        let page = uma.get(&home).await.body;
        assert!(page.contains("1 done, 1 refused.") && page.contains("in production this takes a manager"), "{page}");
        assert!(!house.secret(a).await.is_active && house.secret(b).await.is_active && house.secret(c).await.is_active);
        assert_eq!(site.signed_in("eve", PASSWORD).await.get(&home).await.status, 404);
        assert_eq!(site.signed_in("ada", PASSWORD).await.get(&home).await.status, 200);
        let eve = site.signed_in("eve", PASSWORD).await;
        assert_eq!(begin(&eve, "switch_off", &[b], &[]).await.status, 422, "production asks for a reason");
        house.app.clock.advance(Duration::minutes(26));
        eve.get("/secrets").await;
        assert!(eve.get(&format!("/bulk/new?do=switch_off&id={b}")).await.location().starts_with("/step-up"));
        assert_eq!(begin(&eve, "switch_off", &[b], &[("reason", "r")]).await.status, 403);
        let synced = begin(&eve, "sync", &[b], &[]).await.location().to_owned();
        let id = house.person("eve").await.id().unwrap();
        keeper::people::set_active(&house.app, &house.operator(), "eve", false).await.unwrap();
        work(&house).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        assert!(ada.get(&synced).await.body.contains("the account that asked for this is closed"), "{id}");
    }
}

three! {
    // S93: each secret and the row that tells of it are one unit, so whoever goes on after a crash does nothing twice.
    async fn it_goes_on_where_it_was_stopped(house: House) {
        house.add_user("max", "manager").await;
        let max = house.person("max").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut ids = Vec::new();
        for n in 0..12 {
            ids.push(house.add_secret(dev, &format!("s-{n:02}"), "v").await);
        }
        let input = bulk::BulkInput { kind: "switch_off".into(), ids: ids.iter().map(i64::to_string).collect(), ..bulk::BulkInput::default() };
        let id = bulk::start(&house.app, &max, input.parse().unwrap()).await.unwrap();
        // Stopped anywhere: the future is dropped in the middle of a step, as often as it takes.
        // On MySQL between two steps: a future that is dropped while the server answers can leave the driver waiting for ever.
        let cuts = if house.app.db.engine() == Engine::Mysql { 0 } else { 50_u64 };
        for _ in cuts..5 {
            bulk::work(&house.app).await.unwrap();
        }
        for cut in 0..cuts {
            let step = tokio::time::timeout(std::time::Duration::from_micros(cut * 150), bulk::work(&house.app)).await;
            if matches!(step, Ok(Ok(false))) {
                break;
            }
        }
        // Two workers at once, as two processes would be.
        let both = async { tokio::join!(work(&house), work(&house)) };
        let (one, other) = tokio::time::timeout(std::time::Duration::from_mins(2), both).await.unwrap();
        println!("{one} and {other} steps were left");
        assert!(!bulk::find(&house.app, &max, id).await.unwrap().is_running());
        assert_eq!(bulk::counts(&house.app, id).await.unwrap().done, 12);
        let log = audit::list(&house.app, &audit::Filter { limit: 200, ..audit::Filter::default() }).await.unwrap().items;
        let told = |action: &str| log.iter().filter(|line| line.action == action).count();
        assert_eq!((told("secret.deactivated"), told("bulk.finished")), (12, 1));
        let off = house.app.db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM secrets WHERE row_version = 2")).await.unwrap();
        assert_eq!(off, 12);
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}
