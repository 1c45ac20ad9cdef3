//! Messages of single logout, whose every part can be changed, and their way in a query.
use super::Document;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use std::io::Write;
use url::form_urlencoded;

const HOLES: &[(&str, &str)] = &[
    ("document", "{logout}"),
    ("logout", "<samlp:{element}{logout.ns}{head}>{said.issuer}{logout.signature}{body}</samlp:{element}>"),
    ("logout.ns", r#" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#),
    ("head", "{destination}{logout.id}{answers}{issued}{until}{version}"),
    ("destination", r#" Destination="{slo}""#),
    ("logout.id", r#" ID="{logout.name}""#),
    ("logout.name", "_canary"),
    ("issued", r#" IssueInstant="{now}""#),
    ("version", r#" Version="2.0""#),
    ("said.issuer", "{issuer.there}"),
    ("logout.signature", ""),
];

const REQUEST: &[(&str, &str)] = &[
    ("element", "LogoutRequest"),
    ("answers", ""),
    ("until", r#" NotOnOrAfter="{soon}""#),
    ("body", "{name-id}{sessions}"),
    (
        "name-id",
        r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Format="{name-id.format}">{name}</saml:NameID>"#,
    ),
    ("sessions", "<samlp:SessionIndex>_s1</samlp:SessionIndex>"),
];

const RESPONSE: &[(&str, &str)] = &[
    ("element", "LogoutResponse"),
    ("answers", r#" InResponseTo="{request}""#),
    ("until", ""),
    ("body", "{status}"),
    ("status", "<samlp:Status>{code}</samlp:Status>"),
    ("code", r#"<samlp:StatusCode Value="{status.code}"></samlp:StatusCode>"#),
];

impl Document {
    /// A usual request, unsigned: `sign("logout", …)` signs it for a form.
    pub fn logout_request(occasion: &[(&str, &str)]) -> Self {
        Self::new(&[HOLES, REQUEST, occasion].concat())
    }

    pub fn logout_response(occasion: &[(&str, &str)]) -> Self {
        Self::new(&[HOLES, RESPONSE, occasion].concat())
    }
}

/// A message as it stands in an address: the values are encoded already.
#[derive(Clone)]
pub struct Query {
    pub name: String,
    pub message: String,
    pub relay: Option<String>,
    pub method: String,
    pub signature: String,
}

impl Query {
    pub fn new(name: &str, document: &str) -> Self {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
        deflated.write_all(document.as_bytes()).unwrap();
        Self::packed(name, &deflated.finish().unwrap())
    }

    pub fn packed(name: &str, packed: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            message: encode(&openssl::base64::encode_block(packed)),
            relay: Some("r%20canary".to_owned()),
            method: encode("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
            signature: String::new(),
        }
    }

    /// What is signed.
    pub fn octets(&self) -> String {
        let Self { name, message, relay, method, .. } = self;
        let relay = relay.as_ref().map(|relay| format!("&RelayState={relay}")).unwrap_or_default();
        format!("{name}={message}{relay}&SigAlg={method}")
    }

    pub fn sign(self, key: &PKey<Private>) -> Self {
        self.sign_with(MessageDigest::sha256(), key)
    }

    pub fn sign_with(self, digest: MessageDigest, key: &PKey<Private>) -> Self {
        let octets = self.octets();
        self.sign_text(digest, key, &octets)
    }

    pub fn sign_text(self, digest: MessageDigest, key: &PKey<Private>, octets: &str) -> Self {
        let value = Signer::new(digest, key).unwrap().sign_oneshot_to_vec(octets.as_bytes()).unwrap();
        Self { signature: encode(&openssl::base64::encode_block(&value)), ..self }
    }

    pub fn text(&self) -> String {
        format!("{}&Signature={}", self.octets(), self.signature)
    }
}

pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
