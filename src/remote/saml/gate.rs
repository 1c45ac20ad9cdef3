//! The gate: which documents are shown to samael at all. One shape is admitted; everything else is refused before a
//! signature is looked at (security.md, rule 1). What was encrypted passes the same gate once it is open.
use super::checks::Check;
use super::sealed::Sealed;
use super::{ASSERTION, DSIG, Fault, PROTOCOL, XENC, census, received, refuse, signature, tree};
use roxmltree::{Document, Node};
use std::collections::HashSet;

pub(super) const MOST_NODES: u32 = 60_000;

/// A response that has the one admitted shape. Nothing in it is believed yet.
pub struct Answer {
    xml: String,
    /// Which request it says it answers; none, where the provider began the sign-in.
    pub in_response_to: Option<String>,
    /// Who it says has made it. Not proved: good for choosing whose keys it is held against, and for nothing else.
    pub issuer: Option<String>,
    pub(super) response_signature: Option<Signature>,
    /// In the clear, or still to be opened.
    pub(super) clear: Option<Clear>,
}

/// An assertion that can be read, by what it says of itself.
pub(super) struct Clear {
    pub id: String,
    pub signature: Option<Signature>,
}

/// What a signature says it was made with.
#[derive(Clone)]
pub(super) struct Signature {
    pub method: String,
}

impl Answer {
    /// From the form field `SAMLResponse`.
    pub fn read(encoded: &str) -> Result<Self, Fault> {
        Self::admit(received::document(encoded, "the response")?)
    }

    fn admit(xml: String) -> Result<Self, Fault> {
        census::count(&xml)?;
        let document = tree::parse(&xml, MOST_NODES)?;
        let response = document.root_element();
        if !tree::is(response, PROTOCOL, "Response") {
            return refuse("the document is not a SAML response");
        }
        status(response).map_err(|fault| fault.of(Check::Status))?;
        let assertion = the_assertion(&document)?;
        names(&document)?;
        ids(&document)?;
        let (clear, response_is_signed) = if tree::is(assertion, ASSERTION, "Assertion") {
            let response_is_signed = signed(&document, response, assertion)?;
            (Some(clear(assertion)?), response_is_signed)
        } else {
            Sealed::read(assertion)?;
            // Signatures inside are seen once it is open; outside, the response's alone is one.
            (None, is_signed_anywhere(&document) && signed(&document, response, response)?)
        };
        let issuer = issuer(response).or_else(|| issuer(assertion));
        let in_response_to = response.attribute("InResponseTo").map(str::to_owned);
        let response_signature = if response_is_signed { signature_of(response) } else { None };
        drop(document);
        Ok(Self { xml, in_response_to, issuer, response_signature, clear })
    }

    pub fn is_encrypted(&self) -> bool {
        self.clear.is_none()
    }

    pub(super) fn xml(&self) -> &str {
        &self.xml
    }
}

/// What was encrypted passes here before it is looked at: an assertion alone, and its signature, if it has one.
pub(super) fn inner(document: &Document<'_>) -> Result<Clear, Fault> {
    let assertion = document.root_element();
    if named(document, "EncryptedAssertion").next().is_some() || named(document, "Response").next().is_some()
    {
        return refuse("the encrypted assertion holds another answer");
    }
    if named(document, "Assertion").count() != 1 {
        return refuse("the encrypted assertion holds another one");
    }
    names(document)?;
    ids(document)?;
    if is_signed_anywhere(document) {
        signed(document, assertion, assertion)?;
    }
    clear(assertion)
}

/// Whether the outer one of the two is.
fn signed(document: &Document<'_>, outer: Node<'_, '_>, assertion: Node<'_, '_>) -> Result<bool, Fault> {
    let signed = signature::all(document, outer, assertion).map_err(|fault| fault.of(Check::Signature))?;
    Ok(signed.response)
}

