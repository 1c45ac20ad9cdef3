//! From settings to an `App`: every command begins here.
use super::exit::{Exit, Stop};
use super::schema;
use crate::app::{App, Shared};
use crate::config::{self, Draft, Overrides, Settings};
use crate::crypto::Integrity;
use crate::crypto::kms::{Kms, UnknownKey};
use crate::crypto::passwords::Hasher;
use crate::crypto::setting;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::kit::clock::Clock;
use crate::providers::{self, Unusable};
use crate::rekey;

use std::collections::BTreeMap;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The database may still be starting: it is waited for this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A key service that is away is asked again after this long at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

pub fn draft(overrides: &Overrides) -> std::result::Result<Draft, Stop> {
    let env: BTreeMap<String, String> = std::env::vars().collect();
    Ok(Draft::gather(overrides, &env)?)
}

/// What is sealed among them is opened by the key service that they name.
pub async fn settings(overrides: &Overrides) -> std::result::Result<Settings, Stop> {
    let mut draft = draft(overrides)?;
    if let Some((name, text)) = draft.sealed() {
        let before = draft.preliminary()?;
        super::logs::start(&before.log);
        let kms = Kms::open(&before, false, &Chance::System).await?;
        let value = unsealed(&kms, name, &text).await.map_err(|e| match e {
            e @ Error::Unavailable { .. } if !UnknownKey::is_behind(&e) => Stop(Exit::Away, format!("{name} is sealed: {}", Stop::from(e).1)),
            _ => Stop::from(draft.refuse(
                name,
                format!("does not open: it was sealed by another key or for another setting. Seal it anew: keeper config seal {name}"),
            )),
        })?;
        let text = std::str::from_utf8(value.expose()).map_err(|_| draft.refuse(name, "is no text"))?;
        draft.opened(name, text);
        return Ok(draft.settings()?);
    }
    let settings = draft.settings()?;
    super::logs::start(&settings.log);
    Ok(settings)
}

