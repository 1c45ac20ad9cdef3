//! `keeper migrate up|down|status|mend`.
use super::exit::{Exit, Stop};
use super::output::{self, Output};
use super::progress::Progress;
use super::schema::unfit;
use super::{ask, open};
use crate::config::Overrides;
use crate::data_migrations::{self, Progress as Data, Step};
use crate::db::{Changed, Db, Migration, MigrationState, Schema};
use crate::kit::clock::Clock;
use clap::{Subcommand, ValueEnum};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Subcommand)]
pub enum Migrate {
    /// Bring the schema up to this version of Keeper, and the data with it. It takes a lock: of several that do it at once one works, and the
    /// others wait. It may be stopped and goes on where it was.
    #[command(after_help = "Example: keeper migrate up\nExample: keeper migrate up --schema-only")]
    Up {
        /// Leave the data to `keeper serve`, which brings them into their present form while it serves.
        #[arg(long)]
        schema_only: bool,
    },
    /// Take the newest versions back, down to (and keeping) VERSION. Their tables and what is in them are gone.
    #[command(after_help = "Example: keeper migrate down 98 --yes")]
    Down {
        /// The newest version that stays; keeper migrate status lists them.
        version: i64,
        /// Do not ask. Needed where nobody can be asked, as in a script.
        #[arg(long)]
        yes: bool,
    },
    /// What is there, what is missing and what is a newer Keeper's, and how far the data are. Exit code 1 when something of the schema is missing
    /// or stands in the way.
    #[command(after_help = "Example: keeper migrate status\nExample: keeper migrate status --output json")]
    Status {
        #[command(flatten)]
        output: Output,
    },
    /// Say how a version stands that was begun and stopped in the middle, after you have looked. MySQL and MariaDB alone come to that.
    #[command(after_help = "Example: keeper migrate mend 170 --as applied")]
    Mend {
        /// The version that was begun; keeper migrate status names it.
        version: i64,
        /// What you have found: its change is there, or it is not.
        #[arg(long = "as", value_enum, value_name = "STATE")]
        found: Found,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Found {
    Applied,
    Missing,
}

pub async fn run(overrides: &Overrides, command: Migrate) -> Result<ExitCode, Stop> {
    let settings = open::settings(overrides).await?;
    let db = open::database(&settings).await?;
    match command {
        Migrate::Up { schema_only } => up(&db, schema_only).await,
        Migrate::Down { version, yes } => {
            ask::demand_yes(
                yes,
                &format!("Taking back all versions above {version} drops tables and what is in them."),
            )?;
            tell("taken back", &db.migrate_down(version).await.map_err(unfit)?);
            println!("The schema is at version {:04}.", db.schema().await?.version());
            Ok(ExitCode::SUCCESS)
        }
        Migrate::Status { output } => status(&db, output).await,
        Migrate::Mend { version, found } => {
            db.migrate_mend(version, found == Found::Applied).await?;
            println!(
                "Version {version:04} counts as {}.",
                if found == Found::Applied { "applied" } else { "missing" }
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn up(db: &Db, schema_only: bool) -> Result<ExitCode, Stop> {
    tell("applied", &db.migrate_up().await.map_err(unfit)?);
    let schema = db.schema().await?;
    println!("The schema is at version {:04}.", schema.version());
    if schema_only || !schema.is_current() {
        return Ok(ExitCode::SUCCESS);
    }
    work_through(db).await?;
    for one in data_migrations::progress(db, &schema).await? {
        println!("{}", line(&one));
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(what: &str, changed: &[Changed]) {
    for one in changed {
        println!("{what} {:04} {} ({} ms)", one.version, one.description, one.took.as_millis());
    }
}

/// The data, until they are in their present form.
async fn work_through(db: &Db) -> Result<(), Stop> {
    let (schema, clock) = (db.schema().await?, Clock::System);
    let (mut progress, mut has_waited) = (Progress::new("data"), false);
    loop {
        match data_migrations::work(db, clock.now()).await {
            Ok(Step::Idle) => return Ok(()),
            Ok(Step::Done) => {}
            Ok(Step::Busy) => {
                if !has_waited {
                    progress.clear();
                    println!("Another process brings the data into their present form: waiting for it.");
                    has_waited = true;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Err(e) => return Err(e.into()),
        }
        if progress.is_shown
            && let Some(now) =
                data_migrations::progress(db, &schema).await?.iter().find(|one| one.ended_at.is_none())
        {
            progress.at(now.done, now.total.unwrap_or(0));
        }
    }
}

async fn status(db: &Db, output: Output) -> Result<ExitCode, Stop> {
    let schema = db.schema().await?;
    let data = data_migrations::progress(db, &schema).await?;
    let code = if schema.is_current() { ExitCode::SUCCESS } else { Exit::Finding.into() };
    if output.is_json() {
        in_json(&schema, &data)?;
        return Ok(code);
    }
    for migration in &schema.migrations {
        let state = match migration.state {
            MigrationState::Unknown => "unknown, from a newer Keeper:",
            state => state.as_str(),
        };
        println!("{state} {:04} {}", migration.version, migration.description);
    }
    for one in &data {
        println!("{}", line(one));
    }
    if let Some(why) = schema.hindrance() {
        println!("{why}");
    }
    Ok(code)
}

/// `data done verifications_placed: 1200 of 1200 rows (what was verified, by environment)`
fn line(one: &Data) -> String {
    let of = one.total.map(|total| format!(" of {total}")).unwrap_or_default();
    let trouble = if one.trouble.is_empty() { String::new() } else { format!("; it waits: {}", one.trouble) };
    format!("data {} {}: {}{of} rows ({}){trouble}", one.state(), one.which, one.done, one.which.words())
}

fn in_json(schema: &Schema, data: &[Data]) -> Result<(), Stop> {
    let version = |it: &Migration| {
        serde_json::json!({
            "version": it.version,
            "description": it.description,
            "applied": matches!(it.state, MigrationState::Applied | MigrationState::Unknown),
            "state": it.state,
        })
    };
    let piece = |one: &Data| {
        serde_json::json!({
            "name": one.which,
            "about": one.which.words(),
            "since": one.which.since(),
            "state": one.state(),
            "done": one.done,
            "total": one.total,
            "trouble": one.trouble,
            "ended_at": one.ended_at,
        })
    };
    let migrations: Vec<_> = schema.migrations.iter().map(version).collect();
    let pieces: Vec<_> = data.iter().map(piece).collect();
    output::json(&serde_json::json!({
        "current": schema.is_current(),
        "hindrance": schema.hindrance(),
        "migrations": migrations,
        "data": pieces,
    }))
}
