//! What the gate promises of a document that it admits, read once more and in another way: nothing here is the gate's.
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const CANONICAL: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SIGNATURES: [&str; 3] = ["rsa-sha256", "rsa-sha384", "rsa-sha512"];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// The first promise that does not hold.
pub fn fault(bytes: Vec<u8>, request: Option<&str>) -> Option<&'static str> {
    if bytes.len() > 256 * 1024 {
        return Some("is larger than 256 KiB");
    }
    let Ok(text) = String::from_utf8(bytes) else { return Some("is not UTF-8") };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // An element's `<` is followed by a name; what is not one stands nowhere but in a declaration in front.
    if text.contains("<!") || text.rfind("<?").is_some_and(|at| at > 0) {
        return Some("holds a DOCTYPE, a comment, CDATA or a processing instruction");
    }
    let Ok(document) = Document::parse(text) else { return Some("is not well-formed") };
    let all: Vec<Node<'_, '_>> = document.descendants().collect();
    if all.iter().any(|node| node.is_comment() || node.is_pi()) {
        return Some("holds a comment or a processing instruction");
    }
    let elements: Vec<Node<'_, '_>> = all.into_iter().filter(Node::is_element).collect();
    of_shape(document.root_element(), &elements, request).or_else(|| of_attributes(&elements))
}

fn of_shape(root: Node<'_, '_>, elements: &[Node<'_, '_>], request: Option<&str>) -> Option<&'static str> {
    let called = |name: &str| {
        let named = |node: &&Node<'_, '_>| node.tag_name().name().eq_ignore_ascii_case(name);
        elements.iter().filter(named).copied().collect::<Vec<_>>()
    };
    if !root.has_tag_name((PROTOCOL, "Response")) || called("Response").len() != 1 {
        return Some("is not one Response");
    }
    if root.attribute("InResponseTo") != request {
        return Some("answers another request than the gate says");
    }
    let [assertion] = called("Assertion")[..] else { return Some("has not one Assertion") };
    if !assertion.has_tag_name((ASSERTION, "Assertion")) || assertion.parent() != Some(root) {
        return Some("has its Assertion elsewhere than directly in the Response");
    }
    if assertion.attribute("ID").is_none() {
        return Some("has an Assertion without an ID");
    }
    let succeeded = root.children().any(|status| {
        let mut codes = status.children().filter(|code| code.has_tag_name((PROTOCOL, "StatusCode")));
        status.has_tag_name((PROTOCOL, "Status"))
            && codes.any(|code| code.attribute("Value") == Some("urn:oasis:names:tc:SAML:2.0:status:Success"))
    });
    if !succeeded {
        return Some("does not say Success");
    }
    let signatures: Vec<Node<'_, '_>> =
        elements.iter().filter(|node| node.tag_name().name() == "Signature").copied().collect();
    let signed: BTreeSet<usize> =
        signatures.iter().filter_map(Node::parent).map(|parent| parent.id().get_usize()).collect();
    if signatures.is_empty() || signed.len() != signatures.len() {
        return Some("is signed nowhere, or twice in one place");
    }
    signatures.into_iter().find_map(|signature| of_signature(signature, root, assertion))
}

fn of_signature(
    signature: Node<'_, '_>,
    root: Node<'_, '_>,
    assertion: Node<'_, '_>,
) -> Option<&'static str> {
    let signs = signature.parent()?;
    if !signature.has_tag_name((DSIG, "Signature")) || (signs != root && signs != assertion) {
        return Some("has a Signature that is none, or elsewhere than directly in what it signs");
    }
    let inside = |name: &'static str| {
        signature.descendants().filter(move |node| node.is_element() && node.tag_name().name() == name)
    };
    let uris: Vec<Option<&str>> = inside("Reference").map(|reference| reference.attribute("URI")).collect();
    let own = signs.attribute("ID").map(|id| format!("#{id}"));
    if own.is_none() || uris != [own.as_deref()] {
        return Some("has a Reference to something else than what the Signature stands in");
    }
    let algorithms = |name| inside(name).map(|node| node.attribute("Algorithm").unwrap_or_default());
    let is_rsa = |uri: &str| {
        let name = uri.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#").unwrap_or_default();
        SIGNATURES.contains(&name)
    };
    let transforms: Vec<&str> = algorithms("Transform").collect();
    let are_known = algorithms("CanonicalizationMethod").all(|uri| uri == CANONICAL)
        && algorithms("SignatureMethod").all(is_rsa)
        && algorithms("DigestMethod").all(|uri| DIGESTS.contains(&uri))
        && transforms.first() == Some(&"http://www.w3.org/2000/09/xmldsig#enveloped-signature")
        && transforms[1..].iter().all(|uri| *uri == CANONICAL)
        && transforms.len() <= 2;
    if are_known { None } else { Some("has a Signature with an algorithm that Keeper does not take") }
}

fn of_attributes(elements: &[Node<'_, '_>]) -> Option<&'static str> {
    let mut ids = BTreeSet::new();
    for node in elements {
        let names: BTreeSet<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        if names.len() != node.attributes().len() {
            return Some("has two attributes of one name in an element");
        }
        let mut own = node.attributes().filter(|attribute| attribute.name().eq_ignore_ascii_case("id"));
        if !own.all(|attribute| ids.insert(attribute.value())) {
            return Some("has two elements of one ID");
        }
        if node.ancestors().filter(Node::is_element).count() > 32 {
            return Some("is too deep");
        }
    }
    None
}
