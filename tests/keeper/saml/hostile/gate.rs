//! Properties of the gate without the server: whatever comes, it answers, and never by breaking.
use crate::support::idp::{Document, ENTITY_ID, Idp};
use keeper::kit::clock::Clock;
use keeper::remote::saml::{Answer, IdentityProvider};
use proptest::prelude::*;
use std::sync::LazyLock;

/// One good response of a provider that signs both, and its metadata.
static GOOD: LazyLock<(String, String)> = LazyLock::new(|| {
    let idp = Idp::new();
    let holes = ["request", "acs", "sp", "now", "before", "soon", "name", "response.name", "assertion.name"];
    let occasion: Vec<(&str, &str)> = holes.iter().map(|hole| (*hole, *hole)).collect();
    let document = Document::new(&occasion).set("response.name", "_r").set("assertion.name", "_a");
    (document.sign_as("both", &idp).text(), idp.metadata().text())
});

fn read(bytes: &[u8]) -> bool {
    Answer::read(&openssl::base64::encode_block(bytes)).is_ok()
}

fn believe(text: &str) -> bool {
    IdentityProvider::parse(text, Clock::System.now(), true).is_ok()
}

#[test] // S04: what the properties change is good before they do
fn the_good_ones_pass() {
    assert!(read(GOOD.0.as_bytes()));
    let provider = IdentityProvider::parse(&GOOD.1, Clock::System.now(), true).ok().unwrap();
    assert_eq!(provider.entity_id, ENTITY_ID);
}

/// Pieces of which trouble is made.
const PIECES: [&str; 24] = [
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&#x0;",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<!DOCTYPE x [",
    "xmlns=\"\"",
    " xmlns:saml=\"urn:x\"",
    "\u{0}",
    "\u{feff}",
    "\"",
    "'",
    " ID=\"_a\"",
    " Id='_r'",
    "\u{10ffff}",
    "<saml:Assertion>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test] // S04
    fn arbitrary_bytes_are_no_response(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(!read(&bytes));
        prop_assert!(!believe(&String::from_utf8_lossy(&bytes)));
    }

    #[test] // S04
    fn arbitrary_parameters_are_no_response(text in ".{0,300}") {
        prop_assert!(Answer::read(&text).is_err());
        prop_assert!(!believe(&text));
    }

    #[test] // S04: bytes of a good one, changed: answered, whatever the answer
    fn a_changed_response_breaks_nothing(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = GOOD.0.clone().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }

    #[test] // S04: pieces put in, parts taken out or said twice
    fn a_torn_response_breaks_nothing(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..PIECES.len(), 0..3_u8), 1..6),
    ) {
        for good in [&GOOD.0, &GOOD.1] {
            let mut text = good.clone();
            for (from, to, piece, how) in &cuts {
                let (a, b) = (from.index(text.len()), to.index(text.len()));
                let (a, b) = (text.floor_char_boundary(a.min(b)), text.floor_char_boundary(a.max(b)));
                match how {
                    0 => text.insert_str(a, PIECES[*piece]),
                    1 => text.replace_range(a..b, ""),
                    _ => text = format!("{}{}{}", &text[..b], &text[a..b], &text[b..]),
                }
                text.truncate(text.floor_char_boundary(600_000));
            }
            let _ = read(text.as_bytes());
            let _ = believe(&text);
        }
    }
}
