//! `keeper audit verify`: walks the chain, compares it with the checkpoints outside, and says what does not fit.
use super::exit::{Exit, Stop};
use super::open;
use super::output::{self, Output};
use crate::audit;
use crate::config::Overrides;
use clap::Subcommand;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Audit {
    /// Check the whole log: every event, the chain, and the checkpoints in and outside the database. Exit code 1 when something does
    /// not fit.
    #[command(after_help = "Example: keeper audit verify\nExample: keeper audit verify --output json")]
    Verify {
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Serialize)]
struct Found {
    event: i64,
    what: String,
}

pub async fn run(overrides: &Overrides, command: Audit) -> Result<ExitCode, Stop> {
    let Audit::Verify { output } = command;
    let app = open::app(overrides).await?;
    let report = audit::verify(&app).await?;
    if output.is_json() {
        return in_json(report);
    }
    println!("{} events, head {}, {} signed checkpoints", report.events, report.head, report.checkpoints);
    if report.findings.is_empty() {
        println!("The audit log is whole.");
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &report.findings {
        println!("event {}: {}", finding.seq, finding.what);
    }
    println!("The audit log is NOT whole: {} finding(s).", report.findings.len());
    Ok(Exit::Finding.into())
}

fn in_json(report: audit::Report) -> Result<ExitCode, Stop> {
    let is_whole = report.findings.is_empty();
    let findings: Vec<Found> =
        report.findings.into_iter().map(|finding| Found { event: finding.seq, what: finding.what }).collect();
    output::json(&serde_json::json!({
        "whole": is_whole,
        "events": report.events,
        "head": report.head,
        "checkpoints": report.checkpoints,
        "findings": findings,
    }))?;
    Ok(if is_whole { ExitCode::SUCCESS } else { Exit::Finding.into() })
}
