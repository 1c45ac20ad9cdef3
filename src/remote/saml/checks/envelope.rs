//! What the response around the assertion has to say, signed or not.
use super::{Scene, answers, issued, issued_by, version};
use crate::remote::saml::{ASSERTION, Fault, gate, refuse, tree};

pub(super) fn status(scene: &Scene<'_>) -> Result<(), Fault> {
    gate::status(scene.response)
}

pub(super) fn encryption(scene: &Scene<'_>) -> Result<(), Fault> {
    if scene.expected.wants_encrypted && !scene.is_encrypted {
        return refuse("the assertion is not encrypted, and Keeper is set to take encrypted ones alone");
    }
    Ok(())
}

pub(super) fn response_version(scene: &Scene<'_>) -> Result<(), Fault> {
    version(scene.response)
}

pub(super) fn destination(scene: &Scene<'_>) -> Result<(), Fault> {
    if scene.response.attribute("Destination") == Some(scene.expected.acs_url.as_str()) {
        Ok(())
    } else {
        refuse("Destination is not this installation's address")
    }
}

pub(super) fn in_response_to(scene: &Scene<'_>) -> Result<(), Fault> {
    answers(scene.response, scene.expected, "the response answers another request")
}

pub(super) fn response_issued(scene: &Scene<'_>) -> Result<(), Fault> {
    issued(scene.response, scene.expected)
}

/// An envelope that nobody signed need not name who made it.
pub(super) fn response_issuer(scene: &Scene<'_>) -> Result<(), Fault> {
    match tree::only(scene.response, ASSERTION, "Issuer")? {
        Some(issuer) => issued_by(issuer, scene.provider),
        None if scene.response_is_signed => refuse("the response names no Issuer"),
        None => Ok(()),
    }
}
