//! What Keeper says to have somebody signed in: a request (SAML profiles 4.1.4.1), and its own metadata.
use super::binding::{Draft, Sent};
use super::canonical::{Text, Value, render};
use super::{DSIG, Fault, IdentityProvider, POST_BINDING, PROTOCOL, REDIRECT_BINDING, ServiceKey};
use crate::kit::clock::Utc;
use askama::Template;

/// What a request for sign-in is made of.
pub struct SignInRequest<'a> {
    pub provider: &'a IdentityProvider,
    pub entity_id: &'a str,
    pub acs_url: &'a str,
    pub request_id: &'a str,
    pub now: Utc,
    /// The provider shall ask the person anew, whatever it remembers.
    pub force: bool,
    pub relay_state: Option<&'a str>,
    /// Signs the request.
    pub key: Option<&'a ServiceKey>,
}

#[derive(Template)]
#[template(path = "saml/request.xml", escape = "none")]
struct AuthnRequest<'a> {
    id: Value<'a>,
    issue_instant: String,
    destination: Value<'a>,
    acs_url: Value<'a>,
    entity_id: Text<'a>,
    force: bool,
    binding: &'static str,
    signature: &'a str,
}

/// Where the browser goes to sign in, and how.
pub fn sign_in_request(asked: &SignInRequest<'_>) -> Result<Sent, Fault> {
    let to = &asked.provider.sso_url;
    let write = |signature: &str| {
        render(&AuthnRequest {
            id: Value(asked.request_id),
            issue_instant: asked.now.to_seconds(),
            destination: Value(to.as_str()),
            acs_url: Value(asked.acs_url),
            entity_id: Text(asked.entity_id),
            force: asked.force,
            binding: POST_BINDING,
            signature,
        })
    };
    let SignInRequest { request_id: id, relay_state, key, .. } = *asked;
    Draft { field: "SAMLRequest", id, relay_state, key }.send(asked.provider.sso_binding, to, write)
}

/// Keeper as its metadata name it.
pub struct Own<'a> {
    pub entity_id: &'a str,
    pub acs_url: &'a str,
    pub slo_url: &'a str,
    /// Of the keys that Keeper has, as they stand in metadata; messages of logout are signed, so without one there is none.
    pub certificates: &'a [String],
    /// Every request for a sign-in is signed.
    pub signs: bool,
}

/// What Keeper decrypts, the best first.
const ENCRYPTION_METHODS: [&str; 6] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    "http://www.w3.org/2009/xmlenc11#rsa-oaep",
];
const LOGOUT_BINDINGS: [&str; 2] = [REDIRECT_BINDING, POST_BINDING];

#[derive(Template)]
#[template(path = "saml/metadata.xml")]
struct Metadata<'a> {
    entity_id: &'a str,
    acs_url: &'a str,
    slo_url: &'a str,
    certificates: &'a [String],
    signs: bool,
    encryption_methods: [&'static str; 6],
    logout_bindings: &'a [&'static str],
    dsig: &'static str,
    protocol: &'static str,
    binding: &'static str,
}

/// It tells the truth (security.md, rule 9), in the order of the schema.
pub fn service_provider_metadata(own: &Own<'_>) -> Result<String, Fault> {
    render(&Metadata {
        entity_id: own.entity_id,
        acs_url: own.acs_url,
        slo_url: own.slo_url,
        certificates: own.certificates,
        signs: own.signs && !own.certificates.is_empty(),
        encryption_methods: ENCRYPTION_METHODS,
        logout_bindings: if own.certificates.is_empty() { &[] } else { &LOGOUT_BINDINGS },
        dsig: DSIG,
        protocol: PROTOCOL,
        binding: POST_BINDING,
    })
}
