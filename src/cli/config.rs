//! `keeper config …`: what stands in `keeper.toml`.
use super::exit::{Exit, Stop};
use super::open;
use super::user::read_secret;
use crate::config::{self, Overrides};
use crate::crypto::kms::Kms;
use crate::crypto::setting;
use crate::kit::chance::Chance;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Config {
    /// Seal a setting with the key service, read from standard input, and print the line for keeper.toml. At start the key service
    /// opens it again.
    #[command(after_help = "Example: keeper config seal database_url < url.txt >> keeper.toml")]
    Seal {
        /// database_url: the only setting that holds a secret and is not needed to reach the key service.
        name: String,
        /// Make the key file if there is none: for a first installation alone.
        #[arg(long)]
        new_key: bool,
    },
}

pub async fn run(overrides: &Overrides, command: Config) -> Result<ExitCode, Stop> {
    let Config::Seal { name, new_key } = command;
    config::demand_sealable(&name).map_err(|why| Stop(Exit::Usage, why))?;
    let draft = open::draft(overrides)?;
    let chance = Chance::System;
    let kms = Kms::open(&draft.preliminary()?, new_key, &chance).await?;
    let value = read_secret(&format!("Type the {name}, then Ctrl-D:"))?;
    let text = std::str::from_utf8(value.expose())
        .map_err(|_| Stop(Exit::Usage, format!("{name} must be UTF-8")))?;
    draft.judge(&name, text)?;
    println!("{name} = \"{}\"", setting::seal(&kms, &chance, &name, &value).await?);
    Ok(ExitCode::SUCCESS)
}
