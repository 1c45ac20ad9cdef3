//! Single logout (SAML profiles 4.4). Keeper's own sign-out ends the session here first and then offers to go on; a provider's
//! request ends what it names, if its signature holds, and nothing else does.
use super::receive::Stop;
use super::requests::{self, NewRequest, Purpose};
use super::{message_id, record_refusal, slo_url};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Value;
use crate::domain::actor::{Actor, Trace};
use crate::domain::error::{Error, Result};
use crate::people::{self, User};
use crate::providers::{self, Known};
use crate::remote::saml::{
    self, Fault, Logout, LogoutExpected, LogoutMessage, LogoutOutcome, LogoutRequest, LogoutResponse, NameId,
    Sent,
};
use crate::signin::{token_hash, within_limits};
use crate::{sql, tx};

/// A way on to the identity provider, for somebody who has signed out here.
pub struct WayOn {
    pub provider: String,
    pub sent: Sent,
}

/// What came of a message of logout.
pub enum Heard {
    /// A provider's request was followed; this is the answer to it, where the provider takes one.
    Ended { provider: String, answer: Option<Sent> },
    /// The answer to Keeper's own request.
    Answered { provider: String, outcome: LogoutOutcome },
    /// Nothing has ended; the log has the reason, under the request id.
    Refused,
    /// Too many from this address; nothing was looked at.
    Slow,
}

/// `None`: the provider has no single logout, or Keeper no key to sign with; then nothing more can be done here.
pub async fn way_on(
    app: &App,
    trace: &Trace,
    user: &User,
    name_id: &NameId,
    index: Option<&str>,
) -> Result<Option<WayOn>> {
    let Some(entity_id) = user.identity_provider.as_deref() else { return Ok(None) };
    let known = match providers::by_entity_id(app, entity_id).await {
        Ok(known) if known.idp.single_logout.is_some() => known,
        Ok(_) | Err(Error::NotFound | Error::Unavailable { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    let Some(key) = providers::signing_key(app).await? else { return Ok(None) };
    let id = message_id(app)?;
    let sent = saml::logout_request(&LogoutRequest {
        provider: &known.idp,
        entity_id: &app.settings.saml_entity_id(),
        id: &id,
        now: app.now(),
        name_id,
        session_index: index,
        relay_state: None,
        key: &key,
    })
    .map_err(|fault| broken(&fault))?;
    let new = NewRequest {
        request_id: &id,
        // The answer lets nobody in, so it is bound to no browser.
        browser_hash: &token_hash(&id),
        client: &trace.network(),
        next: "/login",
        session_hash: None,
        user_id: None,
        purpose: Purpose::Logout,
        provider_id: known.id,
    };
    let remembered = requests::remember(app, new).await?;
    Ok(remembered.then_some(WayOn { provider: known.display_name, sent }))
}

/// A message at `/saml/slo`, from whoever says to be a provider.
pub async fn hear(
    app: &App,
    trace: &Trace,
    read: std::result::Result<LogoutMessage, Fault>,
) -> Result<Heard> {
    app.keys()?; // no end of a session that could not be recorded
    let limits = within_limits(app, || app.logouts_by_address.take(&trace.network(), app.now()));
    if limits.is_err() {
        return Ok(Heard::Slow);
    }
    let why = match follow(app, trace, read).await {
        Ok(heard) => return Ok(heard),
        Err(Stop::Refused { why, .. }) => why,
        Err(Stop::Failed(e)) => return Err(e),
    };
    let request_id = trace.request_id.as_str();
    tracing::warn!(request_id, why, "a message of single logout was refused");
    let event = Event::new("logout.refused", "somebody not verified").by_anonymous("somebody not verified");
    record_refusal(app, trace, event, &why).await?;
    Ok(Heard::Refused)
}

async fn follow(
    app: &App,
    trace: &Trace,
    read: std::result::Result<LogoutMessage, Fault>,
) -> std::result::Result<Heard, Stop> {
    let message = read?;
    let known = match providers::by_entity_id(app, message.issuer()).await {
        Err(Error::NotFound) => {
            return Err(Stop::refused("no identity provider of that name is believed here"));
        }
        known => known?,
    };
    let relay_state = message.relay_state().map(str::to_owned);
    let expected = LogoutExpected { slo_url: slo_url(app), now: app.now(), skew: known.skew() };
    match app.saml.verify_logout(message, known.idp.clone(), expected).await? {
        Logout::Response { in_response_to, outcome } => {
            if !requests::take_logout(app, &in_response_to, known.id).await? {
                return Err(Stop::refused("the response answers no logout that was begun here"));
            }
            Ok(Heard::Answered { provider: known.display_name, outcome })
        }
        Logout::Request { id, name_id, session_indexes, .. } => {
            if !end(app, trace, &known, &id, (&name_id, &session_indexes)).await? {
                return Err(Stop::refused("this request was followed before"));
            }
            // What has ended has ended, whether or not it can be told.
            let answer = answer(app, &known, &id, relay_state.as_deref()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "a logout that was followed could not be answered");
                None
            });
            Ok(Heard::Ended { provider: known.display_name, answer })
        }
    }
}

/// Followed and remembered in one unit. Whoever is not known here has no session either: that is a success (SAML core 3.7.3.2
/// knows no other word for it). False: it was followed before.
async fn end(
    app: &App,
    trace: &Trace,
    known: &Known,
    id: &str,
    (name_id, indexes): (&str, &[String]),
) -> Result<bool> {
    tx!(app.db, |tx| {
        let entity_id = known.idp.entity_id.as_str();
        if !requests::is_first_message(tx, app.now(), entity_id, id).await? {
            return Ok(false);
        }
        let Some(user) = people::of_subject(tx, entity_id, name_id).await? else { return Ok(true) };
        let mut query = sql!("DELETE FROM sessions WHERE user_id = ?", user.id);
        if !indexes.is_empty() {
            query.push_list(" AND saml_session_index IN ", indexes.iter().map(Value::from));
        }
        let ended = tx.exec(query).await?;
        requests::forget_arrivals(tx, user.id).await?;
        let event = Event::new("session.ended", &user.username)
            .with("why", "single logout, asked for by the identity provider")
            .with("identity_provider", entity_id)
            .with("sessions", ended)
            .with("client", trace.client.as_str());
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(true)
    })
}

async fn answer(app: &App, known: &Known, id: &str, relay_state: Option<&str>) -> Result<Option<Sent>> {
    let key = providers::signing_key(app).await?;
    let (Some(key), true) = (key, known.idp.single_logout.is_some()) else { return Ok(None) };
    saml::logout_response(&LogoutResponse {
        provider: &known.idp,
        entity_id: &app.settings.saml_entity_id(),
        id: &message_id(app)?,
        now: app.now(),
        in_response_to: id,
        outcome: LogoutOutcome::Complete,
        relay_state,
        key: &key,
    })
    .map(Some)
    .map_err(|fault| broken(&fault))
}

fn broken(fault: &Fault) -> Error {
    Error::broken(fault.to_string())
}
