//! `keeper audit verify`: walks the chain, compares it with the checkpoints outside, and says what does not fit.
use super::exit::{Exit, Stop};
use super::open;
use crate::audit;
use crate::config::Overrides;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Audit {
    /// Check the whole log. Exit code 1 when something does not fit.
    Verify,
}

pub async fn run(overrides: &Overrides, command: Audit) -> Result<ExitCode, Stop> {
    let Audit::Verify = command;
    let app = open::app(overrides).await?;
    let report = audit::verify(&app).await?;
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
