//! What a verified message of logout must say before anything ends (SAML core 3.2 and 3.7, profiles 4.4.4).
use super::super::checks::{issued_by, time, version};
use super::super::{ASSERTION, Fault, IdentityProvider, PROTOCOL, gate, refuse, tree};
use super::{LogoutKind, LogoutOutcome, PARTIAL, SUCCESS};
use crate::kit::clock::Utc;
use roxmltree::Node;
use time::Duration;

/// How long a message may be on its way, beside what clocks differ.
const LIVES: Duration = Duration::minutes(5);
const MOST_SESSIONS: usize = 50;
/// As a sign-in takes them.
const LONGEST: usize = 255;

/// What the message is held against.
pub struct LogoutExpected {
    /// Where Keeper receives it.
    pub slo_url: String,
    pub now: Utc,
    pub skew: Duration,
}

/// What the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logout {
    Request {
        /// What the response answers; one of the same id has been seen already.
        id: String,
        name_id: String,
        format: Option<String>,
        /// None: every session of that name.
        session_indexes: Vec<String>,
    },
    Response {
        in_response_to: String,
        outcome: LogoutOutcome,
    },
}

/// `verified` is what the signature covers.
pub(super) fn read(
    verified: &str,
    kind: LogoutKind,
    provider: &IdentityProvider,
    expected: &LogoutExpected,
) -> Result<Logout, Fault> {
    let document = tree::parse(verified, gate::MOST_NODES)?;
    let root = document.root_element();
    if !tree::is(root, PROTOCOL, kind.element()) {
        return refuse("the signature does not cover the message");
    }
    version(root)?;
    issued_by(tree::needed(root, ASSERTION, "Issuer")?, provider)?;
    if root.attribute("Destination") != Some(expected.slo_url.as_str()) {
        return refuse("Destination is not this installation's address");
    }
    fresh(root, expected)?;
    match kind {
        LogoutKind::Request => request(root),
        LogoutKind::Response => response(root),
    }
}

fn fresh(root: Node<'_, '_>, expected: &LogoutExpected) -> Result<(), Fault> {
    let LogoutExpected { now, skew, .. } = *expected;
    let at = time(root, "IssueInstant")?.ok_or_else(|| Fault::new("there is no IssueInstant"))?;
    if at > now.plus(skew) {
        return refuse(
            "IssueInstant lies in the future: compare the clocks of Keeper and the identity provider",
        );
    }
    let ends = time(root, "NotOnOrAfter")?;
    if at < now.minus(skew).minus(LIVES) || ends.is_some_and(|ends| now >= ends.plus(skew)) {
        return refuse(
            "the message is no longer valid: compare the clocks of Keeper and the identity provider",
        );
    }
    Ok(())
}

fn request(root: Node<'_, '_>) -> Result<Logout, Fault> {
    let id = root.attribute("ID").ok_or_else(|| Fault::new("the request has no ID"))?;
    if root.children().any(|child| tree::is(child, ASSERTION, "EncryptedID")) {
        return refuse("the name is encrypted (EncryptedID): switch that off for logout at the provider");
    }
    let node = tree::needed(root, ASSERTION, "NameID")?;
    let mut session_indexes = Vec::new();
    for node in tree::children(root, PROTOCOL, "SessionIndex") {
        if session_indexes.len() == MOST_SESSIONS {
            return refuse("the request names more than 50 sessions");
        }
        session_indexes.push(sane(node, "SessionIndex")?);
    }
    Ok(Logout::Request {
        id: id.to_owned(),
        name_id: sane(node, "NameID")?,
        format: node.attribute("Format").map(str::to_owned),
        session_indexes,
    })
}

/// Nobody is known here by anything else.
fn sane(node: Node<'_, '_>, what: &'static str) -> Result<String, Fault> {
    let text = tree::text(node)?;
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return refuse(format!("{what} does not have 1 to 255 plain characters"));
    }
    Ok(text.to_owned())
}

fn response(root: Node<'_, '_>) -> Result<Logout, Fault> {
    let answers = root.attribute("InResponseTo").filter(|id| !id.is_empty());
    let in_response_to = answers.ok_or_else(|| Fault::new("the response answers no request"))?.to_owned();
    let status = tree::needed(root, PROTOCOL, "Status")?;
    let code = tree::needed(status, PROTOCOL, "StatusCode")?;
    let inner = tree::only(code, PROTOCOL, "StatusCode")?;
    let is = |node: Node<'_, '_>, value: &str| node.attribute("Value") == Some(value);
    // Most say so within Success, some within Responder, some at once.
    let is_partial = is(code, PARTIAL) || inner.is_some_and(|inner| is(inner, PARTIAL));
    let outcome = match (is_partial, is(code, SUCCESS)) {
        (true, _) => LogoutOutcome::Partial,
        (false, true) => LogoutOutcome::Complete,
        (false, false) => LogoutOutcome::Refused,
    };
    Ok(Logout::Response { in_response_to, outcome })
}
