//! Hostile forms: what stands in a document's own signature, and what wrapping attacks make of a signed message.
use super::hostile::{INVALID, Judge};
use super::{Scene, request};
use crate::support::idp::Idp;
use keeper::remote::saml::{LogoutKind, LogoutMessage};

type Forge = fn(&Idp) -> String;

const FORMS: &[(&str, &str, Forge)] = &[
    ("unsigned", "not signed", |_| request().text()),
    ("a foreign key", INVALID, |idp| request().sign("logout", &idp.foreign).text()),
    ("changed after it was signed", INVALID, |idp| {
        request().sign("logout", &idp.rsa).set("name", "other@idp.example").text()
    }),
    ("a session put in", INVALID, |idp| {
        request()
            .sign("logout", &idp.rsa)
            .set("sessions", "<samlp:SessionIndex>_s2</samlp:SessionIndex>")
            .text()
    }),
    ("a session taken away", INVALID, |idp| request().sign("logout", &idp.rsa).set("sessions", "").text()),
    ("the signature of another message", INVALID, |idp| {
        let other = request().set("name", "other@idp.example").sign("logout", &idp.rsa);
        request().set("logout.signature", other.part("logout.signature")).text()
    }),
    ("the signature of a response to a sign-in", "something else", |idp| {
        let other = request().set("logout.name", "_other").sign("logout", &idp.rsa);
        request().set("logout.signature", other.part("logout.signature")).text()
    }),
    ("SHA-1", "SHA-256 or better", |idp| {
        request()
            .set("method.uri", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")
            .sign("logout", &idp.rsa)
            .text()
    }),
    ("a digest by SHA-1", "SHA-256 or better", |idp| {
        request().set("digest.uri", "http://www.w3.org/2000/09/xmldsig#sha1").sign("logout", &idp.rsa).text()
    }),
    ("a curve", "SHA-256 or better", |idp| {
        request()
            .set("method.uri", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")
            .sign("logout", &idp.ec)
            .text()
    }),
    ("a reference to the whole document", "something else", |idp| {
        request().set("uri", r#" URI="""#).sign("logout", &idp.rsa).text()
    }),
    ("a reference to an address", "something else", |idp| {
        request().set("uri", r#" URI="http://127.0.0.1:9/canary""#).sign("logout", &idp.rsa).text()
    }),
    ("two references", "more than one Reference", |idp| {
        request().set("references", "{reference}{reference}").sign("logout", &idp.rsa).text()
    }),
    ("XSLT", "other transforms", |idp| {
        let xslt = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform>"#;
        request().set("exclusive", xslt).sign("logout", &idp.rsa).text()
    }),
    ("an object", "holds something", |idp| {
        request().set("objects", "<ds:Object></ds:Object>").sign("logout", &idp.rsa).text()
    }),
    ("signed twice", "more than one signature", |idp| {
        let signed = request().sign("logout", &idp.rsa);
        let signature = signed.part("logout.signature");
        signed.set("logout.signature", signature.repeat(2)).text()
    }),
    ("a signature that lies deeper", "directly", |idp| {
        let signed = request().sign("logout", &idp.rsa);
        let deeper = format!("<samlp:Extensions>{}</samlp:Extensions>", signed.part("logout.signature"));
        signed.set("logout.signature", deeper).text()
    }),
    ("wrapped: the signed one inside another", "more than one message", |idp| {
        let signed = request().sign("logout", &idp.rsa).text();
        let evil = request().set("logout.name", "_evil").set("name", "other@idp.example");
        evil.set("body", format!("{{name-id}}<samlp:Extensions>{signed}</samlp:Extensions>")).text()
    }),
    ("wrapped: the signed one's signature outside", "more than one message", |idp| {
        let signed = request().sign("logout", &idp.rsa);
        let inner = signed.clone().set("logout.signature", "").text();
        let evil =
            request().set("logout.name", "_evil").set("logout.signature", signed.part("logout.signature"));
        evil.set("body", format!("{{name-id}}<samlp:Extensions>{inner}</samlp:Extensions>")).text()
    }),
    ("an empty signature", "there is no", |_| {
        request()
            .set(
                "logout.signature",
                r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>"#,
            )
            .text()
    }),
    ("no ID", "", |idp| request().set("logout.id", "").sign("logout", &idp.rsa).text()),
    ("empty", "well-formed", |_| String::new()),
];

#[test] // S41: bindings 3.5, and what wrapping attacks try
fn a_form_is_believed_for_what_its_signature_covers_or_not_at_all() {
    let scene = Scene::new();
    let mut judge = Judge::new();
    for (name, why, forge) in FORMS {
        judge.hear(name, why, scene.by_form(LogoutKind::Request, &forge(&scene.idp)));
    }
    let no_base64 = LogoutMessage::read_form(LogoutKind::Request, "canary!", None);
    judge.hear("not base64", "base64", no_base64.map(|_| unreachable!()).map_err(|fault| fault.to_string()));
    judge.end("forms");
}
