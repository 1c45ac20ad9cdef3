//! `keeper migrate up|down|status`.
use super::exit::{Exit, Stop};
use super::output::{self, Output};
use super::{ask, open};
use crate::config::Overrides;
use crate::db::Migration;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Migrate {
    /// Bring the schema up to this version of Keeper. It takes a lock: of several that do it at once one works, and the others wait.
    #[command(after_help = "Example: keeper migrate up")]
    Up,
    /// Take the newest versions back, down to (and keeping) VERSION. Their tables and what is in them are gone.
    #[command(after_help = "Example: keeper migrate down 98 --yes")]
    Down {
        /// The newest version that stays; keeper migrate status lists them.
        version: i64,
        /// Do not ask. Needed where nobody can be asked, as in a script.
        #[arg(long)]
        yes: bool,
    },
    /// What is there and what is missing; exit code 1 when something is missing.
    #[command(after_help = "Example: keeper migrate status\nExample: keeper migrate status --output json")]
    Status {
        #[command(flatten)]
        output: Output,
    },
}

pub async fn run(overrides: &Overrides, command: Migrate) -> Result<ExitCode, Stop> {
    let settings = open::settings(overrides).await?;
    let db = open::database(&settings).await?;
    match command {
        Migrate::Up => db.migrate_up().await?,
        Migrate::Down { version, yes } => {
            ask::demand_yes(
                yes,
                &format!("Taking back all versions above {version} drops tables and what is in them."),
            )?;
            db.migrate_down(version).await?;
        }
        Migrate::Status { .. } => {}
    }
    let all = db.migrations().await?;
    let is_missing = all.iter().any(|migration| !migration.applied);
    let code = match command {
        Migrate::Status { .. } if is_missing => Exit::Finding.into(),
        _ => ExitCode::SUCCESS,
    };
    if let Migrate::Status { output } = command
        && output.is_json()
    {
        in_json(&all)?;
        return Ok(code);
    }
    for migration in &all {
        println!(
            "{} {:04} {}",
            if migration.applied { "applied" } else { "missing" },
            migration.version,
            migration.description
        );
    }
    Ok(code)
}

fn in_json(all: &[Migration]) -> Result<(), Stop> {
    let one = |migration: &Migration| {
        serde_json::json!({
            "version": migration.version,
            "description": migration.description,
            "applied": migration.applied,
        })
    };
    let current = all.iter().all(|migration| migration.applied);
    let migrations: Vec<_> = all.iter().map(one).collect();
    output::json(&serde_json::json!({ "current": current, "migrations": migrations }))
}
