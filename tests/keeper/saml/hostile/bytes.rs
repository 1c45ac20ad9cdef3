//! Rule 1: what is no document at all, or one that was cut or changed on its way.
use super::court::Sent;
use super::rows::{Row, row};
use crate::support::idp::{Document, Idp};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use keeper::kit::chance::Chance;

const ENCODING: &str = "encoding";
const CUT: &str = "cut";
const MUTATION: &str = "mutation";
const SEED: u64 = 4;

fn signed(idp: &Idp, d: Document) -> String {
    d.sign_as("both", idp).text()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// The good document with some bytes where the name stands.
fn named(name: &str, bytes: &'static [u8]) -> Row {
    row(ENCODING, name, move |idp, d| {
        let text = signed(idp, d.set("name", "HERE"));
        let (head, tail) = text.split_once("HERE").unwrap();
        Sent::Bytes([head.as_bytes(), bytes, tail.as_bytes()].concat())
    })
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        row(ENCODING, "nothing", |_, _| Sent::Parameter(String::new())),
        row(ENCODING, "not base64", |_, _| Sent::Parameter("<canary>%%%".into())),
        row(ENCODING, "the document itself", |idp, d| Sent::Parameter(signed(idp, d))),
        row(ENCODING, "base64 for addresses", |idp, d| {
            Sent::Parameter(URL_SAFE.encode(signed(idp, d) + "\u{7ff}??>>"))
        }),
        row(ENCODING, "base64 twice", |idp, d| {
            Sent::Parameter(STANDARD.encode(STANDARD.encode(signed(idp, d))))
        }),
        row(ENCODING, "base64 without its end", |idp, d| {
            let mut text = signed(idp, d);
            while text.len() % 3 != 1 {
                text.push('\n');
            }
            Sent::Parameter(STANDARD_NO_PAD.encode(text)[1..].to_owned())
        }),
        row(ENCODING, "letters between base64", |idp, d| {
            Sent::Parameter(STANDARD.encode(signed(idp, d)).replacen('A', "A\u{e9}", 1))
        }),
        row(ENCODING, "a zero byte behind base64", |idp, d| {
            Sent::Parameter(STANDARD.encode(signed(idp, d)) + "\0")
        }),
        row(ENCODING, "base64 of nothing", |_, _| Sent::Bytes(Vec::new())),
        row(ENCODING, "zero bytes", |_, _| Sent::Bytes(vec![0; 1000])),
        row(ENCODING, "no text", |_, _| Sent::Bytes(vec![0xff; 1000])),
        row(ENCODING, "UTF-16, little end first", |idp, d| {
            Sent::Bytes(utf_16(&signed(idp, d), u16::to_le_bytes))
        }),
        row(ENCODING, "UTF-16, big end first", |idp, d| {
            Sent::Bytes(utf_16(&signed(idp, d), u16::to_be_bytes))
        }),
        row(ENCODING, "two byte order marks", |idp, d| {
            Sent::Xml(format!("\u{feff}\u{feff}{}", signed(idp, d)))
        }),
        row(ENCODING, "another document", |_, _| Sent::Xml("<html><body>canary</body></html>".into())),
        row(ENCODING, "a request", |_, _| {
            Sent::Xml(r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_x" Version="2.0"/>"#.into())
        }),
        row(ENCODING, "JSON", |_, _| Sent::Xml(r#"{"NameID": "canary"}"#.into())),
        named("Latin-1 in a name", b"canary\xe9"),
        named("a surrogate in a name", b"canary\xed\xa0\x80"),
        named("an overlong letter in a name", b"canary\xc0\xae"),
        named("a zero byte in a name", b"canary\0x"),
        named("an escape in a name", b"canary\x1b[2J"),
        named("a letter that is none in a name", b"canary\xef\xbf\xbf"),
    ];
    rows.extend((0..60).step_by(5).map(|hundreds| {
        row(CUT, &format!("after {hundreds}00 bytes"), move |idp, d| {
            let text = signed(idp, d);
            let end = (hundreds * 100).min(text.len() - 1);
            Sent::Bytes(text.as_bytes()[..end].to_vec())
        })
    }));
    rows.extend((0..400).map(|number| {
        row(MUTATION, &format!("number {number}"), move |idp, d| Sent::Bytes(mutated(signed(idp, d), number)))
    }));
    rows
}

/// One to four letters changed, put in or taken out, but for blanks, which may be many or few between attributes, and for
/// the last letters of a signature, which hold less than they could.
fn mutated(text: String, number: u64) -> Vec<u8> {
    let chance = Chance::seeded(SEED + number);
    let below = |bound: usize| chance.below(u32::try_from(bound).unwrap()).unwrap() as usize;
    let original = text.clone();
    let mut bytes = text.into_bytes();
    while String::from_utf8_lossy(&bytes) == original {
        for _ in 0..=below(4) {
            let at = below(bytes.len());
            let letter = b'!' + u8::try_from(below(94)).unwrap();
            let near = &bytes[at.saturating_sub(2)..(at + 6).min(bytes.len())];
            if bytes[at] == b' ' || near.windows(2).any(|pair| pair == b"==") {
                continue;
            }
            match below(3) {
                0 => bytes[at] = letter,
                1 => bytes.insert(at, letter),
                _ => drop(bytes.remove(at)),
            }
        }
    }
    bytes
}
