//! What an answer said, for the eyes of an administrator who tries a provider out: only what signatures cover, cut to a
//! length that a page can show.
use super::{Proved, Scene, statement};
use crate::remote::saml::{ASSERTION, tree};
use roxmltree::Node;
use serde::{Deserialize, Serialize};

const MOST_ATTRIBUTES: usize = 50;
const MOST_VALUES: usize = 20;
const LONGEST_SHOWN: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub signatures: Vec<SeenSignature>,
    /// None: the assertion came in the clear.
    pub seal: Option<SeenSeal>,
    pub name_id: Option<String>,
    pub name_id_format: Option<String>,
    pub attributes: Vec<SeenAttribute>,
    pub not_before: Option<String>,
    pub not_on_or_after: Option<String>,
    pub audiences: Vec<String>,
    pub authn_instant: Option<String>,
    pub session_index: Option<String>,
    pub issue_instant: Option<String>,
    /// Where the response is signed.
    pub destination: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Response,
    Assertion,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSignature {
    pub part: Part,
    /// The algorithm's address.
    pub algorithm: String,
    /// Of the certificate, among those of the metadata, whose key verifies it.
    pub fingerprint: Option<String>,
}

/// What the assertion and its key were encrypted with, in the usual names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSeal {
    pub data: String,
    pub key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAttribute {
    pub name: String,
    pub values: Vec<String>,
}

pub(super) fn of(scene: &Scene<'_>, proved: &Proved) -> Seen {
    let conditions = statement::condition(scene).ok();
    let authn = statement::statement(scene).ok();
    let name = tree::children(scene.assertion, ASSERTION, "Subject")
        .flat_map(|subject| tree::children(subject, ASSERTION, "NameID"))
        .next();
    Seen {
        signatures: proved.signatures.clone(),
        seal: proved.seal.clone(),
        name_id: name.and_then(text),
        name_id_format: attribute(name, "Format"),
        attributes: attributes(scene.assertion),
        not_before: attribute(conditions, "NotBefore"),
        not_on_or_after: attribute(conditions, "NotOnOrAfter"),
        audiences: conditions.map(audiences).unwrap_or_default(),
        authn_instant: attribute(authn, "AuthnInstant"),
        session_index: attribute(authn, "SessionIndex"),
        issue_instant: attribute(Some(scene.assertion), "IssueInstant"),
        destination: attribute(scene.response_is_signed.then_some(scene.response), "Destination"),
    }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(LONGEST_SHOWN).collect()
}

fn attribute(node: Option<Node<'_, '_>>, name: &str) -> Option<String> {
    node?.attribute(name).map(cut)
}

fn text(node: Node<'_, '_>) -> Option<String> {
    tree::text(node).ok().map(|text| cut(&text))
}

fn attributes(assertion: Node<'_, '_>) -> Vec<SeenAttribute> {
    tree::children(assertion, ASSERTION, "AttributeStatement")
        .flat_map(|statement| tree::children(statement, ASSERTION, "Attribute"))
        .take(MOST_ATTRIBUTES)
        .map(|one| SeenAttribute {
            name: attribute(Some(one), "Name").unwrap_or_default(),
            values: tree::children(one, ASSERTION, "AttributeValue")
                .filter_map(text)
                .take(MOST_VALUES)
                .collect(),
        })
        .collect()
}

fn audiences(conditions: Node<'_, '_>) -> Vec<String> {
    tree::children(conditions, ASSERTION, "AudienceRestriction")
        .flat_map(|restriction| tree::children(restriction, ASSERTION, "Audience"))
        .filter_map(text)
        .take(MOST_VALUES)
        .collect()
}
