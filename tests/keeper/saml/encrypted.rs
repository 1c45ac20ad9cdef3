//! Encrypted assertions as honest providers send them: every algorithm, place of the key and order of signing opens.
use super::desk::{DESK, Desk, now};
use crate::support::idp::Document;
use crate::support::idp::encrypt::{cbc, padded, secret};
use keeper::remote::saml::{Check, Finding, Part};

pub const CIPHERS: [&str; 4] = [
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
];
const MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

/// Transport, digest and mask; an empty one is not said, so that the specification's default holds.
const WRAPPINGS: [(&str, &str, &str); 7] = [
    (MGF1P, "", ""),
    (MGF1P, "http://www.w3.org/2000/09/xmldsig#sha1", ""),
    (MGF1P, SHA256, ""),
    (OAEP, "", ""),
    (OAEP, SHA256, "http://www.w3.org/2009/xmlenc11#mgf1sha256"),
    (OAEP, "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2009/xmlenc11#mgf1sha1"),
    (OAEP, SHA512, "http://www.w3.org/2009/xmlenc11#mgf1sha512"),
];

fn wrapped_by(document: Document, (transport, digest, mask): (&str, &str, &str)) -> Document {
    let mut document = document.set("wrap.uri", transport);
    if !digest.is_empty() {
        document = document.set("wrap.digest", "{wrap.digest.there}").set("wrap.digest.uri", digest);
    }
    if !mask.is_empty() {
        document = document.set("wrap.mask", "{wrap.mask.there}").set("wrap.mask.uri", mask);
    }
    document
}

const PLACES: [&str; 3] = ["inside", "beside, pointed at", "beside, not pointed at"];

fn placed(document: Document, place: &str) -> Document {
    match place {
        "inside" => document,
        "beside, pointed at" => document.key_beside("{pointer}"),
        _ => document.key_beside("<ds:KeyName>keeper</ds:KeyName>"),
    }
}

/// Signed inside, signed around, or both.
pub fn signed_and_encrypted(document: Document, style: &str) -> Document {
    let (rsa, public) = (&DESK.idp.rsa, &DESK.public);
    let document = if style == "response" { document } else { document.sign("assertion", rsa) };
    let document = document.encrypt(public);
    if style == "assertion" { document } else { document.sign("response", rsa) }
}

#[tokio::test] // S04: rule 7 of SAML in docs/security.md
async fn every_honest_encryption_opens_for_the_person_it_names() {
    for style in super::hostile::STYLES {
        for cipher in CIPHERS {
            for wrapping in WRAPPINGS {
                for place in PLACES {
                    let document = Desk::document().set("cipher.uri", cipher);
                    let document = placed(wrapped_by(document, wrapping), place);
                    let document = signed_and_encrypted(document, style);
                    let name = DESK.believe(&document).await.map(|identity| identity.name_id.name);
                    let row = format!("{style}, {cipher}, {wrapping:?}, {place}");
                    assert_eq!(name.as_deref(), Ok("ada@idp.example"), "{row}");
                }
            }
        }
    }
}

#[tokio::test] // S04
async fn padding_may_be_filled_with_anything() {
    let cipher = CIPHERS[0];
    for filler in [0x00, 0x10, 0xff] {
        let document = Desk::document().sign("assertion", &DESK.idp.rsa);
        let text = cbc(cipher, &secret(cipher), &padded(document.part("assertion").as_bytes(), filler));
        let document = document.set("cipher.uri", cipher).seal(&text, &secret(cipher), &DESK.public);
        assert!(DESK.believe(&document).await.is_ok(), "{filler:x}");
    }
}

#[tokio::test] // S04
async fn an_assertion_may_lean_on_declarations_from_around_it() {
    let saml = r#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#;
    let signed = Desk::document().sign("assertion", &DESK.idp.rsa);
    let bare = signed.part("assertion").replacen(saml, "", 1);
    assert!(!bare.contains(saml));
    let document = signed.clone().encrypt_text(bare.as_bytes(), &DESK.public);
    assert!(DESK.believe(&document).await.is_ok());
    // The usual namespace from around, too.
    let plain = Desk::document().part("assertion").replacen(saml, "", 1).replace("saml:", "");
    let document = Desk::document().encrypt_text(plain.as_bytes(), &DESK.public);
    let around = document.part("encrypted").replacen(
        "<saml:EncryptedAssertion",
        r#"<saml:EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion""#,
        1,
    );
    // Not in canonical form, so it is not in what this provider can sign: it is opened, and refused as unsigned.
    let told = DESK.believe(&document.set("assertions", around)).await.unwrap_err();
    assert_eq!(told, "neither the response nor the assertion is signed");
}

#[tokio::test] // S04
async fn while_keys_change_either_opens() {
    for public in [&DESK.public, &DESK.other_public] {
        let document = Desk::document().sign("assertion", &DESK.idp.rsa).encrypt(public);
        for keys in [[&DESK.key, &DESK.other], [&DESK.other, &DESK.key]] {
            assert!(DESK.believe_with(&document.text(), &keys).await.is_ok());
        }
    }
}

#[tokio::test] // S04
async fn of_several_encrypted_keys_one_is_enough() {
    let document = Desk::document().sign("assertion", &DESK.idp.rsa).encrypt(&DESK.other_public);
    let foreign = document.part("key");
    let own = document.encrypt(&DESK.public);
    let both = format!("{foreign}{}{foreign}", own.part("key"));
    let identity = DESK.believe(&own.set("keys.inside", both)).await.unwrap();
    assert_eq!(identity.name_id.format.unwrap(), "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
}

#[tokio::test] // S04
async fn what_was_signed_and_how_it_was_sealed_is_told() {
    let document = signed_and_encrypted(Desk::document().set("cipher.uri", CIPHERS[2]), "both");
    let answer = Desk::read(&document.text()).unwrap();
    assert!(answer.is_encrypted());
    let verdict = DESK.verify(answer, &[&DESK.key], Desk::expected()).await;
    let seen = verdict.report.seen.unwrap();
    let seal = seen.seal.unwrap();
    assert_eq!((seal.data.as_str(), seal.key.as_str()), ("AES-128-GCM", "RSA-OAEP, SHA-1, MGF1 with SHA-1"));
    let parts: Vec<Part> = seen.signatures.iter().map(|signature| signature.part).collect();
    assert_eq!(parts, [Part::Assertion, Part::Response]);
    let used = DESK.provider.fingerprints()[1].to_owned();
    assert!(seen.signatures.iter().all(|signature| signature.fingerprint.as_ref() == Some(&used)));
}

#[tokio::test] // S04
async fn where_encryption_is_demanded_a_clear_assertion_is_refused() {
    let clear = Desk::document().sign_as("both", &DESK.idp);
    let sealed = signed_and_encrypted(Desk::document(), "both");
    for (document, is_good) in [(clear, false), (sealed, true)] {
        let mut expected = Desk::expected();
        expected.wants_encrypted = true;
        expected.now = now();
        let answer = Desk::read(&document.text()).unwrap();
        let verdict = DESK.verify(answer, &[&DESK.key], expected).await;
        assert_eq!(verdict.identity.is_ok(), is_good);
        let of = |check| verdict.report.checks.iter().find(|one| one.check == check).unwrap().verdict.clone();
        assert_eq!(of(Check::Encryption) == Finding::Passed, is_good);
        assert_eq!(of(Check::Audience), Finding::Passed, "the others are told all the same");
    }
}
