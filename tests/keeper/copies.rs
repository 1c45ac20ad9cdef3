//! Copies on real OpenBao and moto: pushed, read back, kept in order, and one backend's trouble is its own.
mod choosing;
mod comparing;
mod moving;
mod pages;
mod signing;

use crate::support::{House, env_or_skip, three};
use keeper::domain::enums::{Backend, RotationStatus, SyncStatus};
use keeper::environments::{self, EnvironmentInput};
use keeper::outbox;
use keeper::sync::{Stores, push_next};
use keeper::{rotations, secrets, tx};

/// An environment with both backends; `None` where they are not there. `vault` may name another address.
pub async fn wired(house: &House, name: &str, vault: Option<&str>) -> Option<i64> {
    let input = wiring(name, None, vault)?;
    Some(environments::create(&house.app, &house.operator(), input.parse().unwrap()).await.unwrap())
}

/// Its form.
pub fn wiring(name: &str, aws: Option<&str>, vault: Option<&str>) -> Option<EnvironmentInput> {
    let real = [env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?, env_or_skip("KEEPER_TEST_VAULT_URL")?];
    Some(EnvironmentInput {
        name: name.into(),
        display_name: name.into(),
        stage: "staging".into(),
        aws_enabled: Some("true".into()),
        aws_region: "us-east-1".into(),
        aws_endpoint: aws.unwrap_or(&real[0]).to_owned(),
        aws_path_template: format!("{{environment}}-{}/{{name}}", std::process::id()),
        aws_access_key_id: Some("test".to_owned().into()),
        aws_secret_access_key: Some("test".to_owned().into()),
        vault_enabled: Some("true".into()),
        vault_url: vault.unwrap_or(&real[1]).to_owned(),
        vault_mount: "secret".into(),
        vault_path_template: format!("{{environment}}-{}/{{name}}", std::process::id()),
        vault_token: Some(env_or_skip("KEEPER_TEST_VAULT_TOKEN")?.into()),
        ..EnvironmentInput::default()
    })
}

pub async fn push_all(house: &House, stores: &Stores) {
    for backend in Backend::ALL {
        while let Some(pushed) = push_next(&house.app, stores, *backend).await.unwrap() {
            rotations::settle(&house.app, pushed.secret_id).await.unwrap();
        }
    }
}

pub fn engine(house: &House) -> String {
    format!("{:?}", house.app.db.engine()).to_lowercase()
}

three! {
    // S01 S02 S03 S30: one save reaches both, is read back, and a rotation ends when both hold the new value.
    async fn a_value_reaches_both_backends_and_a_rotation_waits_for_them(house: House) {
        let Some(environment) = wired(&house, &format!("both-{}", engine(&house)), None).await else { return };
        let stores = Stores::default();
        let id = house.add_secret(environment, "db", "first\n").await;
        push_all(&house, &stores).await;
        let secret = house.secret(id).await;
        assert_eq!((secret.aws_sync_status, secret.vault_sync_status, secret.sync_status()), (SyncStatus::Synced, SyncStatus::Synced, SyncStatus::Synced));
        assert!(secret.aws_secret_arn.unwrap().starts_with("arn:aws:secretsmanager:") && secret.vault_path.unwrap().ends_with("/db"));
        let rotation = house.rotate(&house.operator(), id, "second").await.unwrap();
        let status = |id| { let house = &house; async move { rotations::find(&house.app, &house.operator(), id).await.unwrap().status } };
        assert_eq!(status(rotation).await, RotationStatus::Running);
        push_all(&house, &stores).await;
        assert_eq!(status(rotation).await, RotationStatus::Succeeded);
        let current = secrets::version(&house.app, id, 2).await.unwrap();
        for copy in secrets::copies(&house.app, id).await.unwrap() {
            assert_eq!((copy.digest(), copy.version_number), (current.digest(), Some(2)), "{:?}", copy.backend);
        }
    }
}

three! {
    // S03: Vault is away; AWS has the value all the same, the overall status tells, and the rotation says so when Vault is given up.
    async fn one_backend_down_holds_up_nothing_else(house: House) {
        let Some(environment) = wired(&house, &format!("half-{}", engine(&house)), Some("http://127.0.0.1:9")).await else { return };
        let stores = Stores::default();
        let id = house.add_secret(environment, "db", "first").await;
        let rotation = house.rotate(&house.operator(), id, "second").await.unwrap();
        for _ in 0..30 {
            push_all(&house, &stores).await;
            house.app.clock.advance(time::Duration::minutes(6));
        }
        let secret = house.secret(id).await;
        assert_eq!((secret.aws_sync_status, secret.vault_sync_status, secret.sync_status()), (SyncStatus::Synced, SyncStatus::Failed, SyncStatus::Failed));
        let rotation = rotations::find(&house.app, &house.operator(), rotation).await.unwrap();
        assert_eq!(rotation.status, RotationStatus::Failed);
        let vault = secrets::copies(&house.app, id).await.unwrap().into_iter().find(|c| c.backend == Backend::Vault).unwrap();
        assert!(vault.last_error.is_some_and(|e| !e.is_empty()) && vault.attempts > 12, "it is still tried, seldom");
    }
}

three! {
    // A lease that ran out belongs to whoever took over; the first holder's word no longer counts.
    async fn two_workers_never_answer_for_one_job(house: House) {
        let Some(environment) = wired(&house, &format!("lease-{}", engine(&house)), None).await else { return };
        let id = house.add_secret(environment, "db", "v").await;
        house.rotate(&house.operator(), id, "w").await.unwrap();
        let first = outbox::claim(&house.app, Backend::Vault).await.unwrap().unwrap();
        assert!(outbox::claim(&house.app, Backend::Vault).await.unwrap().is_none(), "the second job of a secret waits for the first");
        house.app.clock.advance(time::Duration::seconds(61));
        let second = outbox::claim(&house.app, Backend::Vault).await.unwrap().unwrap();
        assert_eq!((first.id, second.lease_token), (second.id, first.lease_token + 1));
        let now = house.app.now();
        let late: keeper::domain::error::Result<bool> = tx!(house.app.db, |tx| outbox::done(tx, now, &first).await);
        let right: keeper::domain::error::Result<bool> = tx!(house.app.db, |tx| outbox::done(tx, now, &second).await);
        assert_eq!((late.unwrap(), right.unwrap()), (false, true));
    }
}

three! {
    // S35: a former value that is brought back reaches the copies like any other change.
    async fn a_former_value_reaches_the_copies_again(house: House) {
        let Some(environment) = wired(&house, &format!("back-{}", engine(&house)), None).await else { return };
        let stores = Stores::default();
        let id = house.add_secret(environment, "db", "first").await;
        house.rotate(&house.operator(), id, "second").await.unwrap();
        push_all(&house, &stores).await;
        let wish = rotations::Restore { number: 1, reason: "the new one is wrong".into(), breaks_glass: false, row_version: 2 };
        let rotation = rotations::restore(&house.app, &house.operator(), id, &wish).await.unwrap();
        push_all(&house, &stores).await;
        assert_eq!(rotations::find(&house.app, &house.operator(), rotation).await.unwrap().status, RotationStatus::Succeeded);
        let first = secrets::version(&house.app, id, 1).await.unwrap().digest();
        for copy in secrets::copies(&house.app, id).await.unwrap() {
            assert_eq!((copy.digest(), copy.version_number), (first, Some(3)), "{:?}", copy.backend);
        }
    }
}
