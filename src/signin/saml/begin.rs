//! A browser on its way to the identity provider. What it is to come back to stays here, under a request id that is used
//! once and a key that only this browser has.
use super::acs_url;
use super::requests::{self, NewRequest};
use crate::app::App;
use crate::domain::actor::Trace;
use crate::domain::error::{Error, Result};
use crate::remote::saml;
use crate::signin::{Current, token_hash};
use url::Url;

pub enum Begun {
    /// Where the browser goes, and the key that its cookie keeps.
    Go { location: Url, browser_key: String },
    /// Too many sign-ins were begun from this address, or in all, and not ended.
    TooMany,
}

/// `proves`: the person who is signed in shall prove to be who they are; nobody else is let in by it.
pub async fn begin(
    app: &App,
    trace: &Trace,
    browser_key: Option<&str>,
    current: Option<&Current>,
    next: &str,
    proves: bool,
) -> Result<Begun> {
    app.keys()?; // no sign-in that could not be recorded
    if app.settings.saml.metadata.is_none() {
        return Err(Error::NotFound);
    }
    let known = app.identity_provider().filter(|(provider, _)| !provider.has_expired(app.now()));
    let Some((provider, _)) = known else {
        return Err(Error::unavailable(
            "single sign-on is not available: the identity provider's metadata could not be read, or have expired",
        ));
    };
    // SAML core 1.3.4 asks for 128 bits at least; an ID begins with a letter.
    let request_id = format!("k{}", hex::encode(app.chance.bytes::<20>()?));
    let browser_key = match browser_key.filter(|key| is_key(key)) {
        Some(key) => key.to_owned(),
        None => hex::encode(app.chance.bytes::<32>()?),
    };
    let entity_id = app.settings.saml_entity_id();
    let url = saml::request_url(&provider, &entity_id, &acs_url(app), &request_id, app.now(), proves);
    let location = url.ok_or_else(|| Error::broken("the request template failed"))?;
    let new = NewRequest {
        request_id: &request_id,
        browser_hash: &token_hash(&browser_key),
        client: &trace.network(),
        next,
        session_hash: current.map(|current| current.token_hash.as_str()),
        prove_user_id: current.filter(|_| proves).map(|current| current.user.id),
    };
    if requests::remember(app, new).await? {
        Ok(Begun::Go { location, browser_key })
    } else {
        Ok(Begun::TooMany)
    }
}

/// One of ours, as far as its looks tell: 64 hex digits. Two tabs share it.
fn is_key(key: &str) -> bool {
    key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit())
}
