//! An identity provider's answer, from the form field to the account. Every refusal is one event with its reason; the
//! person at the door reads a reference, because the reasons are of use to an attacker.
use super::requests::{self, Purpose, Request};
use super::{account, acs_url};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::User;
use crate::providers::{self, Known};
use crate::remote::saml::{Answer, Expected, Fault, Identity};
use crate::signin::current::live;
use crate::signin::token_hash;
use crate::tx;
use std::sync::atomic::Ordering;

pub enum Arrived {
    Welcome(Box<Welcome>),
    /// This browser still has somebody else's session: who is at it has to say what is meant.
    Confirm,
    /// The log has the reason, under the request id.
    Refused,
    /// Too many tries from this address; nothing was looked at.
    Slow,
}

/// Somebody to begin a session for.
pub struct Welcome {
    pub user: User,
    pub next: String,
    pub session_index: Option<String>,
    /// Whatever Keeper's own limits say, the session ends then.
    pub session_ends: Option<Utc>,
    /// A fresh proof of identity within a session, not a new arrival.
    pub is_proof: bool,
    /// The session that this one takes the place of.
    pub replaces: Option<String>,
}

pub(super) enum Stop {
    Refused { why: String, who: Option<String> },
    Failed(Error),
}

pub async fn receive(app: &App, trace: &Trace, browser_key: Option<&str>, encoded: &str) -> Result<Arrived> {
    app.keys()?; // no sign-in that could not be recorded
    if app.settings.limits && app.tries_by_address.take(&trace.network(), app.now()).is_err() {
        app.tries_slowed.fetch_add(1, Ordering::Relaxed);
        return Ok(Arrived::Slow);
    }
    match believe(app, browser_key, encoded).await {
        Ok(arrived) => Ok(arrived),
        Err(Stop::Failed(e)) => Err(e),
        Err(Stop::Refused { why, who }) => {
            tell(app, trace, &why, who).await?;
            Ok(Arrived::Refused)
        }
    }
}

async fn believe(app: &App, browser_key: Option<&str>, encoded: &str) -> std::result::Result<Arrived, Stop> {
    let answer = Answer::read(encoded)?;
    let browser_hash = browser_key.map(token_hash);
    let request = requests::take(app, &answer.in_response_to, browser_hash.as_deref()).await?;
    let provider = providers::by_id(app, request.provider_id).await?;
    let expected = Expected {
        request_id: answer.in_response_to.clone(),
        requested_at: request.created_at,
        acs_url: acs_url(app),
        audience: app.settings.saml_entity_id(),
        now: app.now(),
        skew: provider.clock_skew,
    };
    let identity = app.saml.verify(answer, provider.idp.clone(), expected).await?;
    admit(app, &provider, &request, &identity).await.map_err(|stop| stop.of(&identity.subject))
}

/// From here on the provider's word is proved; what is left is whether it opens this door.
async fn admit(
    app: &App,
    provider: &Known,
    request: &Request,
    identity: &Identity,
) -> std::result::Result<Arrived, Stop> {
    if !requests::is_first(app, &provider.idp.entity_id, identity).await? {
        return Err(Stop::refused("this assertion was used before"));
    }
    let user = account::find(app, provider, identity).await?;
    proof(provider, request, &user, identity)?;
    let before = match &request.session_hash {
        Some(hash) => live(app, hash.clone()).await?,
        None => None,
    };
    if before.as_ref().is_some_and(|current| current.user.id != user.id) {
        requests::hold(app, request, user.id, identity).await?;
        return Ok(Arrived::Confirm);
    }
    Ok(Arrived::Welcome(Box::new(Welcome {
        user,
        next: request.next.clone(),
        session_index: identity.session_index.clone(),
        session_ends: identity.session_ends,
        is_proof: request.purpose == Purpose::Proof,
        replaces: before.map(|current| current.token_hash),
    })))
}

/// A step-up is the same person, asked anew after the request.
fn proof(
    provider: &Known,
    request: &Request,
    user: &User,
    identity: &Identity,
) -> std::result::Result<(), Stop> {
    if request.purpose != Purpose::Proof {
        return Ok(());
    }
    if request.user_id != Some(user.id) {
        return Err(Stop::refused("somebody else proved to be who they are"));
    }
    if identity.authenticated_at < request.created_at.minus(provider.clock_skew) {
        return Err(Stop::refused(
            "the identity provider did not ask again (AuthnInstant is older than the request)",
        ));
    }
    Ok(())
}

async fn tell(app: &App, trace: &Trace, why: &str, who: Option<String>) -> Result<()> {
    let request_id = trace.request_id.as_str();
    tracing::warn!(request_id, why, subject = who, "a sign-in through the identity provider was refused");
    let who = who.unwrap_or_else(|| "somebody not verified".to_owned());
    tx!(app.db, |tx| {
        let event = Event::new("session.refused", &who)
            .by_anonymous(&who)
            .outcome(Outcome::Refused)
            .with("method", "saml")
            .with("why", why)
            .with("client", trace.client.as_str())
            .with("request_id", request_id);
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(())
    })
}

impl Stop {
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into(), who: None }
    }

    /// The subject, once it is verified.
    fn of(self, subject: &str) -> Self {
        match self {
            Self::Refused { why, .. } => Self::Refused { why, who: Some(subject.to_owned()) },
            Self::Failed(e) => Self::Failed(e),
        }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::refused(fault.to_string())
    }
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        match e {
            Error::Forbidden(why) => Self::refused(why),
            e => Self::Failed(e),
        }
    }
}
