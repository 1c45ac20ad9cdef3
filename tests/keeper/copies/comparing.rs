//! All copies of an environment compared at once, on real OpenBao and moto: what was changed, removed, made somebody else's or added there
//! is found; what is as it was is not even read; and a backend that is away holds up nothing else.
use super::{engine, push_all, wired, wiring};
use crate::support::house::PASSWORD;
use crate::support::others::{in_vault, make_in_aws, put_in_aws, put_in_vault};
use crate::support::site::{Site, Visitor};
use crate::support::{House, three};
use keeper::domain::enums::SyncStatus;
use keeper::domain::error::Result;
use keeper::sync::Stores;
use keeper::verify::{self, Finding, Spot, compare_next};
use keeper::{audit, sql, tx};
use serde_json::{Value, json};
use time::Duration;

/// Until it has ended.
async fn go_on(house: &House, stores: &Stores, environment: i64) {
    for _ in 0..60 {
        compare_next(&house.app, stores).await.unwrap();
        let latest = verify::latest(&house.app, environment).await.unwrap().unwrap();
        if latest.ended_at.is_some() {
            return;
        }
        house.app.clock.advance(Duration::seconds(30));
    }
    panic!("it does not end");
}

async fn details(house: &House, id: i64) -> Vec<(Spot, Finding, String)> {
    let last = verify::last(&house.app, id).await.unwrap();
    last.into_iter().map(|one| (one.place, one.outcome, one.detail)).collect()
}

async fn ask(visitor: &Visitor, environment: i64, fields: &[(&str, &str)]) -> u16 {
    visitor.post(&format!("/environments/{environment}/compare"), fields).await.status
}

three! {
    // Each is found, by digest and without a value, and stands where somebody can decide about it.
    async fn what_changed_behind_keepers_back_is_found(house: House) {
        let name = format!("drift-{}", engine(&house));
        let Some(environment) = wired(&house, &name, None).await else { return };
        let (site, stores, base) = (Site::start(&house.app).await, Stores::default(), format!("{name}-{}", std::process::id()));
        for (person, role) in [("ada", "admin"), ("max", "manager"), ("uma", "user")] {
            house.add_user(person, role).await;
        }
        let mut ids = Vec::new();
        for n in 0..10 {
            ids.push(house.add_secret(environment, &format!("s-{n}"), "canary-ours").await);
        }
        push_all(&house, &stores).await;
        house.app.clock.advance(Duration::seconds(1));
        let max = site.signed_in("max", PASSWORD).await;
        let home = format!("/environments/{environment}/copies");
        assert!(max.get(&home).await.body.contains("None so far."));
        put_in_vault(&format!("{base}/s-1"), json!({ "value": "canary-theirs" })).await;
        put_in_aws(&format!("{base}/s-2"), "canary-theirs").await;
        in_vault("DELETE", &format!("secret/data/{base}/s-3"), Value::Null).await;
        in_vault("POST", &format!("secret/metadata/{base}/s-9"), json!({ "custom_metadata": {} })).await;
        put_in_vault(&format!("{base}/new/one"), json!({ "value": "canary-added" })).await;
        make_in_aws(&format!("{base}/new-two"), "canary-added").await;

        let uma = site.signed_in("uma", PASSWORD).await;
        assert_eq!((ask(&uma, environment, &[]).await, ask(&max, environment, &[]).await, ask(&max, environment, &[]).await), (403, 303, 409));
        let page = max.get(&home).await.body;
        assert!(page.contains("0 of 10 compared") && page.contains("Asked for by max") && !page.contains("Compare all now"), "{page}");
        go_on(&house, &stores, environment).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("10 secrets compared. 4 differ, 2 were added."), "{page}");
        for words in [&format!("{base}/new/one"), &format!("{base}/new-two"), "Missing", "Not Keeper’s", &format!("/secrets/{}/copies/vault", ids[1]), &format!("/secrets/{}/copies/aws", ids[2])] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("canary") && !page.contains("Import…") && page.matches("Decide…").count() == 4, "{page}");
        assert_eq!(house.secret(ids[1]).await.vault_sync_status, SyncStatus::OutOfSync);
        let unread = "Unchanged there since its value was read back.".to_owned();
        assert_eq!(details(&house, ids[0]).await, [(Spot::Aws, Finding::Equal, unread.clone()), (Spot::Vault, Finding::Equal, unread)], "no value was read");
        let ada = site.signed_in("ada", PASSWORD).await;
        let folder = format!("folder={base}\"");
        assert!(ada.get(&home).await.body.contains(&folder), "an admin can take over what was added");
        let page = uma.get(&home).await.body;
        assert!(page.contains("Look") && !page.contains("Decide…") && !page.contains("Compare all now"), "{page}");

        // Read back whole, after what is Keeper's was pushed again: one is left, for somebody has to decide about it.
        assert_eq!(max.post(&format!("/environments/{environment}/sync"), &[]).await.status, 303);
        push_all(&house, &stores).await;
        house.app.clock.advance(Duration::seconds(1));
        let page = max.get(&home).await;
        let stray = page.hidden("stray");
        assert_eq!(max.post(&format!("/environments/{environment}/strays"), &[("stray", stray)]).await.status, 303);
        assert_eq!(max.post(&format!("/environments/{environment}/strays"), &[("stray", stray)]).await.status, 404);
        // Keeper's own value does not open: that is no "all well".
        let broken: Result<u64> = tx!(house.app.db, |tx| tx.exec(sql!("UPDATE secret_versions SET ciphertext = ? WHERE secret_id = ?", vec![7_u8; 32], ids[5])).await);
        broken.unwrap();
        assert_eq!(ask(&max, environment, &[("whole", "true")]).await, 303);
        go_on(&house, &stores, environment).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("10 secrets compared. 1 differs, 1 could not be asked about, 1 was added.") && page.matches("Decide…").count() == 1, "{page}");
        assert_eq!(page.matches("It belongs there").count(), 1, "{page}");
        assert_eq!(details(&house, ids[0]).await[0].2, "Read back, and equal.");
        let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
        let log = audit::list(&house.app, &filter).await.unwrap().items;
        let told: Vec<(&str, &str)> = log.iter().filter(|line| line.action.starts_with("environment.compar")).map(|line| (line.actor_name.as_str(), line.outcome.as_str())).collect();
        assert_eq!(told, [("system", "failed"), ("max", "ok"), ("system", "failed"), ("max", "ok")]);
    }
}

