//! The same as people meet it.
use super::choosing::Scene;
use super::{engine, wired};
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::domain::error::Result;
use keeper::sync::{Stores, push_next};
use keeper::{outbox, tx};

three! {
    // Side by side without a value; compared on the page; and a decision that says what follows from it.
    async fn copies_stand_side_by_side_and_are_decided_about(house: House) {
        let Some(scene) = Scene::new(house, "page").await else { return };
        let site = Site::start(&scene.house.app).await;
        scene.house.add_user("max", "manager").await;
        scene.house.add_user("uma", "user").await;
        let (max, uma) = (site.signed_in("max", PASSWORD).await, site.signed_in("uma", PASSWORD).await);
        scene.put(Backend::Vault, "theirs-alone", false).await;
        scene.push().await;
        let home = format!("/secrets/{}/copies", scene.id);
        let page = uma.get(&home).await;
        for words in ["Side by side", "AWS Secrets Manager", "arn:aws:secretsmanager:", "read back and compared", "it is not Keeper", "Compare now"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("Decide about this copy"), "a user decides nothing");
        assert_eq!(uma.get(&format!("{home}/vault")).await.status, 403);
        let verify = format!("/secrets/{}/verify", scene.id);
        assert_eq!(max.post(&verify, &[("from", "copies")]).await.location(), home);
        let page = max.get(&home).await;
        assert!(page.body.contains("Not Keeper’s") && page.body.contains("with another value") && page.body.contains("Decide about this copy"), "{}", page.body);
        let form = max.get(&format!("{home}/vault")).await;
        for words in ["Replace it with Keeper’s value", "Accept its value into Keeper", "Leave it alone"] {
            assert!(form.body.contains(words), "{words}: {}", form.body);
        }
        assert!(!form.body.contains("Remove the copy") && !form.body.contains("theirs-alone"));
        let (there, row_version) = (form.hidden("there").to_owned(), form.hidden("row_version").to_owned());
        let fields = [("there", &*there), ("row_version", &*row_version), ("choice", "replace")];
        let told = max.post(&format!("{home}/vault"), &fields).await;
        assert!(told.status == 422 && told.body.contains("Reason is required"), "{}", told.body);
        let told = max.post(&format!("{home}/vault"), &[("there", &*there), ("row_version", &*row_version), ("choice", "burn"), ("reason", "a test")]).await;
        assert!(told.status == 422 && told.body.contains("choose one of these"), "{}", told.body);
        let done = max.post(&format!("{home}/vault"), &[&fields[..], &[("reason", "ours by now")]].concat()).await;
        assert_eq!(done.location(), home);
        scene.house.app.clock.advance(time::Duration::seconds(1));
        scene.push().await;
        assert_eq!(scene.status(Backend::Vault).await, SyncStatus::Synced);
        assert!(max.get(&home).await.body.contains("All digests are equal"));
        assert!(max.get(&format!("{home}/vault")).await.body.contains("Remove the copy"));
        assert_eq!(max.get(&format!("{home}/gcp")).await.status, 404);
    }
}

three! {
    // What waits is in the queue with its error and its next try, for managers of its environment alone; "Try now" makes it due; and
    // "Push again" is not held up by the pause of an older try.
    async fn what_waits_is_in_the_queue(house: House) {
        let Some(environment) = wired(&house, &format!("queue-{}", engine(&house)), Some("http://127.0.0.1:9")).await else { return };
        let id = house.add_secret(environment, "db", "first").await;
        let walled = house.add_environment("walled", "production", "members", &[]).await;
        let hidden = house.add_secret(walled, "hidden-one", "first").await;
        let scene = Scene { stores: Stores::default(), environment, id, house };
        let house = &scene.house;
        house.add_user("max", "manager").await;
        house.add_user("uma", "user").await;
        let site = Site::start(&house.app).await;
        let (max, uma) = (site.signed_in("max", PASSWORD).await, site.signed_in("uma", PASSWORD).await);
        let now = house.app.now();
        let foreign: Result<()> = tx!(house.app.db, |tx| outbox::enqueue_all(tx, now, Backend::Vault, &[(hidden, 1)]).await);
        foreign.unwrap();
        assert_eq!(uma.get("/queue").await.status, 403);
        let next = async || push_next(&house.app, &scene.stores, Backend::Vault).await.unwrap();
        assert!(next().await.is_some() && next().await.is_some() && next().await.is_none());
        let page = max.get("/queue").await;
        for words in ["Push version 1 to Vault KV v2", "Vault refused the connection", "Tries again", "Try now", "Push version 1 to AWS"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("hidden-one"));
        let hurry = page.body.split("action=\"").find(|part| part.contains("/try\"")).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(max.post(&hurry, &[]).await.location(), "/queue");
        assert!(next().await.is_some(), "it is due now");
        assert_eq!(max.get("/queue?backend=gcp").await.status, 422);
        keeper::sync::request(&house.app, &house.person("max").await, id).await.unwrap();
        assert!(next().await.is_some(), "a new wish does not wait for the pause of an older one");
        assert_eq!(max.post("/queue/999999/try", &[]).await.status, 404);
        assert_eq!(max.post(&hurry, &[]).await.status, 409);
    }
}

three! {
    // An admin tests a connection and is told step by step what works, what stops it, and what was not asked; nobody else may.
    async fn a_connection_is_tested_step_by_step(house: House) {
        let Some(well) = wired(&house, &format!("well-{}", engine(&house)), None).await else { return };
        let away = wired(&house, &format!("gone-{}", engine(&house)), Some("http://127.0.0.1:9")).await.unwrap();
        let none = house.add_environment("none", "development", "open", &[]).await;
        let site = Site::start(&house.app).await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let (ada, max) = (site.signed_in("ada", PASSWORD).await, site.signed_in("max", PASSWORD).await);
        let list = ada.get("/settings/backends").await;
        assert!(list.body.contains("AWS Secrets Manager") && list.body.contains("http://127.0.0.1:9"), "{}", list.body);
        for backend in ["vault", "aws"] {
            let home = format!("/settings/backends/{well}/{backend}");
            assert!(ada.get(&home).await.body.contains("Test the connection"));
            let told = ada.post(&home, &[]).await;
            assert!(told.status == 200 && told.body.contains("It works") && !told.body.contains("step failed"), "{}", told.body);
            assert_eq!(max.post(&home, &[]).await.status, 403);
        }
        let told = ada.post(&format!("/settings/backends/{away}/vault"), &[]).await;
        for words in ["Vault refused the connection", "a step before it failed", "Test again"] {
            assert!(told.body.contains(words), "{words}: {}", told.body);
        }
        assert!(!told.body.contains("It works"));
        // How each fares is on the list, and in /readyz, which is no less ready for it.
        house.add_secret(away, "db", "first").await;
        push_next(&house.app, &Stores::default(), Backend::Vault).await.unwrap().unwrap();
        let list = ada.get("/settings/backends").await;
        assert!(list.body.contains("1 copy waits") && list.body.contains("Vault refused the connection"), "{}", list.body);
        let ready = ada.get("/readyz").await;
        assert!(ready.status == 200 && ready.body.contains(&format!("\"environment\":{away}")) && ready.body.contains("refused the connection"), "{}", ready.body);
        assert_eq!(max.get("/readyz").await.body, "ready\n");
        assert_eq!(ada.get(&format!("/settings/backends/{none}/vault")).await.location(), "/settings/backends");
        assert_eq!(ada.post(&format!("/settings/backends/{none}/vault"), &[]).await.status, 409);
    }
}
