//! What a verified answer must say before anybody is let in (security.md, rule 3): SAML core 2.5 and profiles 4.1.4.3,
//! each check stricter than samael's, and none left out because a part is missing.
use super::gate::{self, Answer};
use super::{ASSERTION, Fault, IdentityProvider, PROTOCOL, refuse, tree};
use crate::kit::clock::Utc;
use roxmltree::Node;
use std::collections::BTreeMap;
use time::Duration;

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// SAML core 8.3.7 gives persistent identifiers 256 characters; Keeper's column has 255.
const LONGEST: usize = 255;

/// What the answer is held against: the request, and this installation.
pub struct Expected {
    pub request_id: String,
    pub requested_at: Utc,
    /// Where answers are received.
    pub acs_url: String,
    /// Keeper's own entity id.
    pub audience: String,
    pub now: Utc,
    pub skew: Duration,
}

/// Who the provider says is there.
#[derive(Debug)]
pub struct Identity {
    pub subject: String,
    pub session_index: Option<String>,
    /// When the person last proved to the provider who they are.
    pub authenticated_at: Utc,
    pub session_ends: Option<Utc>,
    pub attributes: BTreeMap<String, Vec<String>>,
    pub assertion_id: String,
    /// Until then the assertion could be shown again.
    pub assertion_ends: Utc,
}

impl Identity {
    pub fn all<'a>(&'a self, attribute: &str) -> impl Iterator<Item = &'a str> {
        self.attributes.get(attribute).into_iter().flatten().map(String::as_str)
    }
}

/// `verified` is what the signatures cover: the response, or the assertion alone.
pub(super) fn all(
    verified: &str,
    answer: &Answer,
    provider: &IdentityProvider,
    expected: &Expected,
) -> Result<Identity, Fault> {
    let document = tree::parse(verified, 60_000)?;
    let root = document.root_element();
    if answer.response_is_signed {
        if !tree::is(root, PROTOCOL, "Response") {
            return refuse("the signature does not cover the response");
        }
        envelope(root, true, provider, expected)?;
        return assertion(tree::needed(root, ASSERTION, "Assertion")?, answer, provider, expected);
    }
    // The envelope is not signed, so it proves nothing; but what it says must fit all the same.
    let whole = tree::parse(answer.xml(), 60_000)?;
    envelope(whole.root_element(), false, provider, expected)?;
    if !tree::is(root, ASSERTION, "Assertion") {
        return refuse("the signature does not cover the assertion");
    }
    assertion(root, answer, provider, expected)
}

fn envelope(
    response: Node<'_, '_>,
    is_signed: bool,
    provider: &IdentityProvider,
    expected: &Expected,
) -> Result<(), Fault> {
    version(response)?;
    if response.attribute("Destination") != Some(expected.acs_url.as_str()) {
        return refuse("Destination is not this installation's address");
    }
    if response.attribute("InResponseTo") != Some(expected.request_id.as_str()) {
        return refuse("the response answers another request");
    }
    issued(response, expected)?;
    match tree::only(response, ASSERTION, "Issuer")? {
        Some(issuer) => issued_by(issuer, provider)?,
        None if is_signed => return refuse("the response names no Issuer"),
        None => {}
    }
    gate::status(response)
}

fn assertion(
    assertion: Node<'_, '_>,
    answer: &Answer,
    provider: &IdentityProvider,
    expected: &Expected,
) -> Result<Identity, Fault> {
    version(assertion)?;
    if assertion.attribute("ID") != Some(answer.assertion_id.as_str()) {
        return refuse("the signature covers another assertion");
    }
    issued_by(tree::needed(assertion, ASSERTION, "Issuer")?, provider)?;
    issued(assertion, expected)?;
    let subject = tree::needed(assertion, ASSERTION, "Subject")?;
    let assertion_ends = confirmed(subject, expected)?;
    conditions(tree::needed(assertion, ASSERTION, "Conditions")?, expected)?;
    let statement = tree::children(assertion, ASSERTION, "AuthnStatement")
        .next()
        .ok_or_else(|| Fault::new("there is no AuthnStatement"))?;
    let authenticated_at =
        time(statement, "AuthnInstant")?.ok_or_else(|| Fault::new("there is no AuthnInstant"))?;
    if authenticated_at > expected.now.plus(expected.skew) {
        return refuse("AuthnInstant lies in the future");
    }
    let session_ends = time(statement, "SessionNotOnOrAfter")?;
    if session_ends.is_some_and(|ends| ends <= expected.now) {
        return refuse("the session at the identity provider has ended (SessionNotOnOrAfter)");
    }
    let session_index = statement.attribute("SessionIndex").map(str::to_owned);
    if session_index.as_ref().is_some_and(|index| index.chars().count() > LONGEST) {
        return refuse("SessionIndex has more than 255 characters");
    }
    Ok(Identity {
        subject: name_id(subject)?,
        session_index,
        authenticated_at,
        session_ends,
        attributes: attributes(assertion)?,
        assertion_id: answer.assertion_id.clone(),
        assertion_ends: assertion_ends.plus(expected.skew),
    })
}

pub(super) fn version(node: Node<'_, '_>) -> Result<(), Fault> {
    if node.attribute("Version") == Some("2.0") { Ok(()) } else { refuse("the version is not SAML 2.0") }
}

