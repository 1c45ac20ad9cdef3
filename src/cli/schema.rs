//! The schema at the start of a command: brought up where the settings say so, and refused where this binary must not run on it.
use super::exit::{Exit, Stop};
use crate::config::Migrate;
use crate::db::Db;
use crate::domain::error::Error;

pub async fn demand(db: &Db, migrate: Migrate) -> Result<(), Stop> {
    if migrate == Migrate::Auto {
        db.migrate_up().await.map_err(unfit)?;
    }
    let schema = db.schema().await?;
    if let Some(why) = schema.hindrance_to_run() {
        return Err(Stop(Exit::Config, why));
    }
    let missing = schema.missing();
    if let (Some(first), count) = (missing.first(), missing.len()) {
        return Err(Stop(
            Exit::Config,
            format!(
                "the database's schema is older than this Keeper: {count} of its versions are missing, the first is {}. \
                 Back the database up, and run `keeper migrate up`",
                first.title()
            ),
        ));
    }
    if let Some(newest) = schema.unknown().last() {
        tracing::warn!(
            newest = newest.version,
            "a newer Keeper has brought up the schema, and lets this one run on it"
        );
    }
    Ok(())
}

/// What is wrong with a schema is no service that is away: waiting does not help.
pub fn unfit(e: Error) -> Stop {
    match e {
        Error::Conflict(why) => Stop(Exit::Config, why),
        e => e.into(),
    }
}
