//! `keeper import secrets FILE`.
use super::{Line, Report, read, show};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::Output;
use crate::cli::{open, place};
use crate::config::Overrides;
use crate::imports::{self, Plan, Sheet, TableInput, Verdict};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Secrets {
    /// CSV with a head, a JSON list, or JSON Lines; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The environment that the secrets go to.
    #[arg(long, value_name = "NAME")]
    environment: String,
    /// Only the rows whose column `environment_id` is this: for a table with the secrets of several environments.
    #[arg(long, value_name = "ID")]
    only_environment_id: Option<i64>,
    /// The type of rows that name none.
    #[arg(long, default_value = "generic", value_name = "TYPE")]
    secret_type: String,
    /// The secrecy level of rows that name none.
    #[arg(long, default_value = "confidential", value_name = "LEVEL")]
    secrecy_level: String,
    /// A new secret without a value gets one that Keeper makes. Without this a row without a value is invalid.
    #[arg(long)]
    generate: bool,
    /// Why, for the audit log; needed in production.
    #[arg(long, default_value = "", value_name = "TEXT")]
    reason: String,
    /// Only show what would happen to each row.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Secrets) -> Result<ExitCode, Stop> {
    let content = read(&command.file)?;
    let app = open::app(overrides).await?;
    let operator = open::operator();
    let place = place::named(&app, &operator, &command.environment).await?;
    let input = TableInput {
        environment_id: place.environment.id,
        secret_type: command.secret_type,
        secrecy_level: command.secrecy_level,
        only: command.only_environment_id,
        makes_values: command.generate,
        content,
    };
    let sheet = imports::read_table(&app, &operator, input).await?;
    let plan = sheet.plan(&app, &operator).await?;
    let is_good = plan.count(Verdict::Conflict) + plan.count(Verdict::Invalid) == 0;
    let mut report = Report { dry_run: command.dry_run, imported: 0, rows: lines(&plan, &sheet) };
    if plan.is_possible() && !command.dry_run {
        let done = imports::take(&app, &operator, sheet, &plan.fingerprint(), &command.reason).await?;
        report.imported = done.created.len() + done.changed.len();
    }
    let verdict = match (is_good, command.dry_run, report.imported) {
        (false, ..) => "Nothing was imported: mend the rows that are invalid or in conflict.".to_owned(),
        (true, true, _) => "Nothing was imported: this was a look only.".to_owned(),
        (true, false, n) => format!("{n} imported into {}.", place.environment.name),
    };
    show(&report, command.output, &verdict)?;
    Ok(if is_good { ExitCode::SUCCESS } else { Exit::Finding.into() })
}

fn lines(plan: &Plan, sheet: &Sheet) -> Vec<Line> {
    let rows = plan.rows.iter().map(|row| Line {
        at: row.at.to_string(),
        name: row.name.clone(),
        verdict: row.verdict.as_str(),
        why: row.why.clone(),
    });
    let left_out = sheet.left_out().iter().map(|left| Line {
        at: left.path.clone(),
        name: String::new(),
        verdict: "left out",
        why: left.why.clone(),
    });
    rows.chain(left_out).collect()
}