pub(super) fn issued_by(issuer: Node<'_, '_>, provider: &IdentityProvider) -> Result<(), Fault> {
    if tree::text(issuer)?.trim() == provider.entity_id {
        Ok(())
    } else {
        refuse("Issuer is not the identity provider of the metadata")
    }
}

/// After the request, and not in the future: clocks may differ by the skew.
fn issued(node: Node<'_, '_>, expected: &Expected) -> Result<(), Fault> {
    let at = time(node, "IssueInstant")?.ok_or_else(|| Fault::new("there is no IssueInstant"))?;
    if at > expected.now.plus(expected.skew) {
        return refuse(
            "IssueInstant lies in the future: compare the clocks of Keeper and the identity provider",
        );
    }
    if at < expected.requested_at.minus(expected.skew) {
        return refuse(
            "IssueInstant lies before the request: compare the clocks of Keeper and the identity provider",
        );
    }
    Ok(())
}

/// A stable name: identity is the provider and this, for ever. A transient one is another each time.
fn name_id(subject: Node<'_, '_>) -> Result<String, Fault> {
    let node = tree::needed(subject, ASSERTION, "NameID")?;
    if node.attribute("Format") == Some(TRANSIENT) {
        return refuse(
            "the NameID is transient, another one at each sign-in: let the provider send a persistent one or the e-mail address",
        );
    }
    let text = tree::text(node)?;
    let name = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if name.is_empty() || name.chars().count() > LONGEST {
        return refuse("the NameID does not have 1 to 255 characters");
    }
    if name.chars().any(char::is_control) || name.trim() != name {
        return refuse("the NameID holds control characters or begins or ends with a blank");
    }
    Ok(name.to_owned())
}

/// A bearer confirmation for this very request at this very address. Answers until when.
fn confirmed(subject: Node<'_, '_>, expected: &Expected) -> Result<Utc, Fault> {
    let mut why = Fault::new("there is no bearer SubjectConfirmation");
    let bearers = tree::children(subject, ASSERTION, "SubjectConfirmation")
        .filter(|one| one.attribute("Method") == Some(BEARER));
    for one in bearers {
        match bearer(one, expected) {
            Ok(until) => return Ok(until),
            Err(fault) => why = fault,
        }
    }
    Err(why)
}

fn bearer(confirmation: Node<'_, '_>, expected: &Expected) -> Result<Utc, Fault> {
    let data = tree::needed(confirmation, ASSERTION, "SubjectConfirmationData")?;
    if data.attribute("Recipient") != Some(expected.acs_url.as_str()) {
        return refuse("Recipient is not this installation's address");
    }
    if data.attribute("InResponseTo") != Some(expected.request_id.as_str()) {
        return refuse("the assertion answers another request");
    }
    within(data, expected)?;
    time(data, "NotOnOrAfter")?.ok_or_else(|| Fault::new("SubjectConfirmationData does not say until when"))
}

fn conditions(conditions: Node<'_, '_>, expected: &Expected) -> Result<(), Fault> {
    within(conditions, expected)?;
    let known = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];
    let mut restrictions = 0;
    for node in conditions.children().filter(Node::is_element) {
        if !known.iter().any(|name| tree::is(node, ASSERTION, name)) {
            return refuse("Conditions holds a condition that Keeper does not know");
        }
        if tree::is(node, ASSERTION, "AudienceRestriction") {
            restrictions += 1;
            let mut audiences = tree::children(node, ASSERTION, "Audience");
            if !audiences.any(|a| tree::text(a).is_ok_and(|text| text.trim() == expected.audience)) {
                return refuse("the assertion is meant for another service (AudienceRestriction)");
            }
        }
    }
    if restrictions == 0 { refuse("there is no AudienceRestriction") } else { Ok(()) }
}

/// `NotBefore` and `NotOnOrAfter`, where they stand.
fn within(node: Node<'_, '_>, expected: &Expected) -> Result<(), Fault> {
    if time(node, "NotBefore")?.is_some_and(|begins| expected.now < begins.minus(expected.skew)) {
        return refuse(
            "the assertion is not valid yet: compare the clocks of Keeper and the identity provider",
        );
    }
    if time(node, "NotOnOrAfter")?.is_some_and(|ends| expected.now >= ends.plus(expected.skew)) {
        return refuse(
            "the assertion is no longer valid: compare the clocks of Keeper and the identity provider",
        );
    }
    Ok(())
}

pub(super) fn time(node: Node<'_, '_>, attribute: &'static str) -> Result<Option<Utc>, Fault> {
    let Some(text) = node.attribute(attribute) else { return Ok(None) };
    Utc::parse(text).map(Some).ok_or_else(|| Fault::new(format!("{attribute} is not a date and time")))
}

/// Texts by attribute name. A value with elements in it (eduPersonTargetedID, say) is none that Keeper uses.
fn attributes(assertion: Node<'_, '_>) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in tree::children(assertion, ASSERTION, "AttributeStatement") {
        for attribute in tree::children(statement, ASSERTION, "Attribute") {
            let name = attribute.attribute("Name").ok_or_else(|| Fault::new("an attribute has no Name"))?;
            let values = tree::children(attribute, ASSERTION, "AttributeValue")
                .filter_map(|value| tree::text(value).ok())
                .map(|text| text.trim().to_owned());
            found.entry(name.to_owned()).or_default().extend(values);
        }
    }
    Ok(found)
}
