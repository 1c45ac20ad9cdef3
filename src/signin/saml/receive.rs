//! An identity provider's answer, from the form field to the account. Every refusal is one event with its reason; the
//! person at the door reads a reference, because the reasons are of use to an attacker.
use super::reports::{self, Learned, Step};
use super::requests::{self, NewRequest, Purpose, Request};
use super::{account, acs_url, message_id, record_refusal};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::{Actor, Trace};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::User;
use crate::providers::{self, Known};
use crate::remote::saml::{Answer, Asked, Expected, Fault, Identity, NameId, Report};
use crate::signin::current::live;
use crate::signin::{token_hash, within_limits};
use crate::tx;

pub enum Arrived {
    Welcome(Box<Welcome>),
    /// Who is at this browser has to say what is meant: it still has somebody else's session, or the provider began the sign-in
    /// by itself. Then this is the key of the browser.
    Confirm {
        browser_key: Option<String>,
    },
    /// An admin has looked at what arrives: the report has this reference.
    Tested(String),
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
    /// As the provider named them, for its logout.
    pub name_id: NameId,
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

/// What a browser brings.
pub struct Brought<'a> {
    pub browser_key: Option<&'a str>,
    /// The form field `SAMLResponse`.
    pub encoded: &'a str,
    /// Where a sign-in that the provider began is to lead; not proved.
    pub relay_state: &'a str,
}

pub async fn receive(app: &App, trace: &Trace, brought: Brought<'_>) -> Result<Arrived> {
    app.keys()?; // no sign-in that could not be recorded
    let limits = within_limits(app, || app.tries_by_address.take(&trace.network(), app.now()));
    if limits.is_err() {
        return Ok(Arrived::Slow);
    }
    let mut learned = Learned::default();
    match believe(app, trace, &brought, &mut learned).await {
        Ok(None) => {
            tell_of_test(app, &learned).await?;
            reports::keep(app, trace, &learned, None).await?;
        }
        Ok(Some(arrived)) => return Ok(arrived),
        Err(Stop::Failed(e)) => return Err(e),
        Err(Stop::Refused { why, who }) => {
            tell(app, trace, &why, who).await?;
            reports::keep(app, trace, &learned, Some(&why)).await?;
        }
    }
    Ok(if learned.tester.is_some() { Arrived::Tested(trace.request_id.clone()) } else { Arrived::Refused })
}

/// `None`: it was tried, and would have let somebody in.
async fn believe(
    app: &App,
    trace: &Trace,
    brought: &Brought<'_>,
    learned: &mut Learned,
) -> std::result::Result<Option<Arrived>, Stop> {
    let answer = Answer::read(brought.encoded).inspect_err(|fault| {
        learned.report = Some(Report::of_unreadable(fault));
    })?;
    learned.step = Step::Request;
    let (request, provider) = whom(app, brought, &answer, learned).await?;
    learned.step = Step::Believed;
    let expected = Expected {
        request: request.as_ref().map(|request| Asked { id: request.named.clone(), at: request.created_at }),
        acs_url: acs_url(app),
        audience: app.settings.saml_entity_id(),
        now: app.now(),
        skew: provider.skew(),
        wants_encrypted: provider.terms.wants_encrypted,
    };
    // Opened where they are needed alone: the key service may be away.
    let keys = if answer.is_encrypted() { providers::service_keys(app).await? } else { Vec::new() };
    let verdict = app.saml.verify(answer, provider.idp.clone(), keys, expected).await;
    learned.report = Some(verdict.report);
    let identity = verdict.identity?;
    identity.subject().clone_into(&mut learned.subject);
    let arrived =
        Arriving { app, trace, provider: &provider, identity: &identity, relay_state: brought.relay_state };
    arrived.admit(request.as_ref(), learned).await.map_err(|stop| stop.of(identity.subject()))
}

