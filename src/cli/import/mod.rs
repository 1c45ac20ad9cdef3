//! `keeper import …`: accounts and secrets from the tables of another program. All of a file or nothing of it; into a Keeper that is
//! far accounts one by one, and secrets a thousand at a time.
mod far;
mod secrets;
mod sheet;
mod users;

use super::exit::{Exit, Stop};
use super::output::{self, Output};
use crate::config::Overrides;
use crate::domain::plaintext::Plaintext;
use clap::Subcommand;
use serde::Serialize;
use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// A file that is larger is refused by whoever reads it; nothing here reads on for ever.
const MOST_BYTES: u64 = 5 * 1024 * 1024;

#[derive(Subcommand)]
pub enum Import {
    /// Accounts with the password hashes that they have elsewhere. Columns: username, role; and, as there are, email,
    /// `display_name`, `password_hash` (bcrypt or argon2id), `is_active`.
    #[command(
        after_help = "Example: keeper import users users.csv --dry-run\nExample: keeper import users users.jsonl\n\
            Example: keeper import users users.csv --server https://keeper.example.com --dry-run\n\n\
            The first sign-in with a bcrypt hash replaces it by argon2id. An account without a hash has no password yet:\n\
            keeper user set-password NAME. A name that exists already is refused, unless all of its row is the same.\n\n\
            With --server accounts are made one by one, up to the first that is refused: those before it stay. A row with a password_hash is\n\
            refused, because no token sets what somebody signs in with. The token needs the scopes users:read, users:write and without_proof."
    )]
    Users(users::Users),
    /// Secrets into one environment: the columns that secrets have, and, if there is one, a column value.
    #[command(after_help = "Example: keeper import secrets secrets.csv --environment staging --dry-run\n\
            Example: keeper import secrets old-keeper.jsonl --environment production --only-environment-id 3 --generate --reason 'moved from the old Keeper'\n\
            Example: keeper import secrets secrets.csv --environment staging --server https://keeper.example.com --dry-run\n\n\
            Known columns: name, display_name, description, secret_type, secrecy_level, service_name, expires_at, auto_rotate,\n\
            rotation_interval_days, tags, value, value_base64, policy, window_days, window_from, window_to, window_zone. What Keeper\n\
            decides itself (id, creator_id, statuses, paths, dates) is passed over, and so are rows that are switched off there.\n\n\
            With --server each thousand new secrets is all or nothing, up to the first that is refused: those before it stay. Whether a\n\
            secret that exists already has the same value cannot be seen from afar: its row is a conflict, unless it has no value and\n\
            --generate is said. --dry-run reads the rows and the names; whether the token may, and whether a path in a backend is free,\n\
            is judged when they are sent. The token needs the scopes secrets:read and secrets:write, and in production without_proof.")]
    Secrets(secrets::Secrets),
}

pub async fn run(overrides: &Overrides, command: Import) -> Result<ExitCode, Stop> {
    match command {
        Import::Users(command) => users::run(overrides, command).await,
        Import::Secrets(command) => secrets::run(overrides, command).await,
    }
}

/// `-` is standard input.
fn read(file: &Path) -> Result<Plaintext, Stop> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(MOST_BYTES).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
    };
    read.map_err(|e| Stop(Exit::Usage, format!("{}: {e}", file.display())))?;
    Ok(Plaintext::new(bytes))
}

/// One row of the file, as it is told. Never a value, nor a hash.
#[derive(Serialize)]
struct Line {
    at: String,
    name: String,
    verdict: &'static str,
    why: String,
}

/// It holds up the others.
fn is_amiss(line: &Line) -> bool {
    matches!(line.verdict, "invalid" | "conflict")
}

/// What ended an import that is no single unit, with what was stored before.
fn after(done: usize, stop: Stop) -> Stop {
    let Stop(exit, why) = stop;
    if done == 0 { Stop(exit, why) } else { Stop(exit, format!("{done} were imported, and then: {why}")) }
}

#[derive(Serialize)]
struct Report {
    dry_run: bool,
    imported: usize,
    rows: Vec<Line>,
}

/// What is told of the rows: all of them where nothing is done but looking, else those that somebody should know of.
fn show(report: &Report, output: Output, verdict: &str) -> Result<(), Stop> {
    if output.is_json() {
        return output::json(report);
    }
    let mut text = String::new();
    for line in report.rows.iter().filter(|line| report.dry_run || !line.why.is_empty()) {
        let name = if line.name.is_empty() { "(no name)" } else { &line.name };
        let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
        let _ = writeln!(text, "{}  {:9} {name}{why}", line.at, line.verdict);
    }
    let mut kinds: Vec<&str> = report.rows.iter().map(|line| line.verdict).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let count = |kind: &str| report.rows.iter().filter(|line| line.verdict == kind).count();
    let counts: Vec<String> = kinds.iter().map(|kind| format!("{} {kind}", count(kind))).collect();
    let _ = writeln!(text, "{} rows: {}. {verdict}", report.rows.len(), counts.join(", "));
    output::put(text.as_bytes()).map(drop)
}
