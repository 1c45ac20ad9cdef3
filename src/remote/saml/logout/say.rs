//! What Keeper says: that a session here has ended, or what became of a provider's request. Always signed.
use super::super::binding::{Draft, Sent};
use super::super::canonical::{Text, Value, render};
use super::super::{Fault, IdentityProvider, ServiceKey, SingleLogout};
use super::{LogoutOutcome, NameId};
use crate::kit::clock::Utc;
use askama::Template;
use time::Duration;

/// How long a request may be on its way.
const LIVES: Duration = Duration::minutes(5);

pub struct LogoutRequest<'a> {
    pub provider: &'a IdentityProvider,
    pub entity_id: &'a str,
    pub id: &'a str,
    pub now: Utc,
    pub name_id: &'a NameId,
    pub session_index: Option<&'a str>,
    pub relay_state: Option<&'a str>,
    pub key: &'a ServiceKey,
}

pub struct LogoutResponse<'a> {
    pub provider: &'a IdentityProvider,
    pub entity_id: &'a str,
    pub id: &'a str,
    pub now: Utc,
    pub in_response_to: &'a str,
    pub outcome: LogoutOutcome,
    /// As it came with the request.
    pub relay_state: Option<&'a str>,
    pub key: &'a ServiceKey,
}

#[derive(Template)]
#[template(path = "saml/logout_request.xml", escape = "none")]
struct RequestDocument<'a> {
    destination: Value<'a>,
    id: Value<'a>,
    issue_instant: String,
    ends: String,
    entity_id: Text<'a>,
    signature: &'a str,
    name: Text<'a>,
    format: Option<Value<'a>>,
    name_qualifier: Option<Value<'a>>,
    sp_name_qualifier: Option<Value<'a>>,
    session_index: Option<Text<'a>>,
}

#[derive(Template)]
#[template(path = "saml/logout_response.xml", escape = "none")]
struct ResponseDocument<'a> {
    destination: Value<'a>,
    id: Value<'a>,
    in_response_to: Value<'a>,
    issue_instant: String,
    entity_id: Text<'a>,
    signature: &'a str,
    status: &'static str,
    is_partial: bool,
}

pub fn logout_request(said: &LogoutRequest<'_>) -> Result<Sent, Fault> {
    let there = there_is(said.provider)?;
    let write = |signature: &str| {
        render(&RequestDocument {
            destination: Value(there.url.as_str()),
            id: Value(said.id),
            issue_instant: said.now.to_seconds(),
            ends: said.now.plus(LIVES).to_seconds(),
            entity_id: Text(said.entity_id),
            signature,
            name: Text(&said.name_id.name),
            format: said.name_id.format.as_deref().map(Value),
            name_qualifier: said.name_id.name_qualifier.as_deref().map(Value),
            sp_name_qualifier: said.name_id.sp_name_qualifier.as_deref().map(Value),
            session_index: said.session_index.map(Text),
        })
    };
    let LogoutRequest { id, relay_state, key, .. } = *said;
    Draft { field: "SAMLRequest", id, relay_state, key: Some(key) }.send(there.binding, &there.url, write)
}

pub fn logout_response(said: &LogoutResponse<'_>) -> Result<Sent, Fault> {
    let there = there_is(said.provider)?;
    let write = |signature: &str| {
        render(&ResponseDocument {
            destination: Value(there.response_url.as_str()),
            id: Value(said.id),
            in_response_to: Value(said.in_response_to),
            issue_instant: said.now.to_seconds(),
            entity_id: Text(said.entity_id),
            signature,
            // Of a partial logout the outer code is Success and the inner one tells (SAML core 3.7.3.2).
            status: if said.outcome == LogoutOutcome::Refused { "Requester" } else { "Success" },
            is_partial: said.outcome == LogoutOutcome::Partial,
        })
    };
    let LogoutResponse { id, relay_state, key, .. } = *said;
    Draft { field: "SAMLResponse", id, relay_state, key: Some(key) }.send(
        there.binding,
        &there.response_url,
        write,
    )
}

fn there_is(provider: &IdentityProvider) -> Result<&SingleLogout, Fault> {
    let none = || Fault::new("the identity provider's metadata name no SingleLogoutService");
    provider.single_logout.as_ref().ok_or_else(none)
}