/// The key service is waited for as long as a database is.
async fn unsealed(kms: &Kms, name: &str, text: &str) -> Result<Plaintext> {
    let begun = Instant::now();
    loop {
        match setting::open(kms, name, text).await {
            Err(e @ Error::Unavailable { .. })
                if !UnknownKey::is_behind(&e) && begun.elapsed() < PATIENCE =>
            {
                tracing::warn!(error = %e, "the key service is away, and {name} is sealed: trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            answer => return answer,
        }
    }
}

/// Settings, database (migrated as the settings say), keys.
pub async fn app(overrides: &Overrides) -> std::result::Result<Shared, Stop> {
    with(settings(overrides).await?, Clock::System).await
}

/// Keys that cannot be had stop the command: nothing could be sealed, or recorded.
pub async fn with(settings: Settings, clock: Clock) -> std::result::Result<Shared, Stop> {
    let app = closed(settings, clock).await?;
    app.open_keys().await.map_err(|e| wrong_key(&app, e).unwrap_or_else(Stop::from))?;
    Ok(app)
}

/// For `keeper serve`: wrong keys stop it, a key service that is away does not. It is asked again meanwhile.
pub async fn serving(overrides: &Overrides) -> std::result::Result<Shared, Stop> {
    let app = closed(settings(overrides).await?, Clock::System).await?;
    match app.open_keys().await.map_err(|e| wrong_key(&app, e)) {
        Ok(()) => {}
        Err(Ok(stop)) => return Err(stop),
        Err(Err(e @ Error::Unavailable { .. })) => {
            tracing::warn!(error = %e, "the key service is away: nobody can sign in until it is back");
        }
        Err(Err(e)) => return Err(e.into()),
    }
    Ok(app)
}

/// Everything but Keeper's own keys.
async fn closed(settings: Settings, clock: Clock) -> std::result::Result<Shared, Stop> {
    make_data_dir(&settings)?;
    let db = database(&settings).await?;
    schema::demand(&db, settings.migrate).await?;
    let chance = Chance::System;
    let kms = Kms::open(&settings, is_new(&db).await?, &chance).await?;
    demand_all_needed(&kms, &db).await?;
    together(settings, db, kms, clock)
}

/// A key service that something is still wrapped by must be named.
pub async fn demand_all_needed(kms: &Kms, db: &Db) -> std::result::Result<(), Stop> {
    for (provider, setting) in kms.missing() {
        if rekey::still_needed(db, provider).await? {
            return Err(Stop(
                Exit::Config,
                format!(
                    "{setting} (not set, or nothing is there): something in this database is still wrapped by that key service. \
                     Name it again, run `keeper keys rewrap`, and take it away then"
                ),
            ));
        }
    }
    Ok(())
}

pub fn together(settings: Settings, db: Db, kms: Kms, clock: Clock) -> std::result::Result<Shared, Stop> {
    let chance = Chance::System;
    let hasher = Hasher::new(&chance)?;
    Ok(Arc::new(App::new(settings, db, kms, hasher, clock, chance)))
}

pub async fn database(settings: &Settings) -> std::result::Result<Db, Stop> {
    make_data_dir(settings)?;
    let begun = Instant::now();
    loop {
        match Db::open(settings.database_url.expose(), settings.database_pool).await {
            Ok(db) => return Ok(db),
            Err(e @ Error::Unavailable { .. }) if begun.elapsed() < PATIENCE => {
                tracing::warn!(error = %e, "the database is away: trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(e) => {
                return Err(Stop(
                    Exit::Away,
                    format!("KEEPER_DATABASE_URL: the database cannot be opened: {}", Stop::from(e).1),
                ));
            }
        }
    }
}

/// A new key is made for a new database alone: beside existing values it would only hide that the right one is missing.
pub async fn is_new(db: &Db) -> Result<bool> {
    let count = db.read().await?.number(crate::sql!("SELECT COUNT(*) FROM system_keys")).await?;
    Ok(count == 0)
}

/// Keys that will not open later either; everything else comes back as it was.
pub fn wrong_key(app: &App, e: Error) -> std::result::Result<Stop, Error> {
    let setting = match app.kms.provider() {
        config::Kms::Local => "KEEPER_KMS_KEY_FILE",
        config::Kms::Aws => "KEEPER_KMS_AWS_KEY",
        config::Kms::VaultTransit => "KEEPER_KMS_VAULT_KEY",
    };
    let why = match &e {
        Error::Unavailable { what, cause } if UnknownKey::is_behind(&e) => {
            let cause = cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
            format!("{what}{cause}")
        }
        _ => match Integrity::behind(&e) {
            Some(integrity) => integrity.0.clone(),
            None => return Err(e),
        },
    };
    Ok(Stop(Exit::Config, format!("{setting}: {why}: this database was made with another key")))
}

/// Asks for Keeper's own keys until they are there, at growing intervals.
pub async fn keys(app: &App, stop: &CancellationToken) {
    let mut pause = Duration::from_secs(1);
    while app.keys().is_err() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
        match app.open_keys().await {
            Ok(()) => tracing::info!("the key service is back"),
            Err(error) => tracing::warn!(%error, "the key service is still away"),
        }
    }
}

/// A wrong document stops the start; a provider that is away is asked again while Keeper serves.
pub async fn identity_provider(app: &App) -> std::result::Result<(), Stop> {
    match providers::open(app).await {
        Ok(()) => Ok(()),
        Err(Unusable::Wrong(why)) => Err(Stop(Exit::Config, format!("KEEPER_SAML_IDP_METADATA: {why}"))),
        Err(Unusable::Away(why)) => {
            tracing::warn!(
                why,
                "KEEPER_SAML_IDP_METADATA: nobody can sign in through the identity provider yet"
            );
            Ok(())
        }
    }
}

fn make_data_dir(settings: &Settings) -> std::result::Result<(), Stop> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&settings.data_dir);
    made.map_err(|e| {
        Stop(
            Exit::CannotCreate,
            format!("KEEPER_DATA_DIR: {} cannot be made: {e}", settings.data_dir.display()),
        )
    })
}

/// Whoever sits at this machine's command line, by the name that the operating system knows.
pub fn operator() -> Actor {
    let name = ["SUDO_USER", "USER", "LOGNAME"]
        .into_iter()
        .find_map(|key| std::env::var(key).ok())
        .filter(|name| !name.is_empty());
    Actor::Operator(name.unwrap_or_else(|| format!("uid-{}", rustix::process::getuid().as_raw())))
}
