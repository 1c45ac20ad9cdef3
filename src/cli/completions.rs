//! `keeper completions SHELL`: what a shell needs to complete commands and options.
use super::exit::Stop;
use super::output;
use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::aot::{Shell, generate};
use std::process::ExitCode;

#[derive(Args)]
pub struct Completions {
    /// The shell that will read it.
    shell: Name,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Bash,
    Zsh,
    Fish,
}

pub fn print(command: &Completions) -> Result<ExitCode, Stop> {
    let shell = match command.shell {
        Name::Bash => Shell::Bash,
        Name::Zsh => Shell::Zsh,
        Name::Fish => Shell::Fish,
    };
    let mut text = Vec::new();
    generate(shell, &mut super::Cli::command(), "keeper", &mut text);
    output::put(&text)?;
    Ok(ExitCode::SUCCESS)
}
