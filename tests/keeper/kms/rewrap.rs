//! Every data key under another key: switching and rotating, with something of everything that is sealed.
use super::{AwsKey, TransitKey, again, beside, pairs, rewrap, value, work, wrapped_by};
use crate::support::place::Place;
use crate::support::served::keeper;
use crate::support::{House, three};
use keeper::crypto::kms::Wrapped;
use keeper::domain::actor::Actor;
use keeper::domain::enums::Backend;
use keeper::domain::error::{Error, Result};
use keeper::domain::plaintext::Plaintext;
use keeper::environments::{self, EnvironmentInput};
use keeper::kit::chance::Chance;
use keeper::people;
use keeper::rekey::{self, Step};
use keeper::rotations::{self, RotateInput};
use keeper::{imports, sql, tx};
use std::process::Output;
use time::Duration;

/// Versions, a credential, a source, a held file, a waiting request and an authenticator app.
async fn furnish(house: &House) -> (Place, i64) {
    let ids = [house.add_user("max", "manager").await, house.add_user("mia", "manager").await];
    let environment = house.add_environment("dev", "development", "open", &[]).await;
    let max = house.person("max").await;
    let place = Place::furnish(house, environment, "all", &max).await;
    people::begin_second_factor(&house.app, &max, &user(house).await).await.ok().unwrap();
    let guarded = EnvironmentInput {
        name: "guarded".into(),
        display_name: "guarded".into(),
        stage: "development".into(),
        access: "open".into(),
        needs_approval: Some("on".into()),
        vault_enabled: Some("on".into()),
        vault_url: "http://127.0.0.1:9".into(),
        vault_mount: "secret".into(),
        vault_path_template: "{environment}/{name}".into(),
        vault_token: Some(Plaintext::from("s.token-of-a-backend".to_owned())),
        members: ids.iter().map(i64::to_string).collect(),
        ..EnvironmentInput::default()
    };
    let guarded =
        environments::create(&house.app, &house.operator(), guarded.parse().unwrap()).await.unwrap();
    let secret = house.add_secret(guarded, "asked", "value-1").await;
    (place, ask(house, &max, secret).await)
}

/// Whose app it is.
async fn user(house: &House) -> people::User {
    people::by_username(&mut house.app.db.read().await.unwrap(), "max").await.unwrap().unwrap()
}

/// A typed value that waits for another person.
async fn ask(house: &House, actor: &Actor, secret: i64) -> i64 {
    let input = RotateInput {
        mode: "typed".into(),
        new_value: Some(Plaintext::from("value-asked".to_owned())),
        reason: "a test".into(),
        row_version: house.secret(secret).await.row_version.to_string(),
        ..RotateInput::default()
    };
    rotations::rotate(&house.app, actor, secret, input.parse().unwrap()).await.unwrap()
}

/// Everything that was sealed is opened, by the feature that it belongs to.
async fn everything_opens(house: &House, place: &Place) {
    let app = &house.app;
    assert!(!keeper::providers::service_keys(app).await.unwrap().is_empty());
    assert_eq!(value(app, house, place.secret).await.unwrap(), "value-3");
    for number in 1..=3 {
        let found = house.secret(place.secret).await;
        let opened = keeper::secrets::open_version(app, &found, number).await.ok().unwrap();
        assert_eq!(opened.expose(), format!("value-{number}").as_bytes());
    }
    let environments: Vec<(i64, String)> = app
        .db
        .read()
        .await
        .unwrap()
        .all(sql!("SELECT id, name FROM environments WHERE name = 'guarded'"))
        .await
        .unwrap();
    let (id, name) = &environments[0];
    let stored = environments::open_credentials(app, *id, name, Backend::Vault).await.unwrap();
    assert!(stored.is_some_and(|stored| matches!(stored, environments::Credentials::Vault { token } if token.expose() == b"s.token-of-a-backend")));
    let max = house.person("max").await;
    imports::preview(app, &max, place.held).await.ok().unwrap();
    people::begun_second_factor(app, &max, &user(house).await).await.ok().unwrap();
}

fn providers(of: &str) -> Vec<String> {
    [
        "system_keys",
        "backend_credentials",
        "sources",
        "saml_keys",
        "second_factors",
        "rotation_requests",
        "imports",
        "secret_versions",
    ]
    .iter()
    .map(|table| format!("{table} {of}"))
    .collect()
}

