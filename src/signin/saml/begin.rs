//! A browser on its way to the identity provider. What it is to come back to stays here, under a request id that is used
//! once and a key that only this browser has.
use super::requests::{self, NewRequest, Purpose};
use super::{acs_url, message_id};
use crate::app::App;
use crate::domain::actor::Trace;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::providers::{self, Known};
use crate::remote::saml::{self, Sent, ServiceKey, SignInRequest};
use crate::signin::{Current, token_hash};
use std::sync::Arc;

pub enum Begun {
    /// How the browser goes there, and the key that its cookie keeps.
    Go { sent: Sent, browser_key: String },
    /// Too many sign-ins were begun from this address, or in all, and not ended.
    TooMany,
}

/// What a browser is sent for.
pub enum Errand<'a> {
    /// Somebody wants in, through the provider of this name; empty: the only one.
    SignIn { provider: &'a str },
    /// The person who is signed in shall prove to be who they are; nobody else is let in by it.
    Proof(&'a Current),
    /// An admin looks at what arrives.
    Test { admin: &'a Current, provider: &'a str },
}

pub async fn begin(
    app: &App,
    trace: &Trace,
    browser_key: Option<&str>,
    current: Option<&Current>,
    next: &str,
    errand: Errand<'_>,
) -> Result<Begun> {
    app.keys()?; // no sign-in that could not be recorded
    let (provider, purpose) = chosen(app, &errand).await?;
    let request_id = message_id(app)?;
    let browser_key = match browser_key.filter(|key| is_key(key)) {
        Some(key) => key.to_owned(),
        None => hex::encode(app.chance.bytes::<32>()?),
    };
    let key = signing_key(app, &provider).await?;
    let sent = saml::sign_in_request(&SignInRequest {
        provider: &provider.idp,
        entity_id: &app.settings.saml_entity_id(),
        acs_url: &acs_url(app),
        request_id: &request_id,
        now: app.now(),
        force: provider.terms.asks_again || purpose == Purpose::Proof,
        relay_state: None,
        key: key.as_deref(),
    })
    .map_err(|fault| Error::broken(fault.to_string()))?;
    let new = NewRequest {
        request_id: &request_id,
        browser_hash: &token_hash(&browser_key),
        client: &trace.network(),
        next,
        session_hash: current.map(|current| current.token_hash.as_str()),
        user_id: match errand {
            Errand::SignIn { .. } => None,
            Errand::Proof(who) | Errand::Test { admin: who, .. } => Some(who.user.id),
        },
        purpose,
        provider_id: provider.id,
    };
    if requests::remember(app, new).await? { Ok(Begun::Go { sent, browser_key }) } else { Ok(Begun::TooMany) }
}

async fn chosen(app: &App, errand: &Errand<'_>) -> Result<(Known, Purpose)> {
    match errand {
        Errand::SignIn { provider } => Ok((providers::by_name(app, provider).await?, Purpose::SignIn)),
        Errand::Proof(who) => {
            let entity_id = who.user.identity_provider.as_deref().unwrap_or_default();
            Ok((providers::by_entity_id(app, entity_id).await?, Purpose::Proof))
        }
        Errand::Test { admin, provider } => {
            if admin.user.role != Role::Admin {
                return Err(Error::Forbidden("a sign-in is tested by admins".into()));
            }
            Ok((providers::by_name(app, provider).await?, Purpose::Test))
        }
    }
}

/// The active one, where there is one and the provider is to see it.
async fn signing_key(app: &App, provider: &Known) -> Result<Option<Arc<ServiceKey>>> {
    if provider.terms.signs_requests || provider.idp.wants_signed_requests {
        providers::signing_key(app).await
    } else {
        Ok(None)
    }
}

/// One of ours, as far as its looks tell: 64 hex digits. Two tabs share it.
fn is_key(key: &str) -> bool {
    key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit())
}
