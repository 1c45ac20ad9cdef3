//! `keeper check`: is everything there that Keeper needs, and what is to be done where it is not? It changes nothing and works while
//! `keeper serve` runs. Each rule is its feature's; here they are asked one after the other.
mod inside;
mod line;
mod outside;

use self::line::Lines;
use super::exit::Stop;
use super::output::Output;
use crate::config::Overrides;
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    output: Output,
}

pub async fn run(overrides: &Overrides, command: Check) -> Result<ExitCode, Stop> {
    let mut lines = Lines::default();
    // Without the house itself there is nothing in it to look at.
    if let Some(app) = outside::look(overrides, &mut lines).await {
        inside::look(&app, &mut lines).await;
        app.db.close().await;
    }
    lines.show(command.output)
}
