//! Verification on real servers: what was changed behind Keeper's back is found and said with its remedy, what is away is not known,
//! and at night each secret has one turn.
use crate::copies::{engine, push_all, wired};
use crate::sources::place::{Place, fresh};
use crate::sources::proxy::door;
use crate::strategies::{near, wish};
use crate::support::house::PASSWORD;
use crate::support::others::{in_vault, put_in_aws};
use crate::support::site::Site;
use crate::support::{House, three};
use keeper::audit;
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::domain::error::Result;
use keeper::domain::plaintext::Plaintext;
use keeper::kit::clock::Utc;
use keeper::remote::Mark;
use keeper::rotations;
use keeper::secrets;
use keeper::sources::{self, SourceInput};
use keeper::sync::Stores;
use keeper::verify::{self, Finding, Spot, compare_next};
use keeper::{sql, tx};
use serde_json::Value;
use std::sync::atomic::Ordering;
use time::Duration;

/// Somebody else writes to the copy in Vault.
async fn meddle_in_vault(house: &House, stores: &Stores, id: i64) {
    let secret = house.secret(id).await;
    let environment = house.environment(secret.environment_id).await;
    let store = stores.of(&house.app, &environment, Backend::Vault).await.unwrap().unwrap();
    let mark = Mark { uid: secret.uid, version: secret.current_version };
    let path = path(house, id, Backend::Vault).await;
    store.push(&path, &Plaintext::from("meddled".to_owned()), &mark).await.unwrap();
}

/// And to the one in AWS, whose versions Keeper's own client does not write twice.
async fn meddle_in_aws(house: &House, id: i64) {
    put_in_aws(&path(house, id, Backend::Aws).await, "meddled").await;
}

async fn path(house: &House, id: i64, backend: Backend) -> String {
    let copies = secrets::copies(&house.app, id).await.unwrap();
    copies.into_iter().find(|copy| copy.backend == backend).unwrap().remote_path
}

/// Somebody else removes the copy in Vault.
async fn remove(house: &House, id: i64) {
    let path = path(house, id, Backend::Vault).await;
    in_vault("DELETE", &format!("secret/metadata/{path}"), Value::Null).await;
}

async fn found(house: &House, id: i64) -> Vec<(Spot, Finding)> {
    let last = verify::last(&house.app, id).await.unwrap();
    last.into_iter().map(|one| (one.place, one.outcome)).collect()
}

/// Who told of a verification, and how it ended; the newest first.
async fn told(house: &House) -> Vec<(String, String)> {
    let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
    let log = audit::list(&house.app, &filter).await.unwrap().items;
    let verified = log.into_iter().filter(|line| line.action == "secret.verified");
    verified.map(|line| (line.actor_name, line.outcome)).collect()
}

/// A secret that is a living user's password.
async fn adopted(house: &House, place: &Place, port: u16) -> (i64, String) {
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let account = fresh("app");
    place.add(&account, "the-old-one").await;
    let named = SourceInput { name: "main".into(), port: port.to_string(), ..near(place) };
    let source =
        sources::create(&house.app, &house.operator(), dev, named.parse(&house.app).unwrap()).await.unwrap();
    let secret = house.add_secret(dev, &account, "the-old-one").await;
    let wish = wish(house, secret, source, &account).await;
    house.set_strategy(&house.operator(), secret, wish).await.unwrap();
    (secret, account)
}