/// Which request it answers, and whose keys it is held against.
async fn whom(
    app: &App,
    brought: &Brought<'_>,
    answer: &Answer,
    learned: &mut Learned,
) -> std::result::Result<(Option<Request>, Known), Stop> {
    if let Some(id) = &answer.in_response_to {
        let browser_hash = brought.browser_key.map(token_hash);
        let request = requests::take(app, id, browser_hash.as_deref()).await?;
        learned.provider_id = request.provider_id;
        learned.purpose = Some(request.purpose);
        learned.tester = request.user_id.filter(|_| request.purpose == Purpose::Test);
        return match providers::by_id(app, request.provider_id).await {
            Ok(provider) => Ok((Some(request), provider)),
            Err(Error::NotFound) => Err(Stop::refused("the identity provider was switched off meanwhile")),
            Err(e) => Err(e.into()),
        };
    }
    let unasked = "the response answers no request: sign-in started by the provider is off";
    match providers::by_entity_id(app, answer.issuer.as_deref().unwrap_or_default()).await {
        Ok(provider) => {
            learned.provider_id = provider.id;
            if provider.terms.allows_unasked { Ok((None, provider)) } else { Err(Stop::refused(unasked)) }
        }
        Err(Error::NotFound) => Err(Stop::refused(unasked)),
        Err(e) => Err(e.into()),
    }
}

/// Somebody whose provider's word is proved; what is left is whether it opens this door.
struct Arriving<'a> {
    app: &'a App,
    trace: &'a Trace,
    provider: &'a Known,
    identity: &'a Identity,
    relay_state: &'a str,
}

impl Arriving<'_> {
    async fn admit(
        &self,
        request: Option<&Request>,
        learned: &mut Learned,
    ) -> std::result::Result<Option<Arrived>, Stop> {
        let Self { app, provider, identity, .. } = *self;
        learned.step = Step::Once;
        if !requests::is_first(app, &provider.idp.entity_id, identity).await? {
            return Err(Stop::refused("this assertion was used before"));
        }
        if learned.tester.is_some() {
            account::rehearse(app, provider, identity, learned).await?;
            learned.step = Step::Done;
            return Ok(None);
        }
        let user = account::find(app, provider, identity, learned).await?;
        let Some(request) = request else { return self.unasked(&user).await.map(Some) };
        learned.step = Step::Person;
        proof(provider, request, &user, identity)?;
        let before = match &request.session_hash {
            Some(hash) => live(app, hash.clone()).await?,
            None => None,
        };
        if before.as_ref().is_some_and(|current| current.user.id != user.id) {
            requests::hold(app, request, &user, identity).await?;
            return Ok(Some(Arrived::Confirm { browser_key: None }));
        }
        Ok(Some(Arrived::Welcome(Box::new(Welcome {
            user,
            next: request.next.clone(),
            session_index: identity.session_index.clone(),
            name_id: identity.name_id.clone(),
            session_ends: identity.session_ends,
            is_proof: request.purpose == Purpose::Proof,
            replaces: before.map(|current| current.token_hash),
        }))))
    }

    /// Any site may make a browser bring such an answer, somebody else's too: whoever sits there has to say that it is meant.
    async fn unasked(&self, user: &User) -> std::result::Result<Arrived, Stop> {
        let Self { app, trace, provider, identity, relay_state } = *self;
        let browser_key = hex::encode(app.chance.bytes::<32>().map_err(Error::from)?);
        let new = NewRequest {
            request_id: &message_id(app)?,
            browser_hash: &token_hash(&browser_key),
            client: &trace.network(),
            next: relay_state,
            session_hash: None,
            user_id: None,
            purpose: Purpose::SignIn,
            provider_id: provider.id,
        };
        if !requests::hold_unasked(app, new, user, identity).await? {
            return Ok(Arrived::Slow);
        }
        Ok(Arrived::Confirm { browser_key: Some(browser_key) })
    }
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
    if identity.authenticated_at < request.created_at.minus(provider.skew()) {
        return Err(Stop::refused(
            "the identity provider did not ask again (AuthnInstant is older than the request)",
        ));
    }
    Ok(())
}

/// An admin was shown what a provider says of somebody.
async fn tell_of_test(app: &App, learned: &Learned) -> Result<()> {
    tx!(app.db, |tx| {
        let mut event = Event::new("identity_provider.tested", &learned.subject);
        if let Some(id) = learned.tester {
            event = event.with("user_id", id);
        }
        audit::record(app, tx, &Actor::System, event).await.map(drop)
    })
}

async fn tell(app: &App, trace: &Trace, why: &str, who: Option<String>) -> Result<()> {
    let request_id = trace.request_id.as_str();
    tracing::warn!(request_id, why, subject = who, "a sign-in through the identity provider was refused");
    let who = who.unwrap_or_else(|| "somebody not verified".to_owned());
    let event = Event::new("session.refused", &who).by_anonymous(&who).with("method", "saml");
    record_refusal(app, trace, event, why).await
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
