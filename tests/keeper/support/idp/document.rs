//! A response as a tree of texts with named holes. A story fills any hole with anything, before or after signing.
//!
//! The texts are written in canonical form (attributes in order, each element declaring what it uses, no empty-element
//! tags), so that exclusive canonicalisation leaves them as they are and a digest is taken of the text itself.
use super::ENTITY_ID;
use std::collections::BTreeMap;

const HOLES: &[(&str, &str)] = &[
    ("document", "{response}"),
    (
        "response",
        "<samlp:Response{response.ns}{response.head}>{response.issuer}{response.signature}{extensions}{status}{assertions}</samlp:Response>",
    ),
    ("response.ns", r#" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#),
    (
        "response.head",
        "{destination}{response.id}{response.in-response-to}{response.issued}{response.version}",
    ),
    ("destination", r#" Destination="{acs}""#),
    ("response.id", r#" ID="{response.name}""#),
    ("response.in-response-to", r#" InResponseTo="{request}""#),
    ("response.issued", r#" IssueInstant="{now}""#),
    ("response.version", r#" Version="2.0""#),
    ("response.issuer", "{issuer.there}"),
    (
        "issuer.there",
        r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{idp}</saml:Issuer>"#,
    ),
    ("response.signature", ""),
    ("extensions", ""),
    ("status", r#"<samlp:Status><samlp:StatusCode Value="{status.code}"></samlp:StatusCode></samlp:Status>"#),
    ("status.code", "urn:oasis:names:tc:SAML:2.0:status:Success"),
    ("assertions", "{assertion}"),
    (
        "assertion",
        "<saml:Assertion{assertion.ns}{assertion.head}>{assertion.issuer}{assertion.signature}{subject}{conditions}{authn}{attributes}</saml:Assertion>",
    ),
    ("assertion.ns", r#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#),
    ("assertion.head", "{assertion.id}{assertion.issued}{assertion.version}"),
    ("assertion.id", r#" ID="{assertion.name}""#),
    ("assertion.issued", r#" IssueInstant="{now}""#),
    ("assertion.version", r#" Version="2.0""#),
    ("assertion.issuer", "<saml:Issuer>{idp}</saml:Issuer>"),
    ("assertion.signature", ""),
    ("subject", "<saml:Subject>{name-id}{confirmation}</saml:Subject>"),
    ("name-id", r#"<saml:NameID Format="{name-id.format}">{name}</saml:NameID>"#),
    ("name-id.format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
    (
        "confirmation",
        r#"<saml:SubjectConfirmation Method="{method.bearer}">{confirmation.data}</saml:SubjectConfirmation>"#,
    ),
    ("method.bearer", "urn:oasis:names:tc:SAML:2.0:cm:bearer"),
    (
        "confirmation.data",
        "<saml:SubjectConfirmationData{in-response-to}{confirmation.before}{confirmation.until}{recipient}></saml:SubjectConfirmationData>",
    ),
    ("in-response-to", r#" InResponseTo="{request}""#),
    ("confirmation.before", ""),
    ("confirmation.until", r#" NotOnOrAfter="{soon}""#),
    ("recipient", r#" Recipient="{acs}""#),
    ("conditions", "<saml:Conditions{not-before}{not-on-or-after}>{audience}</saml:Conditions>"),
    ("not-before", r#" NotBefore="{before}""#),
    ("not-on-or-after", r#" NotOnOrAfter="{soon}""#),
    ("audience", "<saml:AudienceRestriction><saml:Audience>{sp}</saml:Audience></saml:AudienceRestriction>"),
    (
        "authn",
        r#"<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s1"{session.until}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"#,
    ),
    ("session.until", ""),
    ("attributes", "<saml:AttributeStatement>{attribute}</saml:AttributeStatement>"),
    (
        "attribute",
        r#"<saml:Attribute Name="groups"><saml:AttributeValue>{group}</saml:AttributeValue></saml:Attribute>"#,
    ),
    ("group", "keeper-users"),
    ("idp", ENTITY_ID),
];

#[derive(Clone)]
pub struct Document {
    holes: BTreeMap<String, String>,
}

impl Document {
    /// The usual answer, but for what only the occasion knows: see `Asked::answer`.
    pub fn new(occasion: &[(&str, &str)]) -> Self {
        let holes = HOLES.iter().chain(super::sign::HOLES).chain(super::encrypt::HOLES).chain(occasion);
        Self { holes: holes.map(|(hole, text)| ((*hole).to_owned(), (*text).to_owned())).collect() }
    }

    pub fn set(mut self, hole: &str, text: impl Into<String>) -> Self {
        assert!(self.holes.contains_key(hole), "no hole {hole}");
        self.holes.insert(hole.to_owned(), text.into());
        self
    }

    /// Several at once.
    pub fn with(self, changes: &[(&str, &str)]) -> Self {
        changes.iter().fold(self, |document, (hole, text)| document.set(hole, *text))
    }

    /// What stands in a hole, filled.
    pub fn part(&self, hole: &str) -> String {
        self.fill(&self.holes[hole])
    }

    pub fn text(&self) -> String {
        self.part("document")
    }

    pub fn fill(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((plain, tail)) = rest.split_once('{') {
            let (hole, tail) = tail.split_once('}').expect("a hole that is not closed");
            text += plain;
            text += &self.part(hole);
            rest = tail;
        }
        text + rest
    }
}
