//! `keeper export`: the metadata of secrets to standard output. Never a value.
use super::exit::Stop;
use super::output;
use super::source::{Pieces, Server, Source, index};
use crate::config::Overrides;
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::secrets::{ExportFormat, Filter};
use clap::Args;
use std::fmt::Display;
use std::process::ExitCode;
use std::str::FromStr;

#[derive(Args)]
pub struct Export {
    /// csv or json.
    #[arg(long, default_value = "csv", value_name = "FORMAT")]
    format: String,
    /// Only the secrets of this environment; may be said several times. Without it: of all.
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Only those that have these words, as the console's search finds them.
    #[arg(long, value_name = "WORDS")]
    q: Option<String>,
    /// Only those of this type, such as `api_key`.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only those of this secrecy level: internal, confidential or restricted.
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// Only those whose copies stand so, such as failed.
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only those with this tag: key, or key=value.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Those that are switched off, instead of those that are not.
    #[arg(long)]
    inactive: bool,
    #[command(flatten)]
    server: Server,
}

pub async fn run(overrides: &Overrides, command: Export) -> std::result::Result<ExitCode, Stop> {
    let format: ExportFormat = parsed("--format", &command.format)?;
    let mut filter = command.filter()?;
    let source = Source::open(overrides, &command.server).await?;
    if !command.environment.is_empty() {
        let homes = source.homes().await?;
        let names: Vec<&str> = homes.iter().map(|home| home.name.as_str()).collect();
        for name in &command.environment {
            filter.environments.push(homes[index(&names, name)?].id);
        }
    }
    let mut pieces = Pieces::begin(source, filter, format).await?;
    while let Some(piece) = pieces.next().await? {
        if !output::put(&piece)? {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn parsed<T: FromStr<Err: Display>>(option: &str, text: &str) -> Result<T> {
    text.parse().map_err(|e| Error::invalid(option, &format!("{e}")))
}

impl Export {
    fn filter(&self) -> Result<Filter> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default().replace(char::is_control, "");
        Ok(Filter {
            q: text(&self.q),
            secret_type: self.kind.as_deref().map(|t| parsed::<SecretType>("--type", t)).transpose()?,
            level: self.level.as_deref().map(|t| parsed::<SecrecyLevel>("--level", t)).transpose()?,
            status: self.status.as_deref().map(|t| parsed::<SyncStatus>("--status", t)).transpose()?,
            tag: text(&self.tag),
            active: self.inactive.then_some(false),
            ..Filter::default()
        })
    }
}
