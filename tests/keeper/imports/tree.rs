//! Import from a backend, on real OpenBao and moto: what lies there comes under Keeper's care byte for byte, nothing there is changed
//! that was not taken over, and what cannot be taken says why.
use super::{confirm, count, value};
use crate::copies::{engine, push_all, wired};
use crate::support::house::PASSWORD;
use crate::support::others::{gathering, in_aws, make_in_aws, noted_in_vault, put_in_vault};
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::domain::enums::{Role, SyncStatus};
use keeper::sync::Stores;
use keeper::{audit, people, sql};
use serde_json::{Value, json};

const AWKWARD: &str = " \r\n\"ü\\\u{2028}\t ";

/// An environment with both backends, its folder there, and an admin.
async fn scene(house: &House, name: &str) -> Option<(i64, String)> {
    let name = format!("{name}-{}", engine(house));
    let environment = wired(house, &name, None).await?;
    house.add_user("ada", "admin").await;
    house.add_user("max", "manager").await;
    Some((environment, format!("{name}-{}", std::process::id())))
}

async fn gather(
    visitor: &Visitor,
    environment: i64,
    backend: &str,
    folder: &str,
    more: &[(&str, &str)],
) -> Answer {
    let environment = environment.to_string();
    let usual = gathering(&environment, backend, folder);
    let usual = usual.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    let fields: Vec<(&str, &str)> = usual.chain(more.iter().copied()).collect();
    visitor.post("/secrets/import/backend", &fields).await
}

async fn status(house: &House, id: i64) -> SyncStatus {
    house.secret(id).await.vault_sync_status
}

async fn id_of(house: &House, environment: i64, name: &str) -> i64 {
    count(house, sql!("SELECT id FROM secrets WHERE environment_id = ? AND name = ?", environment, name))
        .await
}

