//! What a verified answer must say before anybody is let in (security.md, rule 3): SAML core 2.5 and profiles 4.1.4.3,
//! each check stricter than samael's, and none left out because a part is missing. All of them stand in one `table`;
//! `envelope`, `subject` and `statement` hold what they do, `report` what an administrator reads of them.
mod envelope;
mod identity;
mod report;
mod seen;
mod statement;
mod subject;
mod table;

pub use identity::Identity;
pub use report::{Checked, Finding, Report};
pub use seen::{Part, Seen, SeenAttribute, SeenSeal, SeenSignature};
pub use table::Check;

use super::gate::{self, Answer};
use super::verify::Verdict;
use super::{ASSERTION, Fault, IdentityProvider, PROTOCOL, refuse, tree};
use crate::kit::clock::Utc;
use roxmltree::Node;
use time::Duration;

/// SAML core 8.3.7 gives persistent identifiers 256 characters; Keeper's column has 255.
const LONGEST: usize = 255;

/// What the answer is held against: the request, and this installation.
pub struct Expected {
    /// None: the provider begins the sign-in, and its answer may answer nothing.
    pub request: Option<Asked>,
    /// Where answers are received.
    pub acs_url: String,
    /// Keeper's own entity id.
    pub audience: String,
    pub now: Utc,
    pub skew: Duration,
    /// An assertion in the clear is refused.
    pub wants_encrypted: bool,
}

/// The request that an answer has to answer.
pub struct Asked {
    pub id: String,
    pub at: Utc,
}

/// What signatures cover, and what is known of them.
pub(super) struct Proved {
    /// Where the response itself is signed.
    pub response: Option<String>,
    /// Where it is a document of its own: signed alone, or opened.
    pub assertion: Option<String>,
    pub assertion_id: String,
    pub signatures: Vec<SeenSignature>,
    pub seal: Option<SeenSeal>,
}

/// All that a check may look at.
struct Scene<'a> {
    /// Not signed, it proves nothing; but what it says must fit all the same.
    response: Node<'a, 'a>,
    response_is_signed: bool,
    assertion: Node<'a, 'a>,
    is_encrypted: bool,
    provider: &'a IdentityProvider,
    expected: &'a Expected,
}

/// Every check, so that an administrator reads of all that is wrong at once; the first that fails is the fault.
pub(super) fn all(
    proved: &Proved,
    answer: &Answer,
    provider: &IdentityProvider,
    expected: &Expected,
) -> Result<Verdict, Fault> {
    let parse = |xml| tree::parse(xml, gate::MOST_NODES).map_err(uncovered);
    let envelope = parse(proved.response.as_deref().unwrap_or(answer.xml()))?;
    let own = proved.assertion.as_deref().map(parse).transpose()?;
    let response = envelope.root_element();
    let assertion = match &own {
        Some(own) => own.root_element(),
        None => tree::needed(response, ASSERTION, "Assertion").map_err(uncovered)?,
    };
    covered(response, assertion, &proved.assertion_id).map_err(uncovered)?;
    let scene = Scene {
        response,
        response_is_signed: proved.response.is_some(),
        assertion,
        is_encrypted: proved.seal.is_some(),
        provider,
        expected,
    };
    let judged: Vec<(Check, Result<(), Fault>)> = table::TABLE
        .iter()
        .map(|rule| (rule.check, rule.judge.map_or(Ok(()), |judge| judge(&scene))))
        .collect();
    let report = Report::judged(&judged, seen::of(&scene, proved));
    let first = judged.into_iter().find_map(|(check, judged)| judged.err().map(|fault| fault.of(check)));
    let identity = first.map_or_else(|| Identity::of(&scene, &proved.assertion_id), Err);
    Ok(Verdict { identity, report })
}

fn uncovered(fault: Fault) -> Fault {
    fault.of(Check::Signature)
}

fn covered(response: Node<'_, '_>, assertion: Node<'_, '_>, id: &str) -> Result<(), Fault> {
    if !tree::is(response, PROTOCOL, "Response") {
        return refuse("the signature does not cover the response");
    }
    if !tree::is(assertion, ASSERTION, "Assertion") {
        return refuse("the signature does not cover the assertion");
    }
    if assertion.attribute("ID") != Some(id) {
        return refuse("the signature covers another assertion");
    }
    Ok(())
}

pub(super) fn version(node: Node<'_, '_>) -> Result<(), Fault> {
    if node.attribute("Version") == Some("2.0") { Ok(()) } else { refuse("the version is not SAML 2.0") }
}

/// Where the provider begins, no request says how old an answer may be: as long as its way takes.
const UNASKED: Duration = Duration::minutes(5);

/// After the request, and not in the future: clocks may differ by the skew.
fn issued(node: Node<'_, '_>, expected: &Expected) -> Result<(), Fault> {
    let at = time(node, "IssueInstant")?.ok_or_else(|| Fault::new("there is no IssueInstant"))?;
    if at > expected.now.plus(expected.skew) {
        return refuse(
            "IssueInstant lies in the future: compare the clocks of Keeper and the identity provider",
        );
    }
    let (earliest, why) = match &expected.request {
        Some(asked) => (
            asked.at,
            "IssueInstant lies before the request: compare the clocks of Keeper and the identity provider",
        ),
        None => (
            expected.now.minus(UNASKED),
            "IssueInstant lies more than five minutes back: compare the clocks of Keeper and the identity provider",
        ),
    };
    if at < earliest.minus(expected.skew) { refuse(why) } else { Ok(()) }
}

pub(super) fn issued_by(issuer: Node<'_, '_>, provider: &IdentityProvider) -> Result<(), Fault> {
    if tree::text(issuer)?.trim() == provider.entity_id {
        Ok(())
    } else {
        refuse("Issuer is not the identity provider of the metadata")
    }
}

/// The request that was made; where none was made, none.
fn answers(node: Node<'_, '_>, expected: &Expected, another: &'static str) -> Result<(), Fault> {
    match (node.attribute("InResponseTo"), &expected.request) {
        (Some(named), Some(asked)) if named == asked.id => Ok(()),
        (None, None) => Ok(()),
        _ => refuse(another),
    }
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