three! {
    // S03: a backend that does not answer is asked three times and then no more; the other one is compared all the same.
    async fn a_backend_that_is_away_holds_up_no_comparison(house: House) {
        let name = format!("half-drift-{}", engine(&house));
        let Some(environment) = wired(&house, &name, None).await else { return };
        let (site, stores, base) = (Site::start(&house.app).await, Stores::default(), format!("{name}-{}", std::process::id()));
        house.add_user("max", "manager").await;
        let mut ids = Vec::new();
        for n in 0..12 {
            ids.push(house.add_secret(environment, &format!("s-{n:02}"), "v").await);
        }
        push_all(&house, &stores).await;
        house.app.clock.advance(Duration::seconds(1));
        put_in_vault(&format!("{base}/s-00"), json!({ "value": "theirs" })).await;
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!(ask(&max, environment, &[]).await, 303);
        go_on(&house, &stores, environment).await;
        assert_eq!(house.secret(ids[0]).await.vault_sync_status, SyncStatus::OutOfSync);
        let gone: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("UPDATE environments SET vault_url = 'http://127.0.0.1:9', row_version = row_version + 1 WHERE id = ?", environment)).await
        });
        gone.unwrap();
        house.app.clock.advance(Duration::seconds(1));
        put_in_aws(&format!("{base}/s-11"), "theirs").await;
        assert_eq!(ask(&max, environment, &[]).await, 303);
        go_on(&house, &stores, environment).await;
        let page = max.get(&format!("/environments/{environment}/copies")).await.body;
        assert!(page.contains("12 secrets compared. 1 differs, 11 could not be asked about.") && page.contains("Vault KV v2 did not answer."), "{page}");
        assert!(page.contains("Vault KV v2: it did not answer."), "{page}");
        let spots: Vec<(Spot, Finding)> = details(&house, ids[11]).await.into_iter().map(|one| (one.0, one.1)).collect();
        assert_eq!(spots, [(Spot::Aws, Finding::Differs), (Spot::Vault, Finding::Unknown)]);
        assert_eq!(details(&house, ids[11]).await[1].2, "It did not answer, and was not asked again.");
        assert_eq!(house.secret(ids[1]).await.vault_sync_status, SyncStatus::Synced, "nothing is known against it");
        assert_eq!(details(&house, ids[0]).await[1].1, Finding::Differs, "what was known before is still known");
        assert!(page.contains(&format!("/secrets/{}/copies/vault", ids[0])), "{page}");
    }
}

three! {
    // S43: what another environment keeps in the same folder is nobody's to read here; and what Keeper left there itself was not added.
    async fn another_environments_copies_are_no_strays(house: House) {
        let name = format!("shared-{}", engine(&house));
        if wiring(&name, None, None).is_none() {
            return;
        }
        let folder = format!("{name}-{}", std::process::id());
        let wired = |name: &str, access: &str, template: &str| keeper::environments::EnvironmentInput {
            name: name.into(),
            access: access.into(),
            aws_path_template: format!("{folder}/{template}"),
            vault_path_template: format!("{folder}/{template}"),
            ..wiring(name, None, None).unwrap()
        };
        let (stores, operator) = (Stores::default(), house.operator());
        let open = keeper::environments::create(&house.app, &operator, wired(&name, "open", "{name}").parse().unwrap()).await.unwrap();
        let walled = keeper::environments::create(&house.app, &operator, wired(&format!("{name}-walled"), "members", "{environment}/{name}").parse().unwrap()).await.unwrap();
        house.add_secret(open, "ours", "v").await;
        house.add_secret(walled, "walled-secret", "v").await;
        push_all(&house, &stores).await;
        let mark = json!({ "custom_metadata": { "keeper_uid": "a-purged-one", "keeper_version": "1" } });
        put_in_vault(&format!("{folder}/purged"), json!({ "value": "v" })).await;
        in_vault("POST", &format!("secret/metadata/{folder}/purged"), mark).await;
        put_in_vault(&format!("{folder}/deleted"), json!({ "value": "v" })).await;
        in_vault("DELETE", &format!("secret/data/{folder}/deleted"), Value::Null).await;
        verify::compare_all(&house.app, &operator, open, false).await.unwrap();
        go_on(&house, &stores, open).await;
        let found = verify::strays(&house.app, open, 10).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
        let latest = verify::latest(&house.app, open).await.unwrap().unwrap();
        assert_eq!((latest.compared, latest.added, &*latest.unlisted), (1, 0, ""));
    }
}
