//! Hostile documents with an encrypted assertion: none is believed, and what cannot be opened is told in one way alone.
use super::desk::{DESK, Desk};
use super::encrypted::{CIPHERS, signed_and_encrypted};
use crate::support::idp::Document;
use crate::support::idp::encrypt::{cbc, gcm, padded, secret};
use keeper::remote::saml::{Check, Finding};

/// Which step failed would tell of a text that is not the sender's.
const CLOSED: &str = "the encrypted assertion cannot be opened with Keeper's keys";

type Row = (String, Document);

fn row(name: &str, document: Document) -> Row {
    (name.to_owned(), document)
}

fn signed() -> Document {
    Desk::document().sign("assertion", &DESK.idp.rsa)
}

fn changed(document: Document, hole: &str, change: impl Fn(&mut Vec<u8>)) -> Document {
    let mut bytes = openssl::base64::decode_block(&document.part(hole)).unwrap();
    change(&mut bytes);
    document.set(hole, openssl::base64::encode_block(&bytes))
}

/// Each of them fails at another step.
fn closed(desk: &Desk) -> Vec<Row> {
    let mut rows = Vec::new();
    for cipher in CIPHERS {
        let of = |name: &str| format!("{cipher}: {name}");
        let usual = || signed().set("cipher.uri", cipher).encrypt(&desk.public);
        let is_cbc = cipher.ends_with("cbc");
        rows.extend([
            row(&of("for another key"), signed().set("cipher.uri", cipher).encrypt(&desk.other_public)),
            row(&of("a wrapped key with a flipped byte"), changed(usual(), "key.text", |b| b[40] ^= 1)),
            row(&of("a wrapped key that is cut"), changed(usual(), "key.text", |b| b.truncate(383))),
            row(&of("a wrapped key of nothing"), usual().set("key.text", "")),
            row(&of("a wrapped key that is no base64"), usual().set("key.text", "%%%")),
            row(&of("a text that is no base64"), usual().set("data.text", "%%%")),
            row(&of("a text cut by a byte"), changed(usual(), "data.text", |b| b.truncate(b.len() - 1))),
            row(&of("a text cut by a block"), changed(usual(), "data.text", |b| b.truncate(b.len() - 16))),
            row(
                &of("its first byte flipped"),
                changed(usual(), "data.text", |b| {
                    // In CBC a byte of the first vector is a byte of the first block.
                    b[0] ^= 0x20;
                }),
            ),
            row(
                &of("a byte in the middle flipped"),
                changed(usual(), "data.text", |b| {
                    let at = b.len() / 2;
                    b[at] ^= 1;
                }),
            ),
        ]);
        for length in [0, 1, 11, 12, 15, 16, 27, 28, 31, 32] {
            let name = of(&format!("a text of {length} bytes"));
            rows.push(row(&name, changed(usual(), "data.text", |b| b.truncate(length))));
        }
        for (name, key) in
            [("short", vec![7; 8]), ("long", vec![7; 33]), ("another", vec![8; secret(cipher).len()])]
        {
            let plain = signed().part("assertion");
            let text = if is_cbc {
                cbc(cipher, &secret(cipher), &padded(plain.as_bytes(), 0))
            } else {
                gcm(cipher, &secret(cipher), plain.as_bytes())
            };
            let document = signed().set("cipher.uri", cipher).seal(&text, &key, &desk.public);
            rows.push(row(&of(&format!("a {name} secret")), document));
        }
        for (name, plain) in plain_texts() {
            let document = signed().set("cipher.uri", cipher).encrypt_text(&plain, &desk.public);
            rows.push(row(&of(&format!("opened: {name}")), document));
        }
    }
    for cipher in &CIPHERS[..2] {
        for last in [0, 17, 255] {
            let mut blocks = padded(signed().part("assertion").as_bytes(), 0);
            *blocks.last_mut().unwrap() = last;
            let text = cbc(cipher, &secret(cipher), &blocks);
            let document = signed().set("cipher.uri", *cipher).seal(&text, &secret(cipher), &desk.public);
            rows.push(row(&format!("{cipher}: a padding of {last}"), document));
        }
    }
    rows
}

/// What is opened and is no assertion: whoever could tell it from what is not opened could guess at texts.
fn plain_texts() -> Vec<(&'static str, Vec<u8>)> {
    let good = signed().part("assertion");
    vec![
        ("nothing", Vec::new()),
        ("a blank", b" ".to_vec()),
        ("no XML", b"canary".to_vec()),
        ("no UTF-8", [good.as_bytes(), &[0xff]].concat()),
        ("a zero", [good.as_bytes(), &[0]].concat()),
        ("half an assertion", good.as_bytes()[..good.len() / 2].to_vec()),
        ("two assertions", good.repeat(2).into_bytes()),
        ("something else", b"<canary/>".to_vec()),
        ("an assertion of no namespace", b"<Assertion ID=\"_a\"/>".to_vec()),
        ("a DOCTYPE", format!("<!DOCTYPE a>{good}").into_bytes()),
        ("a comment", good.replace("ada@idp.example", "root<!-- -->.ada@idp.example").into_bytes()),
        ("a depth", "<a>".repeat(1_000).into_bytes()),
    ]
}

