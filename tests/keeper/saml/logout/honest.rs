//! What honest providers send is understood, by either binding: only then does a refusal mean something.
use super::{Scene, at, request, response};
use crate::support::idp::{Document, Query, encode};
use keeper::remote::saml::{Logout, LogoutKind, LogoutMessage, LogoutOutcome, Verifier};
use openssl::hash::MessageDigest;
use std::sync::Arc;

fn understood(sessions: &[&str]) -> Logout {
    Logout::Request {
        id: "_canary".to_owned(),
        name_id: "canary@idp.example".to_owned(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        session_indexes: sessions.iter().map(|&session| session.to_owned()).collect(),
    }
}

#[test] // S41
fn requests_of_honest_providers_are_understood() {
    let scene = Scene::new();
    let fifty = "<samlp:SessionIndex>_s1</samlp:SessionIndex>".repeat(50);
    let rows: Vec<(&str, Document, Vec<&str>)> = vec![
        ("usual", request(), vec!["_s1"]),
        ("without sessions", request().set("sessions", ""), vec![]),
        ("fifty sessions", request().set("sessions", fifty), vec!["_s1"; 50]),
        ("without an end", request().set("until", ""), vec!["_s1"]),
        ("a clock that is ahead", request().set("now", at(110)), vec!["_s1"]),
        ("a clock that is behind", request().set("now", at(-400)).set("soon", at(-110)), vec!["_s1"]),
        ("blanks around the name", request().set("name", "\n canary@idp.example\n"), vec!["_s1"]),
        ("a byte order mark", request().set("document", "\u{feff}{logout}"), vec!["_s1"]),
        ("a declaration", request().set("document", "<?xml version=\"1.0\"?>\n{logout}\n"), vec!["_s1"]),
        (
            "extensions",
            request().set(
                "body",
                r#"<samlp:Extensions><x:a xmlns:x="urn:x"></x:a></samlp:Extensions>{name-id}{sessions}"#,
            ),
            vec!["_s1"],
        ),
    ];
    for (name, document, sessions) in rows {
        let query = scene.query(&document).text();
        assert_eq!(scene.by_query(&query), Ok(understood(&sessions)), "{name}, by query");
        let document = document.sign("logout", &scene.idp.rsa).text();
        let heard = scene.by_form(LogoutKind::Request, &document);
        assert_eq!(heard, Ok(understood(&sessions)), "{name}, by form");
    }
}

#[test] // S41: full, partial and refused are told apart
fn answers_of_honest_providers_are_understood() {
    let scene = Scene::new();
    let inner = |outer: &str| {
        let code = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{outer}"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"></samlp:StatusCode></samlp:StatusCode>"#;
        response().set("code", code.replace("{outer}", outer))
    };
    let plain =
        |code: &str| response().set("status.code", format!("urn:oasis:names:tc:SAML:2.0:status:{code}"));
    for (document, outcome) in [
        (response(), LogoutOutcome::Complete),
        (inner("Success"), LogoutOutcome::Partial),
        (inner("Responder"), LogoutOutcome::Partial),
        (plain("PartialLogout"), LogoutOutcome::Partial),
        (plain("Requester"), LogoutOutcome::Refused),
        (plain("Responder"), LogoutOutcome::Refused),
    ] {
        let heard = Ok(Logout::Response { in_response_to: "_ours".to_owned(), outcome });
        assert_eq!(scene.by_query(&scene.query(&document).text()), heard, "by query");
        let document = document.sign("logout", &scene.idp.rsa).text();
        assert_eq!(scene.by_form(LogoutKind::Response, &document), heard, "by form");
    }
}

#[test] // S41: what differs between senders' queries and means nothing
fn queries_are_read_as_they_were_sent() {
    let scene = Scene::new();
    let key = &scene.idp.rsa.key;
    let usual = scene.query(&request());
    let named = |bits: &str| encode(&format!("http://www.w3.org/2001/04/xmldsig-more#rsa-sha{bits}"));
    let lower = |text: &str| {
        text.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d").replace("%3A", "%3a")
    };
    let with = |change: &dyn Fn(Query) -> Query| change(Query { signature: String::new(), ..usual.clone() });
    let rows: Vec<(&str, String)> = vec![
        ("usual", usual.text()),
        ("no relay state", with(&|q| Query { relay: None, ..q }.sign(key)).text()),
        ("an empty relay state", with(&|q| Query { relay: Some(String::new()), ..q }.sign(key)).text()),
        (
            "SHA-384",
            with(&|q| Query { method: named("384"), ..q }.sign_with(MessageDigest::sha384(), key)).text(),
        ),
        (
            "SHA-512",
            with(&|q| Query { method: named("512"), ..q }.sign_with(MessageDigest::sha512(), key)).text(),
        ),
        (
            "small hexadecimal digits",
            with(&|q| Query { message: lower(&q.message), method: lower(&q.method), ..q }.sign(key)).text(),
        ),
        (
            "bare signs of base64",
            with(&|q| {
                let bare = q.message.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
                Query { message: bare, ..q }.sign(key)
            })
            .text(),
        ),
        ("another order", format!("Signature={}&{}", usual.signature, usual.octets())),
        ("others' parameters", format!("tenant=a&x&&{}&y=%zz", usual.text())),
        (
            "the packing named",
            format!(
                "{}&SAMLEncoding={}",
                usual.text(),
                encode("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
            ),
        ),
    ];
    for (name, raw) in rows {
        assert_eq!(scene.by_query(&raw), Ok(understood(&["_s1"])), "{name}");
    }
    let message = LogoutMessage::read_query(&usual.text()).ok().unwrap();
    assert_eq!(message.relay_state(), Some("r canary"));
    assert_eq!((message.issuer(), message.kind()), (crate::support::idp::ENTITY_ID, LogoutKind::Request));
}

#[tokio::test] // S41: beside sign-ins, on threads that may wait
async fn messages_are_verified_where_waiting_is_no_harm() {
    let Scene { idp, provider } = Scene::new();
    let document = response().sign("logout", &idp.rsa).text();
    let encoded = openssl::base64::encode_block(document.as_bytes());
    let message = LogoutMessage::read_form(LogoutKind::Response, &encoded, None).ok().unwrap();
    assert_eq!(message.in_response_to(), Some("_ours"));
    let heard =
        Verifier::default().verify_logout(message, Arc::new(provider), Scene::expected()).await.ok().unwrap();
    assert!(matches!(heard, Logout::Response { outcome: LogoutOutcome::Complete, .. }));
}
