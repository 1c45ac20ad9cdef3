//! What the assertion itself has to say: who made it and when, under which conditions, and of which sign-in.
use super::{LONGEST, Scene, issued, issued_by, time, version, within};
use crate::kit::clock::Utc;
use crate::remote::saml::{ASSERTION, Fault, refuse, tree};
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) fn assertion_version(scene: &Scene<'_>) -> Result<(), Fault> {
    version(scene.assertion)
}

pub(super) fn assertion_issuer(scene: &Scene<'_>) -> Result<(), Fault> {
    issued_by(tree::needed(scene.assertion, ASSERTION, "Issuer")?, scene.provider)
}

pub(super) fn assertion_issued(scene: &Scene<'_>) -> Result<(), Fault> {
    issued(scene.assertion, scene.expected)
}

pub(super) fn condition<'a>(scene: &Scene<'a>) -> Result<Node<'a, 'a>, Fault> {
    tree::needed(scene.assertion, ASSERTION, "Conditions")
}

pub(super) fn condition_times(scene: &Scene<'_>) -> Result<(), Fault> {
    within(condition(scene)?, scene.expected)
}

pub(super) fn known_conditions(scene: &Scene<'_>) -> Result<(), Fault> {
    let known = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];
    let is_known = |node: Node<'_, '_>| known.iter().any(|name| tree::is(node, ASSERTION, name));
    if condition(scene)?.children().filter(Node::is_element).all(is_known) {
        Ok(())
    } else {
        refuse("Conditions holds a condition that Keeper does not know")
    }
}

/// Of several restrictions each must hold.
pub(super) fn audience(scene: &Scene<'_>) -> Result<(), Fault> {
    let mut restrictions = 0;
    for node in tree::children(condition(scene)?, ASSERTION, "AudienceRestriction") {
        restrictions += 1;
        let mut audiences = tree::children(node, ASSERTION, "Audience");
        if !audiences.any(|a| tree::text(a).is_ok_and(|text| text.trim() == scene.expected.audience)) {
            return refuse("the assertion is meant for another service (AudienceRestriction)");
        }
    }
    if restrictions == 0 { refuse("there is no AudienceRestriction") } else { Ok(()) }
}

pub(super) fn statement<'a>(scene: &Scene<'a>) -> Result<Node<'a, 'a>, Fault> {
    tree::children(scene.assertion, ASSERTION, "AuthnStatement")
        .next()
        .ok_or_else(|| Fault::new("there is no AuthnStatement"))
}

pub(super) fn authenticated_at(scene: &Scene<'_>) -> Result<Utc, Fault> {
    let at = time(statement(scene)?, "AuthnInstant")?;
    let at = at.ok_or_else(|| Fault::new("there is no AuthnInstant"))?;
    if at > scene.expected.now.plus(scene.expected.skew) {
        return refuse("AuthnInstant lies in the future");
    }
    Ok(at)
}

pub(super) fn is_authenticated(scene: &Scene<'_>) -> Result<(), Fault> {
    authenticated_at(scene).map(drop)
}

pub(super) fn session_ends(scene: &Scene<'_>) -> Result<Option<Utc>, Fault> {
    let ends = time(statement(scene)?, "SessionNotOnOrAfter")?;
    if ends.is_some_and(|ends| ends <= scene.expected.now) {
        return refuse("the session at the identity provider has ended (SessionNotOnOrAfter)");
    }
    Ok(ends)
}

pub(super) fn session_lasts(scene: &Scene<'_>) -> Result<(), Fault> {
    session_ends(scene).map(drop)
}

pub(super) fn session_index(scene: &Scene<'_>) -> Result<Option<String>, Fault> {
    let index = statement(scene)?.attribute("SessionIndex").map(str::to_owned);
    if index.as_ref().is_some_and(|index| index.chars().count() > LONGEST) {
        return refuse("SessionIndex has more than 255 characters");
    }
    Ok(index)
}

pub(super) fn session_is_named(scene: &Scene<'_>) -> Result<(), Fault> {
    session_index(scene).map(drop)
}

/// Texts by attribute name. A value with elements in it (eduPersonTargetedID, say) is none that Keeper uses.
pub(super) fn attributes(scene: &Scene<'_>) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in tree::children(scene.assertion, ASSERTION, "AttributeStatement") {
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

pub(super) fn attributes_have_names(scene: &Scene<'_>) -> Result<(), Fault> {
    attributes(scene).map(drop)
}
