//! The hostile table of single logout: each message is refused for the reason that it is hostile for, and none breaks
//! anything.
use super::{Scene, at, request, response};
use crate::support::idp::{Document, Idp, Query, encode};
use crate::support::tell;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use keeper::remote::saml::{Logout, LogoutKind};
use openssl::hash::MessageDigest;
use std::io::Write;

pub const INVALID: &str = "a signature is not valid";

/// Which of the messages were believed, or refused for another reason.
pub struct Judge {
    count: usize,
    wrong: Vec<String>,
}

impl Judge {
    pub fn new() -> Self {
        Self { count: 0, wrong: Vec::new() }
    }

    pub fn hear(&mut self, name: &str, why: &str, heard: Result<Logout, String>) {
        self.count += 1;
        match heard {
            Err(said) if said.contains(why) && !said.contains("canary") => {}
            heard => self.wrong.push(format!("{name}: {heard:?}")),
        }
    }

    pub fn end(self, what: &str) {
        tell!("{} hostile {what} tried, {} refused", self.count, self.count - self.wrong.len());
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

#[test] // S41: signed by the provider, by either binding, and still not believed
fn what_a_signed_message_says_must_hold() {
    const NAME: &str =
        r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">canary</saml:NameID>"#;
    const ENCRYPTED: &str =
        r#"<saml:EncryptedID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedID>"#;
    let session = |text: &str| format!("<samlp:SessionIndex>{text}</samlp:SessionIndex>");
    let long = "c".repeat(256);
    let there = "there is no ";
    let rows: Vec<(&str, Document, &str)> = vec![
        ("another address", request().set("slo", "https://canary.example/saml/slo"), "Destination"),
        ("the address of sign-in", request().set("slo", "https://keeper.example/saml/acs"), "Destination"),
        ("no address", request().set("destination", ""), "Destination"),
        ("another issuer", request().set("idp", "http://canary/idp"), "Issuer"),
        ("no issuer", request().set("said.issuer", ""), "Issuer"),
        ("two issuers", request().set("said.issuer", "{issuer.there}{issuer.there}"), "Issuer"),
        ("ended", request().set("soon", at(-121)), "no longer valid"),
        ("old", request().set("now", at(-421)).set("until", ""), "no longer valid"),
        ("of tomorrow", request().set("now", at(86_400)), "future"),
        ("just ahead", request().set("now", at(121)), "future"),
        ("no instant", request().set("issued", ""), "IssueInstant"),
        ("an instant that is none", request().set("now", "canary"), "IssueInstant"),
        ("an end that is none", request().set("soon", "canary"), "NotOnOrAfter"),
        ("SAML 1.1", request().set("version", r#" Version="1.1""#), "version"),
        ("no version", request().set("version", ""), "version"),
        ("nobody", request().set("name-id", ""), "NameID"),
        ("two names", request().set("name-id", NAME.repeat(2)), "NameID"),
        ("an empty name", request().set("name", ""), "NameID"),
        ("a long name", request().set("name", long.as_str()), "NameID"),
        ("a name with an element in it", request().set("name", "<x></x>canary"), "element"),
        ("a name with a tab in it", request().set("name", "can\tary"), "NameID"),
        ("an encrypted name", request().set("name-id", ENCRYPTED), "EncryptedID"),
        (
            "an encrypted name beside a plain one",
            request().set("name-id", format!("{ENCRYPTED}{NAME}")),
            "EncryptedID",
        ),
        ("51 sessions", request().set("sessions", session("_s").repeat(51)), "50"),
        ("a long session", request().set("sessions", session(&long)), "SessionIndex"),
        ("an empty session", request().set("sessions", session("")), "SessionIndex"),
        ("an answer to nothing", response().set("answers", ""), "answers no request"),
        ("an answer to an empty name", response().set("request", ""), "answers no request"),
        ("an answer without a status", response().set("status", ""), there),
        ("an answer without a code", response().set("code", ""), there),
        ("an old answer", response().set("now", at(-421)), "no longer valid"),
        ("an answer of somebody else", response().set("idp", "http://canary/idp"), "Issuer"),
        ("an answer to another address", response().set("slo", "https://canary.example/"), "Destination"),
    ];
    let scene = Scene::new();
    let mut judge = Judge::new();
    for (name, document, why) in rows {
        let query = scene.query(&document).text();
        judge.hear(&format!("{name}, by query"), why, scene.by_query(&query));
        let kind = if document.part("element") == "LogoutRequest" {
            LogoutKind::Request
        } else {
            LogoutKind::Response
        };
        let text = document.sign("logout", &scene.idp.rsa).text();
        judge.hear(&format!("{name}, by form"), why, scene.by_form(kind, &text));
    }
    judge.end("messages");
}

#[test] // S41: rules of the gate, by either binding
fn only_one_shape_of_document_is_looked_at() {
    let scene = Scene::new();
    let mut judge = Judge::new();
    let second = |element: &str| format!("{{name-id}}<samlp:{element}></samlp:{element}>{{sessions}}");
    let document = |text: &str| request().set("document", text);
    let rows: Vec<(&str, Document, &str)> = vec![
        ("a DOCTYPE", document("<!DOCTYPE x>{logout}"), "DOCTYPE"),
        (
            "an entity",
            document("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>{logout}"),
            "well-formed",
        ),
        ("a comment", request().set("name", "canary<!-- -->@idp.example"), "comment"),
        ("CDATA", request().set("name", "<![CDATA[canary]]>"), "CDATA"),
        ("two roots", document("{logout}{logout}"), "well-formed"),
        ("wrapped in another element", document("<x>{logout}</x>"), "is not a LogoutRequest"),
        (
            "another namespace",
            request().set("logout.ns", r#" xmlns:samlp="urn:x""#),
            "is not a LogoutRequest",
        ),
        ("a sign-in", request().set("element", "AuthnRequest"), "is not a Logout"),
        ("a message in a message", request().set("body", second("LogoutRequest")), "more than one message"),
        ("an answer in a message", request().set("body", second("logoutresponse")), "more than one message"),
        ("an ID twice", request().set("body", r#"{name-id}<x ID="_canary"></x>"#), "ID"),
        ("an ID by another name", request().set("body", r#"{name-id}<x Id="_x"></x>"#), "ID"),
        ("an ID that is no name", request().set("logout.name", "element(/1)"), "ID"),
        ("deep", request().set("body", format!("{}{}", "<x>".repeat(33), "</x>".repeat(33))), "deep"),
        ("crowded", request().set("body", "<x></x>".repeat(5_001)), "crowded"),
        ("large", request().set("name", "c".repeat(256 * 1024)), "larger than 256 KiB"),
        ("no letter", request().set("name", "&#0;"), "letter"),
    ];
    for (name, document, why) in rows {
        let query = Query::new("SAMLRequest", &document.text()).sign(&scene.idp.rsa.key);
        judge.hear(&format!("{name}, by query"), why, scene.by_query(&query.text()));
        let text = document.sign("logout", &scene.idp.rsa).text();
        judge.hear(&format!("{name}, by form"), why, scene.by_form(LogoutKind::Request, &text));
    }
    let request = request().sign("logout", &scene.idp.rsa).text();
    let response = response().sign("logout", &scene.idp.rsa).text();
    judge.hear(
        "an answer in a request's field",
        "is not a LogoutRequest",
        scene.by_form(LogoutKind::Request, &response),
    );
    judge.hear(
        "a request in an answer's field",
        "is not a LogoutResponse",
        scene.by_form(LogoutKind::Response, &request),
    );
    let mut at = 0;
    while at < request.len() {
        judge.hear("cut, by form", "", scene.by_form(LogoutKind::Request, &request[..at]));
        at += 97;
    }
    judge.end("documents");
}

type Change = fn(&Idp, Query) -> String;

const QUERIES: &[(&str, &str, Change)] = &[
    ("unsigned", "not signed", |_, q| q.octets().split("&SigAlg").next().unwrap().to_owned()),
    ("no algorithm", "not signed", |_, q| format!("SAMLRequest={}&Signature={}", q.message, q.signature)),
    ("no signature", "not signed", |_, q| q.octets()),
    ("an empty signature", INVALID, |_, q| Query { signature: String::new(), ..q }.text()),
    ("a signature that is no base64", "base64", |_, q| Query { signature: "canary!".into(), ..q }.text()),
    ("a foreign key", INVALID, |idp, q| q.sign(&idp.foreign.key).text()),
    ("a curve", INVALID, |idp, q| q.sign(&idp.ec.key).text()),
    ("the signature of another message", INVALID, |idp, q| {
        let other = Query::new("SAMLRequest", &request().set("name", "other").text()).sign(&idp.rsa.key);
        Query { signature: other.signature, ..q }.text()
    }),
    ("the signature of a response of the same text", INVALID, |idp, q| {
        let other = Query { name: "SAMLResponse".into(), ..q.clone() }.sign(&idp.rsa.key);
        Query { signature: other.signature, ..q }.text()
    }),
    ("SHA-1", "SHA-256 or better", |idp, q| {
        Query { method: encode("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), ..q }
            .sign_with(MessageDigest::sha1(), &idp.rsa.key)
            .text()
    }),
    ("swapped to SHA-1", "SHA-256 or better", |_, q| {
        Query { method: encode("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), ..q }.text()
    }),
    ("swapped to SHA-512", INVALID, |_, q| {
        Query { method: encode("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"), ..q }.text()
    }),
    ("HMAC by the public key", "SHA-256 or better", |_, q| {
        Query { method: encode("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), ..q }.text()
    }),
    ("an empty algorithm", "SHA-256 or better", |_, q| Query { method: String::new(), ..q }.text()),
    ("another relay state", INVALID, |_, q| Query { relay: Some("canary2".into()), ..q }.text()),
    ("a relay state taken away", INVALID, |_, q| Query { relay: None, ..q }.text()),
    ("a relay state put in", INVALID, |idp, q| {
        let signed = Query { relay: None, ..q }.sign(&idp.rsa.key);
        Query { relay: Some("canary".into()), ..signed }.text()
    }),
    ("a long relay state", "RelayState", |idp, q| {
        Query { relay: Some("c".repeat(1025)), ..q }.sign(&idp.rsa.key).text()
    }),
    ("the same octets encoded anew", INVALID, |_, q| {
        Query { method: q.method.replace("%3A", "%3a"), ..q }.text()
    }),
    ("signed in another order", INVALID, |idp, q| {
        let octets = format!("RelayState=r%20canary&SAMLRequest={}&SigAlg={}", q.message, q.method);
        q.sign_text(MessageDigest::sha256(), &idp.rsa.key, &octets).text()
    }),
    ("a message twice", "twice", |_, q| format!("SAMLRequest={}&{}", q.message, q.text())),
    ("a relay state twice", "twice", |_, q| format!("{}&RelayState=canary", q.text())),
    ("an algorithm twice", "twice", |_, q| format!("{}&SigAlg={}", q.text(), q.method)),
    ("a signature twice", "twice", |_, q| format!("{}&Signature={}", q.text(), q.signature)),
    ("a name that is encoded", "encoded", |_, q| format!("{}&SAML%52equest=canary", q.text())),
    ("a relay state whose name is encoded", "encoded", |_, q| q.text().replace("RelayState", "%52elayState")),
    ("a request and a response", "a request and a response", |_, q| {
        format!("{}&SAMLResponse={}", q.text(), q.message)
    }),
    ("no message", "no message", |_, q| q.text().replace("SAMLRequest", "samlrequest")),
    ("a request said to be a response", "is not a LogoutResponse", |idp, q| {
        Query { name: "SAMLResponse".into(), ..q }.sign(&idp.rsa.key).text()
    }),
    ("a response where a request is expected", "is not a LogoutRequest", |idp, _| {
        Query::new("SAMLRequest", &response().text()).sign(&idp.rsa.key).text()
    }),
    ("a document that is signed inside", "signature of its own", |idp, _| {
        let document = request().sign("logout", &idp.rsa).text();
        Query::new("SAMLRequest", &document).sign(&idp.rsa.key).text()
    }),
    ("another packing", "DEFLATE", |_, q| format!("{}&SAMLEncoding=canary", q.text())),
    ("not packed", "DEFLATE", |idp, _| {
        Query::packed("SAMLRequest", request().text().as_bytes()).sign(&idp.rsa.key).text()
    }),
    ("cut while it was packed", "DEFLATE", |idp, q| {
        let text = q.message.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let packed = openssl::base64::decode_block(&text).unwrap();
        Query::packed("SAMLRequest", &packed[..packed.len() / 2]).sign(&idp.rsa.key).text()
    }),
    ("not base64", "base64", |idp, q| Query { message: "canary!".into(), ..q }.sign(&idp.rsa.key).text()),
    ("an empty message", "DEFLATE", |idp, q| Query { message: String::new(), ..q }.sign(&idp.rsa.key).text()),
    ("a bomb", "larger than 256 KiB", |idp, _| {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
        deflated.write_all(&vec![b' '; 30 * 1024 * 1024]).unwrap();
        Query::packed("SAMLRequest", &deflated.finish().unwrap()).sign(&idp.rsa.key).text()
    }),
    ("long", "64 KiB", |_, q| format!("{}&x={}", q.text(), "c".repeat(64 * 1024))),
    ("empty", "no message", |_, _| String::new()),
    ("signs alone", "no message", |_, _| "&&=&%&=%zz&%00=&?".to_owned()),
];

#[test] // S41: bindings 3.4.4
fn a_query_is_believed_as_it_was_signed_or_not_at_all() {
    let scene = Scene::new();
    let mut judge = Judge::new();
    for (name, why, change) in QUERIES {
        judge.hear(name, why, scene.by_query(&change(&scene.idp, scene.query(&request()))));
    }
    judge.end("queries");
}
