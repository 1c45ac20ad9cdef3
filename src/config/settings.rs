//! The settings themselves, with their defaults. A `Settings` that exists has passed every check.
use super::database_url::{DatabaseUrl, Engine};
use super::kms::{KmsAws, KmsVault};
use super::networks::{self, Network};
use super::saml::Saml;
use super::sources::{Overrides, Sources};
use super::{ConfigError, Draft, checks};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Development,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// Brings the schema up to date at start, under a lock.
    Auto,
    /// Refuses to start with a schema that is not up to date.
    Check,
}

/// Which key-management service wraps the data keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kms {
    Local,
    Aws,
    VaultTransit,
}

impl Kms {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Aws => "aws",
            Self::VaultTransit => "vault-transit",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub public_url: Url,
    pub mode: Mode,
    pub data_dir: PathBuf,
    pub database_url: DatabaseUrl,
    pub database_pool: u32,
    pub migrate: Migrate,
    /// One-click personas on the sign-in page.
    pub demo: bool,
    pub kms: Kms,
    pub kms_aws: Option<KmsAws>,
    pub kms_vault: Option<KmsVault>,
    pub key_file: PathBuf,
    pub allow_key_beside_data: bool,
    pub trusted_proxies: Vec<Network>,
    /// The only hosts that backends and sources may live on; empty: any that is no danger.
    pub allowed_hosts: Vec<String>,
    /// How long a secret is kept after it was switched off, before an admin may purge it.
    pub purge_after_days: i64,
    /// Rate limits.
    pub limits: bool,
    pub log: String,
    pub saml: Saml,
}

impl Settings {
    pub fn load(cli: &Overrides, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        Draft::gather(cli, env)?.settings()
    }

    pub(super) fn read(from: &Sources) -> Result<Self, ConfigError> {
        let mode = from.read("mode", mode)?.unwrap_or(Mode::Development);
        let listen = from.read("listen", listen)?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = match from.read("public_url", public_url)? {
            Some(url) => url,
            None => public_url(&format!("http://{listen}")).map_err(|e| from.refuse("public_url", e))?,
        };
        let data_dir = from.read("data_dir", path)?.unwrap_or_else(|| PathBuf::from("./data"));
        let database_url = match from.read("database_url", DatabaseUrl::parse)? {
            Some(url) => url,
            None => DatabaseUrl::embedded(&data_dir).map_err(|e| from.refuse("data_dir", e))?,
        };
        let shared = mode == Mode::Production && database_url.engine() != Engine::Sqlite;
        let usual = if shared { Migrate::Check } else { Migrate::Auto };
        let kms = from.read("kms", which_kms)?.unwrap_or(Kms::Local);
        Ok(Self {
            migrate: from.read("migrate", migrate)?.unwrap_or(usual),
            database_pool: from.read("database_pool", pool)?.unwrap_or(10),
            demo: from.read("demo", yes)?.unwrap_or(false),
            kms_aws: KmsAws::read(from, kms)?,
            kms_vault: KmsVault::read(from, kms)?,
            kms,
            key_file: from.read("kms_key_file", path)?.unwrap_or_else(|| data_dir.join("keeper.key")),
            allow_key_beside_data: from.read("allow_key_beside_data", yes)?.unwrap_or(false),
            trusted_proxies: from.read("trusted_proxies", networks::list)?.unwrap_or_default(),
            allowed_hosts: from.read("allowed_hosts", networks::hosts)?.unwrap_or_default(),
            purge_after_days: from.read("purge_after_days", days)?.unwrap_or(30),
            limits: from.read("limits", switch)?.unwrap_or(true),
            log: from.read("log", log)?.unwrap_or_else(|| "info".to_owned()),
            saml: Saml::read(from)?,
            listen,
            public_url,
            mode,
            data_dir,
            database_url,
        })
    }

    /// Only this machine can reach the port.
    pub fn on_loopback(&self) -> bool {
        self.listen.ip().to_canonical().is_loopback()
    }

    /// A copy of the data folder is then a copy of the key that opens it.
    pub fn has_key_beside_data(&self) -> bool {
        self.kms == Kms::Local && checks::lies_in(&self.key_file, &self.data_dir)
    }

    /// Keeper's own name towards identity providers.
    pub fn saml_entity_id(&self) -> String {
        self.saml.entity_id.clone().unwrap_or_else(|| format!("{}saml/metadata", self.public_url))
    }

    /// Port 0 asks the machine for a free one: what it gave is the address from then on.
    pub fn bound_to(&mut self, address: SocketAddr) {
        self.listen = address;
        if self.public_url.port() == Some(0) {
            // Only an address without a host refuses a port, and there is none here.
            let _ = self.public_url.set_port(Some(address.port()));
        }
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an IP address and a port such as 127.0.0.1:8080"))
}

/// Pages link from the root, so a path before them cannot work; and an origin is all that checks compare.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|e| format!("{text:?} is not an address such as https://keeper.example.com: {e}"))?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && bare && anonymous {
        Ok(url)
    } else {
        Err("must be http:// or https:// with a host, and nothing behind it".to_owned())
    }
}

fn mode(text: &str) -> Result<Mode, String> {
    one_of(text, &[("development", Mode::Development), ("production", Mode::Production)])
}

fn migrate(text: &str) -> Result<Migrate, String> {
    one_of(text, &[("auto", Migrate::Auto), ("check", Migrate::Check)])
}

fn which_kms(text: &str) -> Result<Kms, String> {
    let all = [Kms::Local, Kms::Aws, Kms::VaultTransit].map(|kms| (kms.as_str(), kms));
    one_of(text, &all)
}

pub(super) fn yes(text: &str) -> Result<bool, String> {
    one_of(text, &[("true", true), ("false", false)])
}

fn switch(text: &str) -> Result<bool, String> {
    one_of(text, &[("on", true), ("off", false)])
}

fn pool(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=1000).contains(number));
    number.ok_or_else(|| format!("{text:?} is not a whole number from 1 to 1000"))
}

fn days(text: &str) -> Result<i64, String> {
    let number = text.parse().ok().filter(|number| (1..=3650).contains(number));
    number.ok_or_else(|| format!("{text:?} is not a whole number of days from 1 to 3650"))
}

fn log(text: &str) -> Result<String, String> {
    let read = EnvFilter::try_new(text);
    read.map(|_| text.to_owned()).map_err(|e| format!("{text:?} is not a log filter such as info: {e}"))
}

#[expect(clippy::unnecessary_wraps, reason = "read like the others; empty texts are refused for all keys")]
fn path(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(text))
}

fn one_of<T: Copy>(text: &str, members: &[(&str, T)]) -> Result<T, String> {
    members.iter().find(|(name, _)| *name == text).map(|(_, member)| *member).ok_or_else(|| {
        let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
        format!("{text:?} must be one of {}", names.join(", "))
    })
}
