//! What people have stored is there after the newest versions were taken back and brought up again.
use super::number;
use crate::support::house::PASSWORD;
use crate::support::place::Place;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::{audit, secrets, sql};

/// Each keeps its predecessors' tables: values, accounts, environments and the log are older than all of them.
const BACK_TO: [i64; 4] = [161, 112, 69, 31];

async fn value(house: &House, secret: i64, version: i64) -> String {
    let found = house.secret(secret).await;
    let opened = secrets::open_version(&house.app, &found, version).await.ok().unwrap();
    String::from_utf8(opened.expose().to_vec()).unwrap()
}

three! {
    // S102: down and up again, and every value is revealed, everybody signs in and the audit log is whole.
    async fn data_survive_the_way_down_and_up(house: House) {
        house.add_user("max", "manager").await;
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let place = Place::furnish(&house, dev, "all", &house.person("max").await).await;
        let plain = house.add_secret(dev, "plain", "the-only-value").await;
        let accounts = number(&house, sql!("SELECT COUNT(*) FROM users")).await;
        for target in BACK_TO {
            let events = number(&house, sql!("SELECT COUNT(*) FROM audit_events")).await;
            house.app.db.migrate_down(target).await.unwrap();
            assert_eq!(house.app.db.schema().await.unwrap().version(), target);
            house.app.db.migrate_up().await.unwrap();

            for version in 1..=3 {
                assert_eq!(value(&house, place.secret, version).await, format!("value-{version}"), "{target}");
            }
            assert_eq!(value(&house, plain, 1).await, "the-only-value", "{target}");
            assert_eq!(house.environment(dev).await.name, "dev", "{target}");
            assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM users")).await, accounts, "{target}");
            assert_eq!(number(&house, sql!("SELECT COUNT(*) FROM audit_events")).await, events, "{target}");
            let report = audit::verify(&house.app).await.unwrap();
            assert!(report.findings.is_empty(), "{target}: {:?}", report.findings);
            // A person's way in and to the value, which is an event of its own.
            let site = Site::start(&house.app).await;
            let max = site.signed_in("max", PASSWORD).await;
            let page = max.get(&format!("/secrets/{plain}")).await;
            assert!(page.status == 200 && page.body.contains("plain"), "{target}: {}", page.body);
            let shown = max.post(&format!("/secrets/{plain}/reveal"), &[("reason", "after the way down")]).await;
            assert!(shown.status == 200 && shown.body.contains("the-only-value"), "{target}: {} {}", shown.status, shown.body);
        }
    }
}
