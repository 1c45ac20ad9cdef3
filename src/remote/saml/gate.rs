//! The gate: which documents are shown to samael at all. One shape is admitted; everything else is refused before a
//! signature is looked at (security.md, rule 1).
use super::{ASSERTION, DSIG, Fault, PROTOCOL, census, refuse, signature, tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use std::collections::HashSet;

/// 256 KiB: a person in a thousand groups has about a tenth of it.
const LARGEST: usize = 256 * 1024;
const MOST_NODES: u32 = 60_000;

/// A response that has the one admitted shape. Nothing in it is believed yet.
pub struct Answer {
    xml: String,
    /// Which request it says it answers.
    pub in_response_to: String,
    pub(super) assertion_id: String,
    pub(super) response_is_signed: bool,
}

impl Answer {
    /// From the form field `SAMLResponse`. Some providers break the lines of their base64.
    pub fn read(encoded: &str) -> Result<Self, Fault> {
        if encoded.len() > LARGEST * 3 / 2 {
            return refuse("the response is larger than 256 KiB");
        }
        let packed: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = STANDARD.decode(packed).map_err(|_| Fault::new("the response is not base64"))?;
        if bytes.len() > LARGEST {
            return refuse("the response is larger than 256 KiB");
        }
        let xml = String::from_utf8(bytes).map_err(|_| Fault::new("the response is not UTF-8"))?;
        Self::admit(if let Some(rest) = xml.strip_prefix('\u{feff}') { rest.to_owned() } else { xml })
    }

    fn admit(xml: String) -> Result<Self, Fault> {
        census::count(&xml)?;
        let document = tree::parse(&xml, MOST_NODES)?;
        let response = document.root_element();
        if !tree::is(response, PROTOCOL, "Response") {
            return refuse("the document is not a SAML response");
        }
        status(response)?;
        let assertion = the_assertion(&document)?;
        names(&document)?;
        ids(&document)?;
        let signed = signature::all(&document, response, assertion)?;
        let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).map(str::to_owned);
        let in_response_to = attribute(response, "InResponseTo").ok_or_else(|| {
            Fault::new("the response answers no request: sign-in started by the provider is off")
        })?;
        let assertion_id = attribute(assertion, "ID").ok_or_else(|| Fault::new("the assertion has no ID"))?;
        drop(document);
        Ok(Self { xml, in_response_to, assertion_id, response_is_signed: signed.response })
    }

    pub(super) fn xml(&self) -> &str {
        &self.xml
    }
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

/// Exactly one in the whole document, and directly below the response.
fn the_assertion<'a, 'i>(document: &'a Document<'i>) -> Result<Node<'a, 'i>, Fault> {
    let named = |name: &'static str| {
        document
            .descendants()
            .filter(move |node| node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name))
    };
    if named("EncryptedAssertion").next().is_some() {
        return refuse(
            "the assertion is encrypted, which is not supported yet: switch encryption off at the provider",
        );
    }
    if named("Response").count() != 1 {
        return refuse("there is more than one Response");
    }
    let mut all = named("Assertion");
    match (all.next(), all.next()) {
        (Some(one), None)
            if tree::is(one, ASSERTION, "Assertion") && one.parent() == Some(document.root_element()) =>
        {
            Ok(one)
        }
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
            let in_signature = node.tag_name().namespace() == Some(DSIG);
            if attribute.namespace().is_some() || (attribute.name() != "ID" && !in_signature) {
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
