//! Whom the assertion names, and that it names them to Keeper, now, for this request: the bearer's confirmation.
use super::{LONGEST, Scene, answers, time, within};
use crate::kit::clock::Utc;
use crate::remote::saml::{ASSERTION, Fault, NameId, refuse, tree};
use roxmltree::Node;

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

fn subject<'a>(scene: &Scene<'a>) -> Result<Node<'a, 'a>, Fault> {
    tree::needed(scene.assertion, ASSERTION, "Subject")
}

/// A stable name: identity is the provider and this, for ever. A transient one is another each time.
pub(super) fn name_id(scene: &Scene<'_>) -> Result<NameId, Fault> {
    let node = tree::needed(subject(scene)?, ASSERTION, "NameID")?;
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
    let [format, name_qualifier, sp_name_qualifier] =
        ["Format", "NameQualifier", "SPNameQualifier"].map(|of| node.attribute(of).map(str::to_owned));
    if [&format, &name_qualifier, &sp_name_qualifier]
        .into_iter()
        .flatten()
        .any(|text| text.chars().count() > LONGEST)
    {
        return refuse("the NameID's format or a qualifier has more than 255 characters");
    }
    Ok(NameId { name: name.to_owned(), format, name_qualifier, sp_name_qualifier })
}

pub(super) fn is_named(scene: &Scene<'_>) -> Result<(), Fault> {
    name_id(scene).map(drop)
}

type Judge = fn(&Scene<'_>, Node<'_, '_>) -> Result<(), Fault>;

/// A bearer confirmation for this very request at this very address. Of several, the one that holds altogether; where
/// none does, the last one is told of.
fn data<'a>(scene: &Scene<'a>) -> Result<Node<'a, 'a>, Fault> {
    const ALL: [Judge; 3] = [received_here, answers_this, in_time];
    let bearers = tree::children(subject(scene)?, ASSERTION, "SubjectConfirmation")
        .filter(|one| one.attribute("Method") == Some(BEARER));
    let mut last = Err(Fault::new("there is no bearer SubjectConfirmation"));
    for bearer in bearers {
        last = tree::needed(bearer, ASSERTION, "SubjectConfirmationData");
        if last.as_ref().is_ok_and(|data| ALL.iter().all(|judge| judge(scene, *data).is_ok())) {
            break;
        }
    }
    last
}

pub(super) fn confirmation(scene: &Scene<'_>) -> Result<(), Fault> {
    data(scene).map(drop)
}

pub(super) fn recipient(scene: &Scene<'_>) -> Result<(), Fault> {
    received_here(scene, data(scene)?)
}

pub(super) fn confirms_the_request(scene: &Scene<'_>) -> Result<(), Fault> {
    answers_this(scene, data(scene)?)
}

pub(super) fn confirmation_times(scene: &Scene<'_>) -> Result<(), Fault> {
    in_time(scene, data(scene)?)
}

/// Until then the assertion could be shown again.
pub(super) fn confirmed_until(scene: &Scene<'_>) -> Result<Utc, Fault> {
    until(data(scene)?)
}

fn received_here(scene: &Scene<'_>, data: Node<'_, '_>) -> Result<(), Fault> {
    if data.attribute("Recipient") == Some(scene.expected.acs_url.as_str()) {
        Ok(())
    } else {
        refuse("Recipient is not this installation's address")
    }
}

fn answers_this(scene: &Scene<'_>, data: Node<'_, '_>) -> Result<(), Fault> {
    answers(data, scene.expected, "the assertion answers another request")
}

fn in_time(scene: &Scene<'_>, data: Node<'_, '_>) -> Result<(), Fault> {
    within(data, scene.expected)?;
    until(data).map(drop)
}

fn until(data: Node<'_, '_>) -> Result<Utc, Fault> {
    time(data, "NotOnOrAfter")?.ok_or_else(|| Fault::new("SubjectConfirmationData does not say until when"))
}