async fn events(house: &House, action: &str) -> i64 {
    let query = sql!("SELECT COUNT(*) FROM audit_events WHERE action = ?", action);
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

/// The command line on the house's own database and key file.
fn command(house: &House, words: &[&str]) -> Output {
    keeper(house.data.path())
        .args(words)
        .env("KEEPER_DATABASE_URL", house.app.settings.database_url.expose())
        .output()
        .unwrap()
}

three! {
    // S07: from the key file to Vault, from there to AWS; the former's settings can go, and everything still opens.
    async fn one_switches_and_the_former_key_service_can_go(house: House) {
        let (Some(transit), Some(aws)) = (TransitKey::there().await, AwsKey::there().await) else { return };
        let (place, request) = furnish(&house).await;
        assert_eq!(wrapped_by(&house).await, providers("local"));

        let house = again(house, &transit.chosen()).await;
        let done = rewrap(&house).await;
        assert!(!done.is_running() && done.failed == 0 && done.rewrapped > 10, "{done:?}");
        assert_eq!(done.total, Some(done.rewrapped));
        assert_eq!(wrapped_by(&house).await, providers("transit"));

        // The key file is gone.
        let key_file = house.app.settings.key_file.clone();
        std::fs::rename(&key_file, key_file.with_extension("away")).unwrap();
        let house = again(house, &transit.chosen()).await;
        everything_opens(&house, &place).await;

        let house = again(house, &[transit.settings(), aws.chosen()].concat()).await;
        let done = rewrap(&house).await;
        assert!(done.failed == 0 && done.rewrapped > 10, "{done:?}");
        assert_eq!(wrapped_by(&house).await, providers("aws"));

        // Vault's settings are gone.
        let house = again(house, &aws.chosen()).await;
        everything_opens(&house, &place).await;
        let mia = house.person("mia").await;
        rotations::approve(&house.app, &mia, request).await.unwrap();
        let asked = rotations::find(&house.app, &house.operator(), request).await.unwrap();
        assert_eq!(value(&house.app, &house, asked.secret_id).await.unwrap(), "value-asked");
        assert_eq!((events(&house, "keys.rewrap_started").await, events(&house, "keys.rewrapped").await), (2, 2));
        assert!(keeper::audit::verify(&house.app).await.unwrap().findings.is_empty());
    }
}

three! {
    // S07: while Keeper serves, a key is added on the command line, and what is written next is under it without a restart.
    async fn a_key_is_rotated_while_keeper_serves(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let old = house.add_secret(dev, "old", "value-old").await;
        let before = house.app.kms.active_key_id(&Chance::System).await.unwrap();
        let rotated = command(&house, &["keys", "rotate"]);
        assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
        assert!(String::from_utf8_lossy(&rotated.stdout).contains("Back that file up"));
        // Sealed before anything asks which key is active.
        let new = house.add_secret(dev, "new", "value-new").await;
        let active = house.app.kms.active_key_id(&Chance::System).await.unwrap();
        assert!(active != before && active.starts_with("local:"));
        let keys = |rows: Vec<(String,)>| rows.into_iter().map(|row| row.0).collect::<Vec<_>>();
        let query = sql!("SELECT key_id FROM secret_versions ORDER BY id");
        let stored = keys(house.app.db.read().await.unwrap().all(query.clone()).await.unwrap());
        assert_eq!(stored, [before.clone(), active.clone()]);

        let rewrapped = command(&house, &["keys", "rewrap"]);
        let said = String::from_utf8_lossy(&rewrapped.stdout).into_owned();
        assert!(rewrapped.status.success() && said.contains("5 of 5") && said.contains(&active), "{said}");
        let stored = keys(house.app.db.read().await.unwrap().all(query).await.unwrap());
        assert_eq!(stored, [active.clone(), active]);
        for (secret, expected) in [(old, "value-old"), (new, "value-new")] {
            assert_eq!(value(&house.app, &house, secret).await.unwrap(), expected);
        }
        assert_eq!(events(&house, "keys.rotated").await, 1);
        // Nothing is left to do, and that is no finding.
        assert!(command(&house, &["keys", "rewrap"]).status.success());
    }
}

three! {
    // S07: what is damaged is counted and named, and stops nobody; the rest is wrapped anew.
    async fn a_damaged_row_is_named_and_the_rest_goes_on(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let mut secrets = Vec::new();
        for n in 0..70 {
            secrets.push(house.add_secret(dev, &format!("s{n:02}"), "value").await);
        }
        let (damaged, moved, before) = (secrets[5], secrets[6], house.app.kms.active_key_id(&Chance::System).await.unwrap());
        let harm: Result<()> = tx!(house.app.db, |tx| {
            let (key,): (Vec<u8>,) = tx.one(sql!("SELECT wrapped_key FROM secret_versions WHERE secret_id = ?", secrets[7])).await?;
            tx.exec(sql!("UPDATE secret_versions SET wrapped_key = ? WHERE secret_id = ?", key, moved)).await?;
            tx.exec(sql!("UPDATE secret_versions SET wrapped_key = ? WHERE secret_id = ?", vec![1_u8, 2, 3], damaged)).await.map(drop)
        });
        harm.unwrap();
        assert!(command(&house, &["keys", "rotate"]).status.success());
        let rewrapped = command(&house, &["keys", "rewrap"]);
        let said = String::from_utf8_lossy(&rewrapped.stdout).into_owned();
        assert_eq!(rewrapped.status.code(), Some(1), "{said}");
        assert!(said.contains("secret s05, version 1: ") && said.contains("secret s06, version 1: "), "{said}");
        let done = rekey::latest(&house.app).await.unwrap().unwrap();
        assert_eq!((done.rewrapped, done.failed), (68 + 4, 2));
        assert_eq!(rekey::failures(&house.app, done.id).await.unwrap().len(), 2);
        let left = sql!("SELECT COUNT(*) FROM secret_versions WHERE key_id = ?", &before);
        assert_eq!(house.app.db.read().await.unwrap().number(left).await.unwrap(), 2);
        assert_eq!(value(&house.app, &house, secrets[69]).await.unwrap(), "value");
    }
}

three! {
    // S07: whoever seals anew while a rewrap is under way is not undone; one runs at a time, and a lease that ended is taken over.
    async fn a_rewrap_undoes_nobodys_change_and_is_done_by_one(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let secret = house.add_secret(dev, "a", "value").await;
        let found = house.secret(secret).await;
        let before = house.app.kms.active_key_id(&Chance::System).await.unwrap();
        let seen = keeper::secrets::wrapped_version_keys(&house.app, &before, 0, 10).await.unwrap();
        let late = house.app.rewrap(&seen[0]).await.unwrap();
        // Somebody else's change in between.
        let key = Wrapped { key_id: before.clone(), blob: vec![9; 40] };
        let changed: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("UPDATE secret_versions SET wrapped_key = ? WHERE secret_id = ?", key.blob.clone(), found.id)).await
        });
        changed.unwrap();
        let stored = tx!(house.app.db, |tx| keeper::secrets::VERSION_KEYS.store(tx, house.app.now(), &late).await);
        assert!(!stored.unwrap());

        let operator = house.operator();
        rekey::start(&house.app, &operator).await.unwrap();
        assert!(matches!(rekey::start(&house.app, &operator).await, Err(Error::Conflict(_))));
        // Another process holds the lease, and then it has ended.
        let held: Result<u64> = tx!(house.app.db, |tx| {
            let until = house.app.now().plus(Duration::seconds(60));
            tx.exec(sql!("UPDATE rewraps SET lease_token = 7, lease_until = ? WHERE state = 'running'", until)).await
        });
        held.unwrap();
        assert_eq!(rekey::work(&house.app).await.unwrap(), Step::Busy);
        house.app.clock.advance(Duration::seconds(61));
        assert!(!work(&house).await.is_running());
        assert_eq!(rekey::work(&house.app).await.unwrap(), Step::Idle);
    }
}

three! {
    // S07: without the key service it waits, says for what, and goes on from where it was.
    async fn a_rewrap_waits_for_a_key_service_that_is_away(house: House) {
        let Some(transit) = TransitKey::there().await else { return };
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let secret = house.add_secret(dev, "a", "value").await;
        let house = again(house, &transit.chosen()).await;
        rekey::start(&house.app, &house.operator()).await.unwrap();
        assert_eq!(rekey::work(&house.app).await.unwrap(), Step::Done); // counted
        let gone = [transit.chosen(), pairs(&[("KEEPER_KMS_VAULT_URL", "http://127.0.0.1:9")])].concat();
        let away = beside(&house, &gone).await;
        let error = rekey::work(&away).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        let waiting = rekey::latest(&house.app).await.unwrap().unwrap();
        assert!(waiting.is_running() && waiting.trouble.contains("Vault refused the connection"), "{waiting:?}");
        let done = work(&house).await;
        assert!(!done.is_running() && done.failed == 0 && done.trouble.is_empty() && done.rewrapped == 5, "{done:?}");
        assert_eq!(value(&house.app, &house, secret).await.unwrap(), "value");
    }
}
