//! The identity provider's metadata: read at start, and again every hour, because providers change their keys. A copy
//! that was good is kept until a better one comes.
use super::acs_url;
use crate::app::App;
use crate::config::{MetadataSource, Mode};
use crate::domain::error::{Error, Result};
use crate::remote::Rules;
use crate::remote::saml::{self, IdentityProvider};
use std::path::Path;
use time::Duration;
use url::Url;

const READ_AGAIN: Duration = Duration::hours(1);
const LARGEST: u64 = 1024 * 1024;

/// Why the metadata cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// A document that will not get better by waiting, or a file that is not there.
    Wrong(String),
    /// The provider could not be asked; it will be asked again.
    Away(String),
}

type Read<T> = std::result::Result<T, Unusable>;

/// Called at start. Nothing to do where no provider is configured.
pub async fn open(app: &App) -> Read<()> {
    let text = match &app.settings.saml.metadata {
        None => return Ok(()),
        Some(MetadataSource::File(path)) => from_file(path).await?,
        Some(MetadataSource::Url(url)) => from_url(app, url).await?,
    };
    let provider = IdentityProvider::parse(&text, app.now(), is_development(app))
        .map_err(|fault| Unusable::Wrong(fault.to_string()))?;
    if app.identity_provider().is_some_and(|(known, _)| known.entity_id != provider.entity_id) {
        let why = "the metadata now name another identity provider: restart Keeper if that is meant";
        return Err(Unusable::Wrong(why.to_owned()));
    }
    tell(&provider);
    app.believe(provider);
    Ok(())
}

/// The worker calls it once a minute.
pub async fn refresh(app: &App) {
    let now = app.now();
    if app.identity_provider().is_some_and(|(_, read_at)| now.since(read_at) < READ_AGAIN) {
        return;
    }
    match open(app).await {
        Ok(()) => {}
        Err(Unusable::Wrong(why)) => tracing::error!(why, "the identity provider's metadata cannot be used"),
        Err(Unusable::Away(why)) => tracing::warn!(why, "the identity provider's metadata cannot be read"),
    }
}

pub fn service_provider_metadata(app: &App) -> Result<String> {
    saml::service_provider_metadata(&app.settings.saml_entity_id(), &acs_url(app))
        .ok_or_else(|| Error::broken("the metadata template failed"))
}

async fn from_file(path: &Path) -> Read<String> {
    let unreadable = |e| Unusable::Wrong(format!("{} cannot be read: {e}", path.display()));
    if tokio::fs::metadata(path).await.map_err(unreadable)?.len() > LARGEST {
        return Err(Unusable::Wrong(format!("{} is larger than 1 MiB", path.display())));
    }
    tokio::fs::read_to_string(path).await.map_err(unreadable)
}

async fn from_url(app: &App, url: &Url) -> Read<String> {
    let rules = Rules { development: is_development(app), hosts: Vec::new() };
    let text = saml::fetch_metadata(url, &rules).await;
    text.map_err(
        |e| if e.may_pass() { Unusable::Away(e.to_string()) } else { Unusable::Wrong(e.to_string()) },
    )
}

fn tell(provider: &IdentityProvider) {
    tracing::info!(
        identity_provider = provider.entity_id,
        keys = provider.fingerprints().join(" "),
        "people may sign in through this identity provider"
    );
    for warning in &provider.warnings {
        tracing::warn!(identity_provider = provider.entity_id, warning, "its metadata should be mended");
    }
}

fn is_development(app: &App) -> bool {
    app.settings.mode == Mode::Development
}