three! {
    // What lies where Keeper would put it becomes the copy, unchanged; what lies elsewhere stays, and Keeper makes its own; fields that
    // others read stay as they are.
    async fn a_tree_in_vault_comes_under_keepers_care(house: House) {
        let Some((environment, base)) = scene(&house, "tree").await else { return };
        let (site, stores) = (Site::start(&house.app).await, Stores::default());
        house.add_secret(environment, "kept", "keepers").await;
        push_all(&house, &stores).await;
        put_in_vault(&format!("{base}/at-home"), json!({ "value": AWKWARD })).await;
        put_in_vault(&format!("{base}/bytes"), json!({ "value_base64": "/wAB" })).await;
        put_in_vault(&format!("{base}/legacy/mail/Pass"), json!({ "value": "canary-deep" })).await;
        put_in_vault(&format!("{base}/many"), json!({ "user": "u", "password": "canary-many" })).await;
        put_in_vault(&format!("{base}/empty"), json!({ "value": "" })).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let max = site.signed_in("max", PASSWORD).await;
        assert_eq!((max.get("/secrets/import/backend").await.status, gather(&max, environment, "vault", &base, &[]).await.status), (403, 403));
        let link = ada.get("/secrets/import").await.body;
        assert!(link.contains("href=\"/secrets/import/backend\"") && !max.get("/secrets/import").await.body.contains("/secrets/import/backend"));

        let held = gather(&ada, environment, "vault", &format!("/{base}/"), &[]).await;
        assert_eq!(held.status, 303, "{}", held.body);
        let preview = held.location().to_owned();
        let page = ada.get(&preview).await.body;
        for words in [
            &format!("{base}/legacy/mail/Pass"), "4 rows of Vault KV v2", "becomes its copy in Vault KV v2, unchanged", "Keeper makes a copy at a path of its own in Vault KV v2",
            "Keeper keeps the secret out of Vault KV v2", "holds copies of Keeper’s too (1), which stay as they are", "Make 4 secrets", &format!("{base}/empty"),
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("canary"), "{page}");
        assert_eq!(noted_in_vault(&format!("{base}/at-home")).await, (1, Value::Null), "nothing is written before somebody confirms");
        let done = confirm(&ada, &preview, "moving in").await;
        assert_eq!((done.status, done.location()), (303, preview.as_str()), "{}", done.body);
        push_all(&house, &stores).await;

        assert_eq!(value(&house, environment, "at-home").await, (1, AWKWARD.as_bytes().to_vec()));
        assert_eq!(value(&house, environment, "bytes").await, (1, vec![0xff, 0, 1]));
        assert_eq!(value(&house, environment, "pass").await, (1, b"canary-deep".to_vec()));
        assert_eq!(value(&house, environment, "many").await, (1, br#"{"password":"canary-many","user":"u"}"#.to_vec()));
        for name in ["at-home", "bytes"] {
            let id = id_of(&house, environment, name).await;
            let (version, notes) = noted_in_vault(&format!("{base}/{name}")).await;
            assert_eq!((version, notes["keeper_uid"].as_str()), (1, Some(&*house.secret(id).await.uid)), "{name} is marked, and was not written");
            assert_eq!((status(&house, id).await, house.secret(id).await.aws_sync_status), (SyncStatus::Synced, SyncStatus::Synced));
        }
        let pass = id_of(&house, environment, "pass").await;
        assert_eq!((status(&house, pass).await, &*house.secret(pass).await.service_name), (SyncStatus::Synced, "mail"));
        assert_eq!((noted_in_vault(&format!("{base}/pass")).await.0, noted_in_vault(&format!("{base}/legacy/mail/Pass")).await), (1, (1, Value::Null)));
        let many = id_of(&house, environment, "many").await;
        assert_eq!((status(&house, many).await, noted_in_vault(&format!("{base}/many")).await), (SyncStatus::NotConfigured, (1, Value::Null)));

        let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
        let log = audit::list(&house.app, &filter).await.unwrap().items;
        let gathered = log.iter().find(|line| line.action == "import.gathered").unwrap();
        assert!(gathered.actor_name == "ada" && gathered.detail("folder") == Some(base.clone()), "{gathered:?}");
        // A second time there is nothing left but what was left.
        let again = gather(&ada, environment, "vault", &base, &[]).await;
        assert!(again.status == 422 && again.body.contains("nothing to import among"), "{}", again.body);
    }
}

three! {
    // "Nothing": not even a mark. Fields apart become secrets of their own, and names alike are told until whole paths tell them apart.
    async fn what_is_only_copied_in_stays_as_it_is(house: House) {
        let Some((environment, base)) = scene(&house, "leave").await else { return };
        let (site, stores) = (Site::start(&house.app).await, Stores::default());
        for (name, text) in [("a/db", "one"), ("b/db", "two"), ("b/.-x", "three")] {
            make_in_aws(&format!("{base}/{name}"), text).await;
        }
        make_in_aws(&format!("{base}-other/db"), "beside").await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let twins = gather(&ada, environment, "aws", &base, &[("then", "leave")]).await;
        let page = ada.get(twins.location()).await.body;
        assert!(page.contains("db would be the name of several") && page.contains("Make 1 secret"), "{page}");
        assert!(page.contains("backend=aws") && !page.contains("-other/db"), "{page}");
        let held = gather(&ada, environment, "aws", &base, &[("then", "leave"), ("naming", "whole")]).await;
        let done = confirm(&ada, held.location(), "").await;
        assert_eq!(done.status, 303, "{}", done.body);
        push_all(&house, &stores).await;
        assert_eq!(value(&house, environment, "a-db").await, (1, b"one".to_vec()));
        assert_eq!(value(&house, environment, "b-.-x").await, (1, b"three".to_vec()));
        let id = id_of(&house, environment, "b-db").await;
        let secret = house.secret(id).await;
        assert_eq!((secret.aws_sync_status, secret.vault_sync_status), (SyncStatus::NotConfigured, SyncStatus::Synced), "the other backend has it");
        let there = in_aws("DescribeSecret", json!({ "SecretId": format!("{base}/b/db") })).await;
        assert!(there["Tags"].as_array().is_none_or(Vec::is_empty), "{there}");

        put_in_vault(&format!("{base}/fields/mail"), json!({ "User": "u", "port": 25 })).await;
        let held = gather(&ada, environment, "vault", &format!("{base}/fields"), &[("fields", "apart")]).await;
        confirm(&ada, held.location(), "").await;
        assert_eq!(value(&house, environment, "mail-user").await, (1, b"u".to_vec()));
        assert_eq!(value(&house, environment, "mail-port").await, (1, b"25".to_vec()));
    }
}

three! {
    // Between the preview and the push somebody changes what is there: it is not overwritten. A secret that Keeper has is left, or changed.
    async fn what_has_changed_meanwhile_is_not_overwritten(house: House) {
        let Some((environment, base)) = scene(&house, "moved").await else { return };
        let (site, stores) = (Site::start(&house.app).await, Stores::default());
        put_in_vault(&format!("{base}/db"), json!({ "value": "first" })).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let held = gather(&ada, environment, "vault", &base, &[]).await;
        put_in_vault(&format!("{base}/db"), json!({ "value": "second" })).await;
        assert_eq!(confirm(&ada, held.location(), "").await.status, 303);
        push_all(&house, &stores).await;
        let id = id_of(&house, environment, "db").await;
        assert_eq!((value(&house, environment, "db").await.1, status(&house, id).await), (b"first".to_vec(), SyncStatus::Failed));
        assert_eq!(noted_in_vault(&format!("{base}/db")).await, (2, Value::Null), "it is not ours, and was not touched");

        put_in_vault(&format!("{base}/x/db"), json!({ "value": "third" })).await;
        let folder = format!("{base}/x");
        let skipped = gather(&ada, environment, "vault", &folder, &[]).await;
        assert!(skipped.status == 422 && skipped.body.contains("a secret named db exists already"), "{}", skipped.body);
        let held = gather(&ada, environment, "vault", &folder, &[("known", "change")]).await;
        assert_eq!(confirm(&ada, held.location(), "").await.status, 303);
        assert_eq!(value(&house, environment, "db").await, (2, b"third".to_vec()));
    }
}

three! {
    // Each mistake beside its field; a backend that is away or refuses says so, and nothing is held.
    async fn what_cannot_be_read_says_why(house: House) {
        let Some((environment, base)) = scene(&house, "unread").await else { return };
        let site = Site::start(&house.app).await;
        let away = wired(&house, &format!("away-{}", engine(&house)), Some("http://127.0.0.1:9")).await.unwrap();
        let none = house.add_environment("bare", "development", "open", &[]).await;
        let ada = site.signed_in("ada", PASSWORD).await;
        let odd = format!("{base}/../x");
        for (environment, backend, folder, more, words) in [
            (environment, "vault", &*base, [("then", "")], "What becomes of what is there must be one of adopt, leave"),
            (environment, "both", &*base, [("then", "adopt")], "Backend must be one of aws, vault"),
            (environment, "vault", &*base, [("then", "adopt")], "Folder holds no secret that Keeper’s credentials can list"),
            (environment, "vault", &*odd, [("then", "adopt")], "Backend cannot be read: the path in Vault holds an empty part"),
            (away, "vault", &*base, [("then", "adopt")], "Backend cannot be read: Vault refused the connection"),
            (none, "vault", &*base, [("then", "adopt")], "Backend is not configured in bare"),
        ] {
            let told = gather(&ada, environment, backend, folder, &more).await;
            assert!(told.status == 422 && told.body.contains(words), "{words}: {} {}", told.status, told.body);
        }
        assert_eq!(count(&house, sql!("SELECT COUNT(*) FROM imports")).await, 0);

        // Who was an admin when it was read may be none when it is confirmed.
        house.add_user("eve", "admin").await;
        put_in_vault(&format!("{base}/db"), json!({ "value": "v" })).await;
        let held = gather(&site.signed_in("eve", PASSWORD).await, environment, "vault", &base, &[]).await;
        people::set_role(&house.app, &house.operator(), "eve", Role::Manager).await.unwrap();
        let eve = site.signed_in("eve", PASSWORD).await;
        assert_eq!(eve.get(held.location()).await.status, 403);
        assert_eq!(eve.post(held.location(), &[("seen", "x"), ("reason", "")]).await.status, 403);
    }
}
