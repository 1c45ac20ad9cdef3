//! Combinations that would be unsafe. Each is refused at start with what to do instead.
use super::ConfigError;
use super::saml::MetadataSource;
use super::settings::{Mode, Settings};
use super::sources::Sources;
use std::path::{Component, Path, PathBuf};
use url::{Host, Url};

pub fn all(it: &Settings, from: &Sources) -> Result<(), ConfigError> {
    match it.mode {
        Mode::Development => development(it, from),
        Mode::Production => production(it, from),
    }
}

fn development(it: &Settings, from: &Sources) -> Result<(), ConfigError> {
    // Demo sign-in and KEEPER_LIMITS=off off loopback need no line of their own: this one covers them.
    if !it.on_loopback() {
        return Err(from.refuse(
            "listen",
            format!(
                "development mode listens on loopback alone, not on {}: set KEEPER_MODE=production",
                it.listen
            ),
        ));
    }
    Ok(())
}

fn production(it: &Settings, from: &Sources) -> Result<(), ConfigError> {
    let refuse = |key, problem: &str| Err(from.refuse(key, problem));
    if it.demo {
        return refuse("demo", "demo sign-in is refused in production mode");
    }
    if !it.limits {
        return refuse("limits", "rate limits can be switched off in development mode on loopback alone");
    }
    if it.public_url.scheme() != "https" {
        return refuse("public_url", "production mode needs an https:// address");
    }
    if !it.on_loopback() && it.trusted_proxies.is_empty() {
        return refuse(
            "trusted_proxies",
            "production mode off loopback needs TLS or a trusted proxy: name the address of the proxy that ends TLS",
        );
    }
    if !it.database_url.is_private() {
        return refuse(
            "database_url",
            "production mode refuses a database elsewhere without TLS: add sslmode=verify-full (PostgreSQL) or ssl-mode=VERIFY_IDENTITY (MySQL)",
        );
    }
    if let Some(MetadataSource::Url(url)) = &it.saml.metadata
        && url.scheme() != "https"
    {
        return refuse(
            "saml_idp_metadata",
            "production mode fetches metadata over https:// alone: whoever changes them on the way decides who is an admin",
        );
    }
    for (key, address) in key_services(it) {
        // Said by the operator, not on a page: a server or an agent on this very machine may be meant.
        if address.starts_with("http://") && !is_here(address) {
            return refuse(
                key,
                "production mode needs an https:// address for the key service, unless it is on this machine",
            );
        }
    }
    if !it.allow_key_beside_data && it.has_key_beside_data() {
        return refuse(
            "kms_key_file",
            "production mode wants the key outside the data directory, so that a copy of the data is not a copy of the key; or set KEEPER_ALLOW_KEY_BESIDE_DATA=true",
        );
    }
    Ok(())
}

fn key_services(it: &Settings) -> impl Iterator<Item = (&'static str, &str)> {
    let aws = it.kms_aws.as_ref().and_then(|aws| aws.endpoint.as_deref());
    let vault = it.kms_vault.as_ref().map(|vault| vault.url.as_str());
    [("kms_aws_endpoint", aws), ("kms_vault_url", vault)]
        .into_iter()
        .filter_map(|(key, url)| Some((key, url?)))
}

/// This machine itself, by its own name or number.
fn is_here(address: &str) -> bool {
    match Url::parse(address).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

pub(super) fn lies_in(file: &Path, dir: &Path) -> bool {
    resolved(file).starts_with(resolved(dir))
}

/// The path without links and `..`, also where its last parts do not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
        whole = whole.canonicalize().unwrap_or(whole);
    }
    whole
}
