//! `keeper import users FILE`.
use super::{Line, Report, read, show};
use crate::cli::exit::{Exit, Stop};
use crate::cli::open;
use crate::cli::output::Output;
use crate::config::Overrides;
use crate::people::{self, Fate};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Users {
    /// CSV with a head, a JSON list, or JSON Lines; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only show what would happen to each row.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Users) -> Result<ExitCode, Stop> {
    let file = read(&command.file)?;
    let app = open::app(overrides).await?;
    let operator = open::operator();
    let roster = people::look_at_roster(&app, &operator, &file).await?;
    let is_good = roster.count(Fate::Invalid) == 0;
    let mut imported = 0;
    if is_good && !command.dry_run {
        imported = people::import(&app, &operator, &roster).await?;
    }
    let rows = roster.entries.into_iter().map(|entry| Line {
        at: entry.at,
        name: entry.name,
        verdict: entry.fate.as_str(),
        why: entry.why,
    });
    let report = Report { dry_run: command.dry_run, imported, rows: rows.collect() };
    let verdict = match (is_good, command.dry_run, imported) {
        (false, ..) => "Nothing was imported: mend the rows that are invalid.".to_owned(),
        (true, true, _) => "Nothing was imported: this was a look only.".to_owned(),
        (true, false, 1) => "1 account was imported.".to_owned(),
        (true, false, n) => format!("{n} accounts were imported."),
    };
    show(&report, command.output, &verdict)?;
    Ok(if is_good { ExitCode::SUCCESS } else { Exit::Finding.into() })
}