three! {
    // All well is said; a copy that somebody changed or removed is out of sync, and a push puts it right.
    async fn a_copy_that_was_changed_is_found(house: House) {
        let Some(environment) = wired(&house, &format!("verify-{}", engine(&house)), None).await else { return };
        let (site, stores) = (Site::start(&house.app).await, Stores::default());
        house.add_user("max", "manager").await;
        house.add_user("uma", "user").await;
        let id = house.add_secret(environment, "db", "first").await;
        let (home, form) = (format!("/secrets/{id}"), format!("/secrets/{id}/verify"));
        let max = site.signed_in("max", PASSWORD).await;
        let early = max.post(&form, &[]).await;
        assert_eq!((early.status, found(&house, id).await), (303, vec![(Spot::Aws, Finding::Unknown), (Spot::Vault, Finding::Unknown)]), "a push is on its way");
        house.app.clock.advance(Duration::seconds(1));
        push_all(&house, &stores).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("Not verified since version 1") && page.contains(&format!("action=\"{form}\"")), "{page}");
        house.app.clock.advance(Duration::seconds(1));
        assert_eq!(max.post(&form, &[]).await.location(), home);
        let page = max.get(&home).await.body;
        assert!(page.matches("Read back, and equal.").count() == 2 && !page.contains("Push again to put"), "{page}");
        assert_eq!(told(&house).await[0], ("max".to_owned(), "ok".to_owned()));

        meddle_in_vault(&house, &stores, id).await;
        max.post(&form, &[]).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("Another value is there.") && page.contains("Push again to put Keeper’s value there.") && page.contains("Out of sync"), "{page}");
        let secret = house.secret(id).await;
        assert_eq!((secret.aws_sync_status, secret.vault_sync_status), (SyncStatus::Synced, SyncStatus::OutOfSync));
        assert_eq!(told(&house).await[0], ("max".to_owned(), "failed".to_owned()));
        assert!(max.get("/secrets?status=out_of_sync").await.body.contains(&home));
        meddle_in_aws(&house, id).await;
        max.post(&form, &[]).await;
        assert_eq!(max.get(&home).await.body.matches("Another value is there.").count(), 2);
        house.app.clock.advance(Duration::seconds(1));
        assert_eq!(max.post(&format!("{home}/sync"), &[]).await.status, 303);
        push_all(&house, &stores).await;
        let page = max.get(&home).await.body;
        assert!(!page.contains("Another value is there.") && page.contains("All 3 digests are equal"), "{page}");
        house.app.clock.advance(Duration::seconds(1));
        remove(&house, id).await;
        max.post(&form, &[]).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("Nothing is there.") && house.secret(id).await.vault_sync_status == SyncStatus::OutOfSync, "{page}");

        // A rotation proves its value by itself; and who may not rotate is offered nothing.
        house.rotate(&house.operator(), id, "second").await.unwrap();
        assert_eq!(max.post(&form, &[]).await.status, 409);
        push_all(&house, &stores).await;
        let level: Result<u64> = tx!(house.app.db, |tx| tx.exec(sql!("UPDATE secrets SET secrecy_level = 'restricted' WHERE id = ?", id)).await);
        level.unwrap();
        let uma = site.signed_in("uma", PASSWORD).await;
        assert!(!uma.get(&home).await.body.contains(&form));
        assert_eq!(uma.post(&form, &[]).await.status, 403);
        assert!(audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // A backend that is away has not lost its value.
    async fn a_copy_that_cannot_be_asked_is_not_known(house: House) {
        let Some(environment) = wired(&house, &format!("unknown-{}", engine(&house)), Some("http://127.0.0.1:9")).await else { return };
        let stores = Stores::default();
        let id = house.add_secret(environment, "db", "first").await;
        push_all(&house, &stores).await;
        let was: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("UPDATE copies SET last_success_at = ? WHERE secret_id = ? AND backend = 'vault'", house.app.now(), id)).await?;
            tx.exec(sql!("UPDATE secrets SET vault_sync_status = 'synced' WHERE id = ?", id)).await
        });
        was.unwrap();
        verify::verify(&house.app, &stores, &house.operator(), id).await.unwrap();
        assert_eq!(found(&house, id).await, [(Spot::Aws, Finding::Equal), (Spot::Vault, Finding::Unknown)]);
        assert_eq!(house.secret(id).await.vault_sync_status, SyncStatus::Synced);
    }
}

