//! What threatens single sign-on, in words, before people stand outside. Pages and the dashboard tell it to admins.
use super::keys;
use super::known::metadata_of;
use super::row::{self, Provider};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::remote::saml::{EXPIRING, IdentityProvider};

const EXPIRED: &str = "the metadata have expired (validUntil): nobody can sign in";

/// Of one that an admin manages.
pub fn troubles(app: &App, provider: &Provider) -> Vec<String> {
    let mut all = Vec::new();
    if !provider.fetch_error.is_empty() {
        all.push(format!(
            "the metadata could not be renewed, and the last good copy stays: {}",
            provider.fetch_error
        ));
    }
    match metadata_of(app, provider) {
        Ok(idp) => all.extend(of_metadata(app, &idp)),
        Err(e) => all.push(e.to_string()),
    }
    all
}

/// Of the one that is configured; none where none is.
pub fn configured_troubles(app: &App) -> Vec<String> {
    match app.identity_provider() {
        Some((idp, _)) => of_metadata(app, &idp),
        None if app.settings.saml.metadata.is_none() => Vec::new(),
        None => vec!["its metadata could not be read yet: nobody can sign in through it".to_owned()],
    }
}

fn of_metadata(app: &App, idp: &IdentityProvider) -> Vec<String> {
    let now = app.now();
    if idp.has_expired(now) { vec![EXPIRED.to_owned()] } else { idp.warnings(now) }
}

/// Of all that are in use, and of Keeper's own key; for admins, and nothing for others.
pub async fn all_troubles(app: &App, actor: &Actor) -> Result<Vec<String>> {
    if actor.role() != Role::Admin {
        return Ok(Vec::new());
    }
    let named = |name: &str, all: Vec<String>| {
        all.into_iter().map(|text| format!("{name}: {text}")).collect::<Vec<_>>()
    };
    let known = app.identity_provider();
    let name = known.as_ref().map_or("The configured identity provider", |(idp, _)| &idp.display_name);
    let mut all = named(name, configured_troubles(app));
    for provider in row::list(app, actor).await?.iter().filter(|provider| provider.is_active) {
        all.extend(named(&provider.display_name, troubles(app, provider)));
    }
    let active = keys::list(app).await?.into_iter().next();
    if let Some(key) = active.filter(|key| key.expires_at.since(app.now()) < EXPIRING) {
        let day = key.expires_at.get().date();
        all.push(format!(
            "Keeper’s own certificate expires on {day}: make the next key, and let every provider read it"
        ));
    }
    Ok(all)
}
