//! `keeper import secrets FILE`.
use super::sheet::Sheet;
use super::{Report, is_amiss, read, show};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::Output;
use crate::cli::source::{Server, Source};
use crate::config::Overrides;
use crate::imports::TableInput;
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
    server: Server,
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Secrets) -> Result<ExitCode, Stop> {
    let content = read(&command.file)?;
    let source = Source::open(overrides, &command.server).await?;
    let home = source.home(&command.environment).await?;
    let input = TableInput {
        environment_id: home.id,
        secret_type: command.secret_type,
        secrecy_level: command.secrecy_level,
        only: command.only_environment_id,
        makes_values: command.generate,
        content,
    };
    let sheet = Sheet::look(source, &home, input).await?;
    let is_far = sheet.is_far();
    let mut report = Report { dry_run: command.dry_run, imported: 0, rows: sheet.lines() };
    if !command.dry_run {
        report.imported = sheet.take(&mut report.rows, &command.reason).await?;
    }
    let is_good = !report.rows.iter().any(is_amiss);
    let verdict = match (is_good, command.dry_run, report.imported) {
        (false, _, 0) => "Nothing was imported: mend the rows that are invalid or in conflict.".to_owned(),
        (false, _, n) => format!(
            "{n} imported into {}, and nothing behind them: mend the rows that are invalid, and take out those that were imported.",
            home.name
        ),
        (true, true, _) if is_far => {
            "Nothing was imported: this was a look only. Whether the token may, and whether a path in a \
            backend is free, is judged when they are sent."
                .to_owned()
        }
        (true, true, _) => "Nothing was imported: this was a look only.".to_owned(),
        (true, false, n) => format!("{n} imported into {}.", home.name),
    };
    show(&report, command.output, &verdict)?;
    Ok(if is_good { ExitCode::SUCCESS } else { Exit::Finding.into() })
}
