//! A rotation whose process dies between any two of its lines: `keeper serve` with fault points (Cargo feature `faults`), killed
//! and started again. Either the old value or the new one is in force everywhere, and what the source has taken is never lost.
use super::rotating::{adopted, told};
use super::*;
use crate::support::served::Served;
use keeper::db::Engine;
use keeper::domain::enums::{Backend, RotationStatus, VersionState};
use keeper::rotations;
use std::time::{Duration, Instant};

/// Where it dies on the way forward, …
const FORWARD: [&str; 5] = ["before_source", "after_source", "before_try", "before_switch", "after_switch"];
/// … and on the way back.
const BACK: [&str; 3] = ["before_undo", "after_undo", "before_end"];

struct Murder<'a> {
    house: &'a House,
    settings: [(&'a str, &'a str); 2],
}

impl Murder<'_> {
    /// Dies at the point, and is started again without it.
    async fn at(&self, point: &str, rotation: i64) -> RotationStatus {
        let settings = [self.settings[0], self.settings[1], ("DIE_AT_FAULT_POINT", point)];
        let mut served = Served::begin(self.house.data.path(), &settings);
        served.dies().await;
        // What its lease kept back from others is free again when it has ended: not waited for here.
        let free: Result<u64> = tx!(self.house.app.db, |tx| {
            let now = self.house.app.now();
            tx.exec(sql!("UPDATE jobs SET run_at = ? WHERE state = 'leased'", now)).await?;
            tx.exec(sql!("UPDATE rotations SET run_at = ?, lease_until = NULL WHERE run_at IS NOT NULL", now))
                .await
        });
        free.unwrap();
        let served = Served::start(self.house.data.path(), &self.settings).await;
        let patience = Instant::now();
        loop {
            let status =
                rotations::find(&self.house.app, &self.house.operator(), rotation).await.unwrap().status;
            if status != RotationStatus::Running {
                return status;
            }
            assert!(patience.elapsed() < Duration::from_secs(40), "{point}: {}", served.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn story(engine: Engine) {
    let Some(house) = House::new(engine).await else { return };
    let url = house.app.settings.database_url.expose().to_owned();
    let key = house.app.settings.key_file.display().to_string();
    let settings = [("KEEPER_DATABASE_URL", url.as_str()), ("KEEPER_KMS_KEY_FILE", key.as_str())];
    let murder = Murder { house: &house, settings };
    for place in places().await {
        let (secret, name) = adopted(&house, &place, place.port, "value-0").await;
        for (n, point) in FORWARD.into_iter().enumerate() {
            let new = format!("value-{}", n + 1);
            let rotation = house.rotate(&house.operator(), secret, &new).await.unwrap();
            assert_eq!(murder.at(point, rotation).await, RotationStatus::Succeeded, "{point}");
            assert!(place.opens(&name, &new).await, "{point}");
            assert_eq!(current(&house, secret).await, new, "{point}");
            assert!(!told(&house, rotation).await.contains("waiting"), "{point}");
        }
        for point in BACK {
            let before = current(&house, secret).await;
            let rotation = house.rotate(&house.operator(), secret, "never-in-force").await.unwrap();
            // The source is said to have it, and somebody else has set another password there: the way back has to put the old one back.
            let said: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!(
                    "UPDATE rotation_steps SET status = 'done' WHERE rotation_id = ? AND step = 'source'",
                    rotation
                ))
                .await
            });
            said.unwrap();
            place.meddle(&name, "meddled").await;
            assert_eq!(murder.at(point, rotation).await, RotationStatus::Failed, "{point}");
            assert!(place.opens(&name, &before).await, "{point}");
            assert_eq!(current(&house, secret).await, before, "{point}");
            let last = house.secret(secret).await.last_version();
            let version = secrets::version(&house.app, secret, last).await.unwrap();
            assert_eq!(version.state, VersionState::Retired, "{point}");
        }
    }
    assert_eq!(keeper::audit::verify(&house.app).await.unwrap().findings.len(), 0);
}

/// Where it dies on the way of the copies: after the backend has the value, and after Keeper knows that it has.
const COPIES: [&str; 2] = ["after_push", "after_copy"];

/// After each death both copies hold the new value, once, and the rotation ends.
async fn story_of_copies(engine: Engine) {
    let Some(house) = House::new(engine).await else { return };
    let url = house.app.settings.database_url.expose().to_owned();
    let key = house.app.settings.key_file.display().to_string();
    let settings = [("KEEPER_DATABASE_URL", url.as_str()), ("KEEPER_KMS_KEY_FILE", key.as_str())];
    let murder = Murder { house: &house, settings };
    let name = format!("killed-{}", crate::copies::engine(&house));
    let Some(environment) = crate::copies::wired(&house, &name, None).await else { return };
    let secret = house.add_secret(environment, "db", "value-0").await;
    crate::copies::push_all(&house, &keeper::sync::Stores::default()).await;
    for (n, point) in (2..).zip(COPIES) {
        if point == "after_copy" {
            // The only copy that it waits for: nothing else will come by that settles it.
            let alone: Result<u64> = tx!(house.app.db, |tx| {
                tx.exec(sql!("UPDATE environments SET aws_enabled = ? WHERE id = ?", false, environment))
                    .await
            });
            alone.unwrap();
        }
        let rotation = house.rotate(&house.operator(), secret, &format!("value-{n}")).await.unwrap();
        assert_eq!(murder.at(point, rotation).await, RotationStatus::Succeeded, "{point}");
        let version = secrets::version(&house.app, secret, n).await.unwrap();
        let is_meant = |copy: &secrets::Copy| point == "after_push" || copy.backend == Backend::Vault;
        for copy in secrets::copies(&house.app, secret).await.unwrap().into_iter().filter(is_meant) {
            let held = (copy.version_number, copy.digest());
            assert_eq!(held, (Some(n), version.digest()), "{point} {:?}", copy.backend);
            if copy.backend == Backend::Vault {
                assert_eq!(copy.remote_version, Some(n.to_string()), "{point}: written once");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_survive_the_death_of_their_process_on_sqlite() {
    story_of_copies(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_survive_the_death_of_their_process_on_postgres() {
    story_of_copies(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_survive_the_death_of_their_process_on_mysql() {
    story_of_copies(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_survives_the_death_of_its_process_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_survives_the_death_of_its_process_on_postgres() {
    story(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_survives_the_death_of_its_process_on_mysql() {
    story(Engine::Mysql).await;
}
