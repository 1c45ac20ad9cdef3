//! `keeper import users FILE`.
use super::{Line, Report, after, is_amiss, read, show};
use crate::cli::exit::{Exit, Stop};
use crate::cli::open;
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::source::{Server, Source};
use crate::config::Overrides;
use crate::people::{self, Roster, Stored, Wanted};
use crate::remote::keeper::{Account, Keeper, NewAccount, Trouble};
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
    server: Server,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Users) -> Result<ExitCode, Stop> {
    let file = read(&command.file)?;
    let source = Source::open(overrides, &command.server).await?;
    let roster = match &source {
        Source::Here(app) => people::look_at_roster(app, &open::operator(), &file).await?,
        Source::Far(keeper) => {
            let known = keeper.users().await?.into_iter().map(stored).collect();
            people::roster_for_another(&file, known)?
        }
    };
    let mut report = Report { dry_run: command.dry_run, imported: 0, rows: lines(&roster) };
    if !command.dry_run && !report.rows.iter().any(is_amiss) {
        report.imported = match &source {
            Source::Here(app) => people::import(app, &open::operator(), &roster).await?,
            Source::Far(keeper) => one_by_one(keeper, &roster, &mut report.rows).await?,
        };
    }
    let is_good = !report.rows.iter().any(is_amiss);
    let verdict = match (is_good, command.dry_run, report.imported) {
        (false, _, 0) => "Nothing was imported: mend the rows that are invalid.".to_owned(),
        (false, _, n) => format!("{n} imported, and nothing behind them: mend the row that is invalid."),
        (true, true, _) => "Nothing was imported: this was a look only.".to_owned(),
        (true, false, 1) => "1 account was imported.".to_owned(),
        (true, false, n) => format!("{n} accounts were imported."),
    };
    show(&report, command.output, &verdict)?;
    Ok(if is_good { ExitCode::SUCCESS } else { Exit::Finding.into() })
}

fn lines(roster: &Roster) -> Vec<Line> {
    let lines = roster.entries.iter().map(|entry| Line {
        at: entry.at.clone(),
        name: entry.name.clone(),
        verdict: entry.fate.as_str(),
        why: entry.why.clone(),
    });
    lines.collect()
}

fn stored(account: Account) -> Stored {
    Stored {
        username: account.username,
        email: account.email,
        display_name: account.display_name,
        auth_method: account.auth_method,
        role: account.role,
        is_active: account.is_active,
        password_hash: None,
    }
}

/// Up to the first that is refused, which is told at its line; those before it stay.
async fn one_by_one(keeper: &Keeper, roster: &Roster, lines: &mut [Line]) -> Result<usize, Stop> {
    let mut progress = Progress::new("Imported");
    let total = roster.wanted().count();
    let mut done = 0;
    for (place, wanted) in roster.wanted() {
        match make(keeper, &wanted).await {
            Ok(_) => done += 1,
            Err(Trouble::Said(said)) if said.status == 422 => {
                lines[place].verdict = "invalid";
                lines[place].why = said.words("; ");
                break;
            }
            Err(Trouble::Away(why)) => {
                let why =
                    format!("{why}. Whether {} was made is not known: look with --dry-run", wanted.username);
                return Err(after(done, Stop(Exit::Away, why)));
            }
            Err(trouble) => {
                let Stop(exit, why) = trouble.into();
                return Err(after(done, Stop(exit, format!("{}: {why}", wanted.username))));
            }
        }
        progress.counted(done, total);
    }
    Ok(done)
}

async fn make(keeper: &Keeper, wanted: &Wanted<'_>) -> Result<i64, Trouble> {
    let new = NewAccount {
        username: wanted.username,
        email: wanted.email,
        display_name: wanted.display_name,
        role: wanted.role.as_str(),
        is_active: wanted.is_active,
    };
    keeper.create_user(&new).await
}
