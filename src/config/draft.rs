//! Settings as they were gathered, before what is sealed among them is opened: that takes the key service, which they name themselves.
use super::ConfigError;
use super::checks;
use super::database_url::DatabaseUrl;
use super::settings::Settings;
use super::sources::{Overrides, Sources};
use std::collections::BTreeMap;

const SEALABLE: &str = "database_url";
const SEALED: &str = "sealed:";

pub struct Draft(Sources);

/// The others hold no secret, or are needed to reach the key service that would open them.
pub fn demand_sealable(name: &str) -> Result<(), String> {
    match name {
        SEALABLE => Ok(()),
        name if name.starts_with("kms_") => Err(format!(
            "{name} is needed to reach the key service, which could not open it: name a file that holds it, {name}_file"
        )),
        name => Err(format!("{name:?} is no setting that is sealed: database_url is")),
    }
}

impl Draft {
    pub fn gather(cli: &Overrides, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        Sources::gather(cli, env).map(Self)
    }

    /// The name and the text of what is still sealed.
    pub fn sealed(&self) -> Option<(&'static str, String)> {
        let text = self.0.text(SEALABLE).filter(|text| text.trim_start().starts_with(SEALED))?;
        Some((SEALABLE, text.to_owned()))
    }

    /// Enough to open the key service with, and nothing more: as if no database were named.
    pub fn preliminary(&self) -> Result<Settings, ConfigError> {
        Settings::read(&self.0.without(SEALABLE))
    }

    /// Would this be a fitting text for the setting?
    pub fn judge(&self, name: &str, text: &str) -> Result<(), ConfigError> {
        DatabaseUrl::parse(text).map(drop).map_err(|why| ConfigError::new(name, why))
    }

    /// What the key service made of a sealed text.
    pub fn opened(&mut self, name: &'static str, text: &str) {
        self.0.replace(name, text);
    }

    pub fn refuse(&self, name: &str, problem: impl Into<String>) -> ConfigError {
        self.0.refuse(name, problem)
    }

    pub fn settings(&self) -> Result<Settings, ConfigError> {
        if self.sealed().is_some() {
            return Err(self.0.refuse(SEALABLE, "is sealed, and was not opened"));
        }
        let settings = Settings::read(&self.0)?;
        checks::all(&settings, &self.0)?;
        Ok(settings)
    }
}