fn clear(assertion: Node<'_, '_>) -> Result<Clear, Fault> {
    let id = assertion.attribute("ID").ok_or_else(|| Fault::new("the assertion has no ID"))?.to_owned();
    Ok(Clear { id, signature: signature_of(assertion) })
}

fn is_signed_anywhere(document: &Document<'_>) -> bool {
    document.descendants().any(|node| node.is_element() && node.tag_name().name() == "Signature")
}

fn signature_of(parent: Node<'_, '_>) -> Option<Signature> {
    let signature = tree::children(parent, DSIG, "Signature").next()?;
    let info = tree::children(signature, DSIG, "SignedInfo").next()?;
    let method = tree::children(info, DSIG, "SignatureMethod").next()?;
    Some(Signature { method: method.attribute("Algorithm").unwrap_or_default().to_owned() })
}

fn issuer(parent: Node<'_, '_>) -> Option<String> {
    let text = tree::text(tree::children(parent, ASSERTION, "Issuer").next()?).ok()?;
    Some(text.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Said first, because a provider that could not sign somebody in sends no assertion.
pub(super) fn status(response: Node<'_, '_>) -> Result<(), Fault> {
    let status = tree::needed(response, PROTOCOL, "Status")?;
    let code = tree::needed(status, PROTOCOL, "StatusCode")?;
    match code.attribute("Value") {
        Some("urn:oasis:names:tc:SAML:2.0:status:Success") => Ok(()),
        Some("urn:oasis:names:tc:SAML:2.0:status:Requester") => {
            refuse("the identity provider did not accept the request (status Requester)")
        }
        Some("urn:oasis:names:tc:SAML:2.0:status:Responder") => {
            refuse("the identity provider could not sign the person in (status Responder)")
        }
        _ => refuse("the response's status is not Success"),
    }
}

fn named<'a, 'i>(document: &'a Document<'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    document
        .descendants()
        .filter(move |node| node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name))
}

/// Exactly one in the whole document, in the clear or encrypted, and directly below the response.
fn the_assertion<'a, 'i>(document: &'a Document<'i>) -> Result<Node<'a, 'i>, Fault> {
    if named(document, "Response").count() != 1 {
        return refuse("there is more than one Response");
    }
    let is_one = |node: Node<'_, '_>| {
        tree::is(node, ASSERTION, "Assertion") || tree::is(node, ASSERTION, "EncryptedAssertion")
    };
    let mut all = named(document, "Assertion").chain(named(document, "EncryptedAssertion"));
    match (all.next(), all.next()) {
        (Some(one), None) if is_one(one) && one.parent() == Some(document.root_element()) => Ok(one),
        (None, _) => refuse("there is no assertion"),
        _ => refuse("there is not exactly one assertion directly in the response"),
    }
}

/// libxml finds an attribute by its name and ignores the prefix: beside `URI` it may find another's `x:URI` first.
pub(super) fn names(document: &Document<'_>) -> Result<(), Fault> {
    for node in document.descendants().filter(Node::is_element) {
        let mut seen = HashSet::new();
        if !node.attributes().all(|attribute| seen.insert(attribute.name())) {
            return refuse("an element has two attributes of one name");
        }
    }
    Ok(())
}

/// Two things with one ID, or an ID that another parser finds by another name, is how signatures are made to point
/// elsewhere.
pub(super) fn ids(document: &Document<'_>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes().filter(|a| a.name().eq_ignore_ascii_case("id")) {
            // XML Signature and XML Encryption write it `Id`.
            let has_own = matches!(node.tag_name().namespace(), Some(DSIG | XENC));
            if attribute.namespace().is_some() || (attribute.name() != "ID" && !has_own) {
                return refuse("there is an ID that is not written as SAML writes it");
            }
            let id = attribute.value();
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let starts = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !starts || id.len() > 256 || !id.chars().all(legal) || !seen.insert(id) {
                return refuse("there is an ID that is not a name, or one that stands twice");
            }
        }
    }
    Ok(())
}
