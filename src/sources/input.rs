//! What a form says of a source, and what it becomes when it is valid.
use super::address::{Address, Trust, offered};
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Slug;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Problem, Text};
use crate::remote::sources::{Account, SourceEngine};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SourceInput {
    pub name: String,
    pub engine: String,
    pub host: String,
    /// Empty: the engine's usual one.
    pub port: String,
    pub database_name: String,
    pub tls: String,
    pub authority: String,
    pub user_name: String,
    pub password: Option<Plaintext>,
    pub reason: String,
    pub row_version: String,
}

pub struct SaveSource {
    pub name: Slug,
    pub address: Address,
    pub database_name: String,
    /// `None`: keep what is stored.
    pub password: Option<Plaintext>,
    pub reason: String,
    pub row_version: i64,
}

impl SourceInput {
    pub fn parse(self, app: &App) -> Result<SaveSource> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", Slug::parse(&self.name));
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        let database_name = errors.take("database_name", database(&self.database_name));
        let address = self.address(app, &mut errors);
        let password = self.password.filter(|password| !password.is_empty());
        let (Some(name), Some(reason), Some(database_name), Some(address)) =
            (name, reason, database_name, address)
        else {
            return Err(Error::Invalid(errors));
        };
        let typed = password.as_ref().map_or_else(|| Plaintext::new(Vec::new()), Plaintext::duplicate);
        // Only the authority's text is left to be found fault with.
        if let Some(ready) = errors.take("authority", address.connect(app, &database_name, typed))
            && let Some(password) = &password
        {
            let administrator = Account { name: address.user_name.clone(), host: None };
            errors.take("password", ready.check(&administrator, password));
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let row_version = self.row_version.parse().unwrap_or(0);
        Ok(SaveSource { name, address, database_name, password, reason, row_version })
    }

    fn address(&self, app: &App, errors: &mut FieldErrors) -> Option<Address> {
        let engine = errors.take("engine", self.engine.parse::<SourceEngine>());
        let host = errors.take("host", Text::required(&self.host, 255));
        let port = errors.take("port", rules::whole(&self.port, 1, 65_535));
        let tls = errors.take("tls", self.tls.parse::<Trust>());
        let authority = errors.take("authority", authority(&self.authority, tls));
        let user_name = errors.take("user_name", user_name(&self.user_name, engine));
        if tls.is_some_and(|tls| !offered(app).contains(&tls)) {
            errors.add("tls", "may be off in development alone: choose machine or authority");
        }
        let (engine, port) = (engine?, port?);
        let address = Address {
            engine,
            host: host?,
            port: port.unwrap_or(engine.default_port()),
            tls: tls?,
            authority: authority?,
            user_name: user_name?,
        };
        errors.take("host", address.server(&app.rules()))?;
        errors.is_empty().then_some(address)
    }
}

/// PostgreSQL silently cuts a longer name off.
fn database(raw: &str) -> std::result::Result<String, Problem> {
    let name = Text::optional(raw, 63)?;
    if name.len() > 63 { Err(Problem::new("must have at most 63 bytes")) } else { Ok(name) }
}

fn user_name(raw: &str, engine: Option<SourceEngine>) -> std::result::Result<String, Problem> {
    let name = Text::required(raw, 80)?;
    if engine == Some(SourceEngine::Postgres) && name.len() > 63 {
        return Err(Problem::new("must have at most 63 bytes at PostgreSQL"));
    }
    Ok(name)
}

fn authority(raw: &str, tls: Option<Trust>) -> std::result::Result<String, Problem> {
    match tls {
        Some(Trust::Authority) => {
            let pem = Text::long(raw, 20_000)?;
            let missing = || Problem::new("is required: certificates in PEM, or choose another tls");
            if pem.is_empty() { Err(missing()) } else { Ok(pem) }
        }
        _ => Ok(String::new()),
    }
}
