//! `keeper migrate up|down|status`.
use super::exit::{Exit, Stop};
use super::open;
use crate::config::Overrides;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Migrate {
    /// Bring the schema up to this version of Keeper.
    Up,
    /// Take the newest versions back, down to (and keeping) VERSION. Their tables and what is in them are gone.
    Down {
        version: i64,
        /// Says that you know.
        #[arg(long)]
        yes: bool,
    },
    /// What is there and what is missing; exit code 1 when something is missing.
    Status,
}

pub async fn run(overrides: &Overrides, command: Migrate) -> Result<ExitCode, Stop> {
    let settings = open::settings(overrides).await?;
    let db = open::database(&settings).await?;
    match command {
        Migrate::Up => db.migrate_up().await?,
        Migrate::Down { yes: false, .. } => {
            return Err(Stop(Exit::Usage, "taking versions back drops tables: say --yes".into()));
        }
        Migrate::Down { version, .. } => db.migrate_down(version).await?,
        Migrate::Status => {}
    }
    let all = db.migrations().await?;
    for migration in &all {
        println!(
            "{} {:04} {}",
            if migration.applied { "applied" } else { "missing" },
            migration.version,
            migration.description
        );
    }
    let missing = all.iter().any(|m| !m.applied) && matches!(command, Migrate::Status);
    Ok(if missing { Exit::Finding.into() } else { ExitCode::SUCCESS })
}
