//! Which signatures are shown to xmlsec. It does what a signature asks: fetches what a Reference names, runs what a
//! Transform says. So a signature may say one thing alone: "the element that I stand in, by its ID, canonicalised".
use super::{DSIG, Fault, refuse, tree};
use roxmltree::{Document, Node};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

pub(super) struct Signed {
    pub response: bool,
}

/// Each signature of the document, wherever it stands. At least one; at most one for the response and the assertion each.
pub(super) fn all(
    document: &Document<'_>,
    response: Node<'_, '_>,
    assertion: Node<'_, '_>,
) -> Result<Signed, Fault> {
    let (mut of_response, mut of_assertion) = (0, 0);
    for node in named(document) {
        match node.parent() {
            Some(parent) if parent == response => of_response += 1,
            Some(parent) if parent == assertion => of_assertion += 1,
            _ => {
                return refuse(
                    "a signature stands neither directly in the response nor directly in the assertion",
                );
            }
        }
        admitted(node)?;
    }
    if of_response + of_assertion == 0 {
        return refuse("neither the response nor the assertion is signed");
    }
    if of_response > 1 || of_assertion > 1 {
        return refuse("something is signed twice");
    }
    Ok(Signed { response: of_response == 1 })
}

/// Of a message that is one element: exactly one signature, directly in it.
pub(super) fn of_message(document: &Document<'_>) -> Result<(), Fault> {
    let mut all = named(document);
    match (all.next(), all.next()) {
        (None, _) => refuse("the message is not signed"),
        (Some(one), None) if one.parent() == Some(document.root_element()) => admitted(one),
        (Some(_), None) => refuse("the signature does not stand directly in the message"),
        _ => refuse("there is more than one signature"),
    }
}

/// Of a message that is signed beside the document.
pub(super) fn none(document: &Document<'_>) -> Result<(), Fault> {
    match named(document).next() {
        None => Ok(()),
        Some(_) => refuse("a message in a query holds a signature of its own"),
    }
}

/// Of whatever namespace.
fn named<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    document.descendants().filter(|node| node.is_element() && node.tag_name().name() == "Signature")
}

fn admitted(signature: Node<'_, '_>) -> Result<(), Fault> {
    if !tree::is(signature, DSIG, "Signature") || has_foreign_attributes(signature) {
        return refuse("a signature is not written as XML Signature writes it");
    }
    shape(signature, signature.parent().and_then(|parent| parent.attribute("ID")).unwrap_or_default())
}

/// Whatever is read by one parser without its prefix may be read by another with it.
fn has_foreign_attributes(signature: Node<'_, '_>) -> bool {
    const KNOWN: [&str; 4] = ["Algorithm", "Id", "PrefixList", "URI"];
    let known = |a: roxmltree::Attribute<'_, '_>| a.namespace().is_none() && KNOWN.contains(&a.name());
    !signature.descendants().flat_map(|node| node.attributes()).all(known)
}

fn shape(signature: Node<'_, '_>, signs: &str) -> Result<(), Fault> {
    allow(signature, &["SignedInfo", "SignatureValue", "KeyInfo"])?;
    let info = tree::needed(signature, DSIG, "SignedInfo")?;
    text_alone(tree::needed(signature, DSIG, "SignatureValue")?)?;
    if let Some(key) = tree::only(signature, DSIG, "KeyInfo")? {
        key_info(key)?;
    }
    allow(info, &["CanonicalizationMethod", "SignatureMethod", "Reference"])?;
    algorithm(tree::needed(info, DSIG, "CanonicalizationMethod")?, &[EXCLUSIVE])?;
    let method = tree::needed(info, DSIG, "SignatureMethod")?;
    allow(method, &[])?;
    algorithm(method, &METHODS)?;
    let reference = tree::needed(info, DSIG, "Reference")?;
    if signs.is_empty() || reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(signs) {
        return refuse("a signature refers to something else than the element that it stands in");
    }
    allow(reference, &["Transforms", "DigestMethod", "DigestValue"])?;
    transforms(tree::needed(reference, DSIG, "Transforms")?)?;
    let digest = tree::needed(reference, DSIG, "DigestMethod")?;
    allow(digest, &[])?;
    algorithm(digest, &DIGESTS)?;
    text_alone(tree::needed(reference, DSIG, "DigestValue")?)
}

/// A value is a text: elements in it (another Reference, say) would stand in a signature where nothing looks at them.
fn text_alone(value: Node<'_, '_>) -> Result<(), Fault> {
    tree::text(value).map(drop)
}

/// Enveloped first; exclusive canonicalisation once after it, or not at all.
fn transforms(transforms: Node<'_, '_>) -> Result<(), Fault> {
    allow(transforms, &["Transform"])?;
    let all: Vec<Node<'_, '_>> = tree::children(transforms, DSIG, "Transform").collect();
    let named: Vec<&str> = all.iter().map(|one| one.attribute("Algorithm").unwrap_or_default()).collect();
    if named != [ENVELOPED, EXCLUSIVE] && named != [ENVELOPED] {
        return refuse(
            "a signature asks for other transforms than enveloped-signature and exclusive canonicalisation",
        );
    }
    all.into_iter().try_for_each(prefixes_alone)
}

fn algorithm(node: Node<'_, '_>, known: &[&str]) -> Result<(), Fault> {
    prefixes_alone(node)?;
    match node.attribute("Algorithm") {
        Some(named) if known.contains(&named) => Ok(()),
        _ => refuse(
            "a signature uses an algorithm that is not RSA with SHA-256 or better over exclusive canonical XML",
        ),
    }
}

/// Canonicalisation may carry a short list of prefixes and nothing else: each costs a search at each element.
fn prefixes_alone(node: Node<'_, '_>) -> Result<(), Fault> {
    let short = |list: &str| list.len() <= 256 && list.split_whitespace().count() <= 16;
    let list = |child: Node<'_, '_>| {
        tree::is(child, EXCLUSIVE, "InclusiveNamespaces")
            && !child.has_children()
            && child.attribute("PrefixList").is_none_or(short)
    };
    let elements: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    match elements.as_slice() {
        [] => Ok(()),
        [one] if list(*one) => Ok(()),
        _ => refuse("an algorithm of a signature carries something unknown"),
    }
}

/// The keys that count are those of the provider's metadata. What a signature says of its key is not used; what would
/// make xmlsec go and fetch one is refused.
fn key_info(key: Node<'_, '_>) -> Result<(), Fault> {
    allow(key, &["KeyName", "KeyValue", "X509Data"])
}

/// Only these children, all of the signature's namespace.
fn allow(node: Node<'_, '_>, names: &[&str]) -> Result<(), Fault> {
    let known = |child: Node<'_, '_>| names.iter().any(|name| tree::is(child, DSIG, name));
    if node.children().filter(Node::is_element).all(known) {
        Ok(())
    } else {
        refuse("a signature holds something that none needs")
    }
}
