//! Settings: read once at start from the command line, the environment and `keeper.toml`; every mistake is
//! one line that names its key and its place, said before a port opens. Called by the command line alone.
//!
//! `names` lists the keys, `sources` finds what was written for each, `settings` reads it, `checks` refuses
//! combinations that would be unsafe.
mod checks;
mod database_url;
mod draft;
mod kms;
mod names;
mod networks;
mod saml;
mod settings;
mod sources;
#[cfg(test)]
mod tests;

pub use database_url::{DatabaseUrl, Engine};
pub use draft::{Draft, demand_sealable};
pub use kms::{KmsAws, KmsVault};
pub use networks::Network;
pub use saml::{MetadataSource, Saml};
pub use settings::{Kms, Migrate, Mode, Settings};
pub use sources::Overrides;

/// A configuration that Keeper does not start with. The command line answers it with exit code 78.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ConfigError {
    place: String,
    problem: String,
}

impl ConfigError {
    /// Keeps the promise of one line, whatever a file or a variable held.
    fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        let line = |text: String| text.replace(char::is_control, " ");
        Self { place: line(place.into()), problem: line(problem.into()) }
    }
}
