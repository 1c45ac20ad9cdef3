//! Metadata: fetched from their address, and what they say.
use crate::app::App;
use crate::config::Mode;
use crate::kit::clock::Utc;
use crate::remote::error::RemoteError;
use crate::remote::saml::{self, Fault, IdentityProvider};
use url::Url;

pub(super) async fn fetch(app: &App, url: &Url) -> Result<String, RemoteError> {
    saml::fetch_metadata(url, &app.rules()).await
}

pub(super) fn parse(app: &App, text: &str) -> Result<IdentityProvider, Fault> {
    IdentityProvider::parse(text, app.now(), is_development(app))
}

pub(super) fn is_development(app: &App) -> bool {
    app.settings.mode == Mode::Development
}

pub(super) fn tell(provider: &IdentityProvider, now: Utc) {
    tracing::info!(
        identity_provider = provider.entity_id,
        keys = provider.fingerprints().join(" "),
        "people may sign in through this identity provider"
    );
    for warning in provider.warnings(now) {
        tracing::warn!(identity_provider = provider.entity_id, warning, "its metadata should be mended");
    }
}
