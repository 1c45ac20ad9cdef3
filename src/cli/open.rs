//! From settings to an `App`: every command begins here.
use super::exit::{Exit, Stop};
use crate::app::{App, Shared};
use crate::config::{Kms as KmsKind, Migrate, Overrides, Settings};
use crate::crypto::kms::{Kms, LocalKms};
use crate::crypto::passwords::Hasher;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use crate::kit::clock::Clock;
use crate::signin::saml::{self, Unusable};
use std::collections::BTreeMap;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The database may still be starting: it is waited for this long.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn settings(overrides: &Overrides) -> std::result::Result<Settings, Stop> {
    let env: BTreeMap<String, String> = std::env::vars().collect();
    let settings = Settings::load(overrides, &env)?;
    super::logs::start(&settings.log);
    Ok(settings)
}

/// Settings, database (migrated as the settings say), keys.
pub async fn app(overrides: &Overrides) -> std::result::Result<Shared, Stop> {
    with(settings(overrides)?, Clock::System).await
}

pub async fn with(settings: Settings, clock: Clock) -> std::result::Result<Shared, Stop> {
    make_data_dir(&settings)?;
    let db = database(&settings).await?;
    match settings.migrate {
        Migrate::Auto => db.migrate_up().await?,
        Migrate::Check if db.is_current().await? => {}
        Migrate::Check => {
            return Err(Stop(
                Exit::Config,
                "the database's schema is not this version's: run `keeper migrate up`".into(),
            ));
        }
    }
    let chance = Chance::System;
    let kms = match settings.kms {
        KmsKind::Local => Kms::Local(LocalKms::open(&settings.key_file, may_make_key(&db).await?, &chance)?),
    };
    let hasher = Hasher::new(&chance)?;
    let app = Arc::new(App::new(settings, db, kms, hasher, clock, chance));
    app.open_keys().await.map_err(wrong_key)?;
    Ok(app)
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
async fn may_make_key(db: &Db) -> Result<bool> {
    let count = db.read().await?.number(crate::sql!("SELECT COUNT(*) FROM system_keys")).await?;
    Ok(count == 0)
}

fn wrong_key(e: Error) -> Stop {
    match e {
        Error::Unavailable { what, cause } => {
            let cause = cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
            Stop(
                Exit::Config,
                format!("KEEPER_KMS_KEY_FILE: {what}{cause}: this database was made with another key file"),
            )
        }
        e => Stop::from(e),
    }
}

/// A wrong document stops the start; a provider that is away is asked again while Keeper serves.
pub async fn identity_provider(app: &App) -> std::result::Result<(), Stop> {
    match saml::open(app).await {
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