#[tokio::test] // S04 S40: rule 7 of SAML in docs/security.md
async fn whatever_cannot_be_opened_is_refused_in_the_same_words() {
    let rows = closed(&DESK);
    assert!(rows.len() > 140);
    for (name, document) in rows {
        assert_eq!(DESK.believe(&document).await.map(|i| i.name_id.name), Err(CLOSED.to_owned()), "{name}");
    }
}

/// What is said before a key is used may be said clearly.
fn shapes(desk: &Desk) -> Vec<(&'static str, Document, &'static str)> {
    let usual = || signed().encrypt(&desk.public);
    let xenc = r#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#""#;
    let elsewhere = format!(
        r#"<xenc:CipherData><xenc:CipherReference{xenc} URI="http://{{trap}}/x"></xenc:CipherReference></xenc:CipherData>"#
    )
    .replace("{trap}", "127.0.0.1:9");
    let rsa15 = signed().set("wrap.uri", "http://www.w3.org/2001/04/xmlenc#rsa-1_5").encrypt(&desk.public);
    let extra = "the encrypted assertion holds something that none needs";
    let one = "there is not exactly one assertion directly in the response";
    vec![
        ("RSA 1.5", rsa15, "the key of the encrypted assertion is wrapped with RSA 1.5, which is broken: choose RSA-OAEP at the provider"),
        ("no transport", usual().set("wrap.uri", ""), "the key of the encrypted assertion is not wrapped with RSA-OAEP"),
        ("a mask where none is", usual().set("wrap.mask", "{wrap.mask.there}"), "the key of the encrypted assertion is not wrapped with RSA-OAEP"),
        ("MD5", usual().set("wrap.digest", "{wrap.digest.there}").set("wrap.digest.uri", "http://www.w3.org/2001/04/xmldsig-more#md5"), "the key of the encrypted assertion is wrapped with a digest that Keeper does not know"),
        ("3DES", usual().set("cipher.uri", "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"), "the assertion is encrypted with something else than AES-128 or AES-256, GCM or CBC"),
        ("the text elsewhere", usual().set("data.cipher", elsewhere.as_str()), "the encrypted assertion lies elsewhere (CipherReference)"),
        ("the key elsewhere", usual().set("key.cipher", elsewhere.as_str()), "the encrypted assertion lies elsewhere (CipherReference)"),
        ("a content, not an element", usual().set("data.head", r#" Type="http://www.w3.org/2001/04/xmlenc#Content""#), "the encrypted assertion is said not to be an element"),
        ("no key", usual().set("keys.inside", ""), "the encrypted assertion comes without an encrypted key"),
        ("five keys", usual().set("keys.inside", "{key}{key}{key}{key}{key}"), "the encrypted assertion comes with more than 4 encrypted keys"),
        ("a pointer at nothing", usual().set("keys.inside", "{key}{pointer}"), "the encrypted assertion looks for its key elsewhere than beside it"),
        ("a pointer to an address", usual().set("keys.inside", r#"{key}<ds:RetrievalMethod URI="http://127.0.0.1:9/x"></ds:RetrievalMethod>"#), "the encrypted assertion looks for its key elsewhere than beside it"),
        ("an agreement", usual().set("keys.inside", "{key}<xenc:AgreementMethod></xenc:AgreementMethod>"), extra),
        ("a foreign element", usual().set("keys.beside", r#"<x xmlns="urn:x"></x>"#), extra),
        ("two data", usual().set("encrypted", r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{data}{data}</saml:EncryptedAssertion>"#), "there is more than one EncryptedData"),
        ("two", usual().set("assertions", "{encrypted}{encrypted}"), one),
        ("a clear one beside it", usual().set("assertions", "{encrypted}{assertion}"), one),
        ("a clear one before it", usual().set("assertions", "{assertion}{encrypted}"), one),
        ("one in extensions", usual().set("assertions", "").set("extensions", "<samlp:Extensions>{encrypted}</samlp:Extensions>"), one),
        ("a signature in it", {
            let signature = signed().part("assertion.signature");
            usual().set("keys.beside", signature)
        }, extra),
    ]
}

#[tokio::test] // S04: rules 1 and 7 of SAML in docs/security.md
async fn a_shape_that_no_provider_sends_is_refused_before_a_key_is_used() {
    for (name, document, why) in shapes(&DESK) {
        let fault = Desk::read(&document.text()).err().unwrap_or_else(|| panic!("{name}: read"));
        assert_eq!(fault.to_string(), why, "{name}");
    }
}

/// Opened well, and not to be believed.
fn unbelieved(desk: &Desk) -> Vec<(&'static str, Document)> {
    let (rsa, foreign, public) = (&desk.idp.rsa, &desk.idp.foreign, &desk.public);
    let evil = || {
        Desk::document()
            .set("assertion.name", "_evil")
            .set("name", "evil@idp.example")
            .set("group", "keeper-admins")
    };
    let honest = signed().part("assertion");
    let put = |inside: String| Desk::document().encrypt_text(inside.as_bytes(), public);
    let within = |inside: &str| {
        evil().part("assertion").replace("</saml:Assertion>", &format!("{inside}</saml:Assertion>"))
    };
    let sealed = signed().encrypt(public).part("encrypted");
    let signature = signed().part("assertion.signature");
    vec![
        ("nothing is signed", Desk::document().encrypt(public)),
        ("signed by somebody else", Desk::document().sign("assertion", foreign).encrypt(public)),
        (
            "signed by somebody else, in a signed response",
            Desk::document().sign("assertion", foreign).encrypt(public).sign("response", rsa),
        ),
        ("changed after it was signed", put(honest.replace("keeper-users", "keeper-admins"))),
        (
            "changed after it was signed, in a signed response",
            put(honest.replace("keeper-users", "keeper-admins")).sign("response", rsa),
        ),
        (
            "the response is signed by somebody else",
            Desk::document().encrypt(public).sign("response", foreign),
        ),
        (
            "the response is signed by somebody else, the assertion well",
            signed().encrypt(public).sign("response", foreign),
        ),
        ("another one put into a signed response", {
            let response = Desk::document().encrypt(public).sign("response", rsa);
            let other = evil().encrypt(public);
            response.set("data.text", other.part("data.text")).set("key.text", other.part("key.text"))
        }),
        ("the honest one inside an evil one", put(within(&honest))),
        (
            "the honest one inside an evil one, in a signed response",
            put(within(&honest)).sign("response", rsa),
        ),
        ("an encrypted one inside", put(within(&sealed))),
        ("an encrypted one inside, in a signed response", put(within(&sealed)).sign("response", rsa)),
        ("a response inside", put(within(&signed().part("response")))),
        (
            "a signature of another",
            put(evil().set("assertion.signature", signature.clone()).part("assertion")),
        ),
        (
            "a signature of another, in a signed response",
            put(evil().set("assertion.signature", signature.clone()).part("assertion")).sign("response", rsa),
        ),
        (
            "a signature that is not the assertion's own child",
            put(Desk::document()
                .set(
                    "subject",
                    format!("<saml:Subject>{{name-id}}{{confirmation}}{signature}</saml:Subject>"),
                )
                .part("assertion"))
            .sign("response", rsa),
        ),
        ("signed twice", put(honest.replace(&signature, &signature.repeat(2)))),
        (
            "an ID spelled Id",
            put(Desk::document().set("assertion.id", r#" Id="_a""#).part("assertion")).sign("response", rsa),
        ),
        (
            "an ID that stands twice",
            put(Desk::document()
                .set("subject", r#"<saml:Subject ID="_a">{name-id}{confirmation}</saml:Subject>"#)
                .part("assertion"))
            .sign("response", rsa),
        ),
        ("no ID", put(Desk::document().set("assertion.id", "").part("assertion")).sign("response", rsa)),
        (
            "SHA-1",
            Desk::document()
                .set("method.uri", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")
                .sign("assertion", rsa)
                .encrypt(public),
        ),
    ]
}

#[tokio::test] // S04: rules 1, 2 and 7 of SAML in docs/security.md
async fn what_opens_and_is_not_well_signed_is_refused() {
    for (name, document) in unbelieved(&DESK) {
        let told = DESK.believe(&document).await.map(|identity| identity.name_id.name);
        assert!(told.is_err(), "{name}: {told:?}");
        assert_ne!(told, Err(CLOSED.to_owned()), "{name} was not opened at all");
    }
}

#[tokio::test] // S04: rule 3, for what was encrypted
async fn what_was_encrypted_is_held_against_the_request_like_all_else() {
    for style in super::hostile::STYLES {
        for (hole, text) in [
            ("recipient", r#" Recipient="http://canary""#),
            ("in-response-to", r#" InResponseTo="_canary""#),
            ("not-on-or-after", r#" NotOnOrAfter="{long-ago}""#),
            ("audience", ""),
            ("authn", ""),
            ("assertion.issuer", "<saml:Issuer>http://canary</saml:Issuer>"),
            ("destination", r#" Destination="http://canary""#),
            ("response.in-response-to", ""),
        ] {
            let document = signed_and_encrypted(Desk::document().set(hole, text), style);
            assert!(DESK.believe(&document).await.is_err(), "{style}: {hole}");
        }
    }
}

#[tokio::test] // S04
async fn a_response_whose_signature_fails_is_not_opened() {
    let document = signed().encrypt(&DESK.public).sign("response", &DESK.idp.foreign);
    let answer = Desk::read(&document.text()).unwrap();
    let verdict = DESK.verify(answer, &[&DESK.key], Desk::expected()).await;
    let of = |check| verdict.report.checks.iter().find(|one| one.check == check).unwrap().verdict.clone();
    assert!(matches!(of(Check::Signature), Finding::Failed(_)));
    assert_eq!((of(Check::Encryption), verdict.report.seen), (Finding::NotReached, None));
}

#[tokio::test] // S04
async fn without_a_key_of_its_own_keeper_says_so() {
    let told = DESK.believe_with(&signed().encrypt(&DESK.public).text(), &[]).await.unwrap_err();
    assert!(told.contains("Keeper has no key to open it"), "{told}");
}