three! {
    // A password that was changed at its source behind Keeper's back is refused there, and the page says what to do; a server that is
    // away is not known.
    async fn a_password_that_was_changed_at_its_source_is_found(house: House) {
        let Some(place) = Place::postgres().await else { return };
        let site = Site::start(&house.app).await;
        house.add_user("max", "manager").await;
        let (port, is_shut) = door(place.port).await;
        let (id, account) = adopted(&house, &place, port).await;
        let (home, form) = (format!("/secrets/{id}"), format!("/secrets/{id}/verify"));
        let max = site.signed_in("max", PASSWORD).await;
        max.post(&form, &[]).await;
        assert!(max.get(&home).await.body.contains("The current value signs in there."));
        is_shut.store(true, Ordering::SeqCst);
        max.post(&form, &[]).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("Not known") && page.contains("Verify again when it can be reached."), "{page}");
        assert_eq!(found(&house, id).await, [(Spot::Source, Finding::Unknown)]);
        is_shut.store(false, Ordering::SeqCst);
        place.meddle(&account, "meddled").await;
        max.post(&form, &[]).await;
        let page = max.get(&home).await.body;
        assert!(page.contains("It does not let the current value in.") && page.contains("Rotate to give it a new one, or put the former one back."), "{page}");
        house.app.clock.advance(Duration::seconds(1));
        house.rotate(&house.operator(), id, "the-new-one").await.unwrap();
        while rotations::go_on(&house.app).await.unwrap() {}
        let page = max.get(&home).await.body;
        assert!(!page.contains("It does not let") && page.contains("Not verified since version 2"), "{page}");
        max.post(&form, &[]).await;
        assert_eq!(found(&house, id).await, [(Spot::Source, Finding::Equal)]);
        let outcomes: Vec<String> = told(&house).await.into_iter().map(|line| line.1).collect();
        assert_eq!(outcomes, ["ok", "failed", "failed", "ok"]);
    }
}

three! {
    // From two in the night on each secret that is somewhere has one turn, however many workers there are; what rests has none.
    async fn at_night_each_has_one_turn(house: House) {
        let Some(environment) = wired(&house, &format!("night-{}", engine(&house)), None).await else { return };
        let Some(resting) = wired(&house, &format!("rests-{}", engine(&house)), None).await else { return };
        let stores = Stores::default();
        let mut awake = Vec::new();
        for n in 0..6 {
            awake.push(house.add_secret(environment, &format!("s-{n}"), "v").await);
        }
        let off = house.add_secret(environment, "off", "v").await;
        let busy = house.add_secret(environment, "busy", "v").await;
        house.add_secret(resting, "resting", "v").await;
        let plain = house.add_environment("plain", "development", "open", &[]).await;
        house.add_secret(plain, "nowhere", "v").await;
        push_all(&house, &stores).await;
        secrets::set_active(&house.app, &house.operator(), off, false, "a test", 1).await.unwrap();
        keeper::environments::set_active(&house.app, &house.operator(), resting, false).await.unwrap();
        house.rotate(&house.operator(), busy, "w").await.unwrap();
        meddle_in_aws(&house, awake[3]).await;

        let next = async || {
            let query = sql!("SELECT next_at FROM verify_rounds WHERE id = 1");
            house.app.db.read().await.unwrap().one::<(Utc,)>(query).await.unwrap().0
        };
        assert!(compare_next(&house.app, &stores).await.unwrap().is_none(), "the night is planned");
        let until = next().await.since(house.app.now());
        assert!(next().await.to_seconds().contains("T02:00:0"), "{}", next().await.to_seconds());
        house.app.clock.advance(until - Duration::seconds(1));
        assert!(compare_next(&house.app, &stores).await.unwrap().is_none(), "a second too early");
        for night in 1..3_usize {
            house.app.clock.advance(next().await.since(house.app.now()));
            let mut turns = Vec::new();
            for _ in 0..4 {
                let (one, other) = tokio::join!(compare_next(&house.app, &stores), compare_next(&house.app, &stores));
                let (one, other) = (one.unwrap(), other.unwrap());
                assert!(one.is_none() || other.is_none(), "not more than a few at once: {one:?} {other:?}");
                turns.extend(one.into_iter().chain(other).flatten());
                house.app.clock.advance(Duration::seconds(2));
            }
            assert_eq!(turns, awake, "night {night}");
            assert_eq!(told(&house).await, [("system".to_owned(), "failed".to_owned())], "what is as it was is not told again");
        }
        assert_eq!(found(&house, awake[3]).await, [(Spot::Aws, Finding::Differs), (Spot::Vault, Finding::Equal)]);
        assert_eq!(found(&house, awake[0]).await, [(Spot::Aws, Finding::Equal), (Spot::Vault, Finding::Equal)]);
        assert_eq!(house.secret(awake[3]).await.aws_sync_status, SyncStatus::OutOfSync);
        assert!(found(&house, off).await.is_empty() && found(&house, busy).await.is_empty());
    }
}
