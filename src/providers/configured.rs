//! The identity provider that `KEEPER_SAML_…` names: its metadata are read at start, and again every hour, because providers
//! change their keys. A copy that was good is kept until a better one comes.
use super::read::{self, is_development};
use crate::app::App;
use crate::config::MetadataSource;
use crate::remote::Rules;
use crate::remote::saml;
use std::path::Path;
use time::Duration;
use url::Url;

/// How addresses name it; no other provider has this name.
pub const NAME: &str = "configured";
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
    let provider = read::parse(app, &text).map_err(|fault| Unusable::Wrong(fault.to_string()))?;
    if app.identity_provider().is_some_and(|(known, _)| known.entity_id != provider.entity_id) {
        let why = "the metadata now name another identity provider: restart Keeper if that is meant";
        return Err(Unusable::Wrong(why.to_owned()));
    }
    read::tell(&provider, app.now());
    app.believe(provider);
    Ok(())
}

/// The worker calls it once a minute.
pub(super) async fn refresh(app: &App) {
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

async fn from_file(path: &Path) -> Read<String> {
    let unreadable = |e| Unusable::Wrong(format!("{} cannot be read: {e}", path.display()));
    if tokio::fs::metadata(path).await.map_err(unreadable)?.len() > LARGEST {
        return Err(Unusable::Wrong(format!("{} is larger than 1 MiB", path.display())));
    }
    tokio::fs::read_to_string(path).await.map_err(unreadable)
}

/// Whoever writes the configuration may name any host.
async fn from_url(app: &App, url: &Url) -> Read<String> {
    let rules = Rules { development: is_development(app), hosts: Vec::new() };
    let text = saml::fetch_metadata(url, &rules).await;
    text.map_err(
        |e| if e.may_pass() { Unusable::Away(e.to_string()) } else { Unusable::Wrong(e.to_string()) },
    )
}
