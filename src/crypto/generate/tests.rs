//! The edges of each policy, the evenness of each draw, and texts that read back as what they were. Keys are beside `key_pair`.
use super::*;
use crate::domain::enums::SecretType;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use sha2::{Digest, Sha256, Sha384};
use std::collections::BTreeMap;

fn text(value: &Plaintext) -> String {
    String::from_utf8(value.expose().to_vec()).unwrap()
}

fn policy(text: &str) -> Policy {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn refusal(text: &str) -> String {
    text.parse::<Policy>().map(|p| format!("{text} is taken, as {p}")).unwrap_err().to_string()
}

#[test]
fn letters_have_their_length_and_one_of_each_class() {
    let chance = Chance::seeded(1);
    for (alphabet, _) in Policy::ALPHABETS {
        // A draw of eight lacks a class often: each of many must not.
        for length in [8; 100].into_iter().chain([32, 256]) {
            let Policy::Letters(letters) = Policy::new(length, alphabet).unwrap() else { panic!() };
            let value = text(&letters.generate(&chance).unwrap());
            assert_eq!(value.len(), usize::try_from(length).unwrap());
            if alphabet == "hex" {
                assert!(value.chars().all(|c| "0123456789abcdef".contains(c)), "{value}");
            } else {
                assert!(value.contains(char::is_alphabetic) && value.contains(|c: char| c.is_ascii_digit()));
            }
            let symbols = value.contains(|c: char| c.is_ascii_punctuation());
            assert_eq!(symbols, alphabet == "letters_digits_symbols");
            assert!(alphabet != "unambiguous" || !value.contains(['0', 'O', '1', 'l', 'I']));
        }
    }
    for (length, alphabet) in [(7, "hex"), (257, "hex"), (-1, "hex"), (32, "emoji")] {
        assert!(Policy::new(length, alphabet).is_err(), "{length} {alphabet}");
    }
    assert_eq!(Policy::new(32, "").unwrap(), policy("letters:32:letters_digits"));
}

#[test]
fn what_is_excluded_never_occurs_and_what_is_left_is_enough() {
    let chance = Chance::seeded(2);
    let value = policy("letters:256:letters_digits_symbols:-:/aA0").generate(&chance).unwrap();
    assert!(!text(&value).contains([':', '/', 'a', 'A', '0']), "{}", text(&value));
    for (policy, why) in [
        ("letters:32:letters_digits:-0123456789", "all digits"),
        ("letters:32:hex:-0123456789abcdef", "all digits"),
        ("letters:32:letters_digits_symbols:-!#%*+,-./:=?@_~", "all symbols"),
        ("letters:32:letters_digits:-a b", "without blanks"),
        ("letters:32:letters_digits:-\u{e9}", "only ASCII"),
        ("letters:16:hex:-f", "leaves 62 bits of entropy, and at least 64 are needed: take more letters, or"),
        ("letters:10:letters_digits", "leaves 59 bits"),
        ("letters:7:letters_digits", "from 8 to 256"),
        ("letters:257:letters_digits", "from 8 to 256"),
    ] {
        assert!(refusal(policy).contains(why), "{policy}: {}", refusal(policy));
    }
    // The nine digits that 0 to 9 leave without one, to the bit: 9^16 is 50 bits, 16^16 is 64.
    assert_eq!(policy("letters:16:hex").bits(), 64);
    // One by hand may be short: some systems take no more. It cannot be kept for a schedule.
    let by_hand = Policy::new(8, "hex").unwrap();
    assert_eq!((by_hand.bits(), by_hand.generate(&chance).unwrap().len()), (32, 8));
    assert!(refusal(&by_hand.to_string()).contains("leaves 32 bits"));
}

#[test] // By counting all values of a small alphabet, the slow way.
fn the_bits_of_letters_count_only_values_that_can_be_drawn() {
    let almost_all = "BCDEFGHIJKLMNOPQRSTUVWXYZbcdefghijklmnopqrstuvwxyz23456789";
    let letters = Letters::of_any_strength(10, "letters_digits", almost_all).unwrap(); // A a 0 1
    let possible = (0..4_u32.pow(10)).filter(|n| {
        let signs = (0..10).map(|place| n >> (2 * place) & 3);
        signs.clone().any(|s| s < 2) && signs.clone().any(|s| s >= 2)
    });
    assert_eq!(letters.bits(), possible.count().ilog2());
}

/// Each of `size` things is drawn as often as the others, within six standard deviations.
fn even(what: &str, size: usize, draws: impl Iterator<Item = usize>) {
    let mut counts = vec![0_u32; size];
    draws.for_each(|n| counts[n] += 1);
    let mean = f64::from(counts.iter().sum::<u32>()) / size as f64;
    assert!(mean > 300.0, "{what}: too few draws to tell anything");
    for (n, count) in counts.iter().enumerate() {
        assert!(
            (f64::from(*count) - mean).abs() < 6.0 * mean.sqrt(),
            "{what}: {n} came {count} times of {mean}"
        );
    }
}

#[test]
fn every_draw_is_even() {
    let chance = Chance::seeded(3);
    for alphabet in ["letters_digits:-xyz", "letters_digits_symbols", "unambiguous", "hex"] {
        let policy = policy(&format!("letters:256:{alphabet}"));
        let drawn: Vec<u8> =
            (0..200).flat_map(|_| policy.generate(&chance).unwrap().expose().to_vec()).collect();
        let seen: BTreeMap<u8, usize> = drawn.iter().map(|b| (*b, 0)).collect();
        let place: BTreeMap<u8, usize> = seen.keys().enumerate().map(|(n, b)| (*b, n)).collect();
        assert_eq!(
            seen.len(),
            match alphabet {
                "hex" => 16,
                "unambiguous" => 57,
                "letters_digits_symbols" => 77,
                _ => 59,
            }
        );
        even(alphabet, seen.len(), drawn.iter().map(|b| place[b]));
    }
    let words = policy("words:12:space");
    let place: BTreeMap<&str, usize> = words::LIST.iter().enumerate().map(|(n, w)| (*w, n)).collect();
    let drawn: Vec<usize> = (0..2000)
        .flat_map(|_| {
            text(&words.generate(&chance).unwrap()).split(' ').map(|w| place[w]).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(drawn.len(), 24_000);
    even("words", 54, drawn.iter().map(|n| n * 54 / words::LIST.len()));
    assert!(drawn.contains(&0) || drawn.contains(&1) || drawn.contains(&2), "the first words are drawn");
    assert!(drawn.iter().any(|n| *n > 7770), "the last words are drawn");
    let bytes = policy("bytes:64:base64");
    let drawn: Vec<u8> =
        (0..2000).flat_map(|_| STANDARD.decode(bytes.generate(&chance).unwrap().expose()).unwrap()).collect();
    even("bytes", 256, drawn.iter().map(|b| usize::from(*b)));
}

#[test]
fn the_list_of_words_is_the_one_that_the_receipt_names() {
    let receipt: toml::Value = toml::from_str(include_str!("vendor.toml")).unwrap();
    let receipt = &receipt["vendored"][0];
    assert_eq!(receipt["sha256"].as_str(), Some(&*hex::encode(Sha256::digest(words::FILE))));
    assert_eq!(receipt["sha384"].as_str(), Some(&*STANDARD.encode(Sha384::digest(words::FILE))));
    assert_eq!(words::LIST.len(), 6_usize.pow(5));
    let mut sorted = words::LIST.clone();
    sorted.sort_unstable();
    assert!(sorted.windows(2).all(|pair| !pair[1].starts_with(pair[0])), "no word begins another");
    assert!(sorted.iter().all(|word| (3..=9).contains(&word.len())));
}

#[test]
fn a_passphrase_has_its_words_and_its_separator() {
    let chance = Chance::seeded(4);
    for (policy, bits, separator, count) in [
        ("words:4:-", 51, "-", 4),
        ("words:6:space", 77, " ", 6),
        ("words:12::", 155, ":", 12),
        ("words:5:7", 64, "7", 5),
    ] {
        let policy = self::policy(policy);
        let value = text(&policy.generate(&chance).unwrap());
        let parts = value.split(separator).count();
        assert!(value.split(separator).all(|part| !part.is_empty()), "{value}");
        // A few words of the list hold a hyphen themselves.
        assert!(parts == count || separator == "-" && parts > count, "{value}");
        assert_eq!(policy.bits(), bits);
    }
    for (text, words) in [
        ("letters:32:letters_digits:-0O", "32 letters and digits, without 0O"),
        ("letters:16:hex", "16 hexadecimal digits"),
        ("words:6:space", "6 words, separated by blanks"),
        ("keypair:rsa4096:pkcs8", "RSA 4096 key pair, PEM (PKCS#8)"),
        ("bytes:32:base64url", "32 random bytes in base64url"),
    ] {
        assert_eq!(policy(text).describe(), words);
    }
    let joined = text(&policy("words:4:none").generate(&chance).unwrap());
    assert!(joined.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{joined}");
    for wrong in [
        "words:3:-",
        "words:13:-",
        "words:x:-",
        "words:4:",
        "words:4:ab",
        "words:4:a",
        "words:4:--",
        "words:4:\t",
    ] {
        assert!(wrong.parse::<Policy>().is_err(), "{wrong}");
    }
}

#[test]
fn random_bytes_are_spelled_as_asked() {
    let chance = Chance::seeded(5);
    for length in [16, 17, 32, 63, 64] {
        let drawn = |encoding| policy(&format!("bytes:{length}:{encoding}")).generate(&chance).unwrap();
        assert_eq!(STANDARD.decode(drawn("base64").expose()).unwrap().len(), length);
        assert_eq!(URL_SAFE_NO_PAD.decode(drawn("base64url").expose()).unwrap().len(), length);
        assert_eq!(hex::decode(drawn("hex").expose()).unwrap().len(), length);
    }
    assert_eq!(policy("bytes:32:hex").bits(), 256);
    for wrong in ["bytes:15:hex", "bytes:65:hex", "bytes:32:base32", "bytes:32"] {
        assert!(wrong.parse::<Policy>().is_err(), "{wrong}");
    }
}

#[test]
fn types_that_others_make_get_reminders_only() {
    for kind in SecretType::ALL {
        let fitting = Policy::fitting(*kind);
        assert_eq!(fitting.is_some(), Policy::can_generate(*kind).is_ok());
        let reminders = matches!(kind, SecretType::Certificate | SecretType::OauthClient);
        assert_eq!(fitting.is_none(), reminders, "{kind}");
        if let Some(fitting) = fitting {
            assert!(fitting.bits() >= 128, "{kind}: {fitting}");
            assert_eq!(policy(&fitting.to_string()), fitting);
        }
    }
    assert_eq!(Policy::fitting(SecretType::SshKey).unwrap().to_string(), "keypair:ed25519:openssh");
    assert_eq!(Policy::fitting(SecretType::ApiKey).unwrap().to_string(), "bytes:32:base64url");
}

#[test]
fn a_text_that_is_no_policy_is_refused() {
    for wrong in [
        "",
        "letters",
        "letters:32",
        "letters:32:x",
        "letters:32:hex:f",
        "letters::hex",
        "Letters:32:hex",
        "keypair:dsa:pkcs8",
        "keypair:ed25519:pem",
        "keypair:ed25519",
        "emoji:4:x",
        " letters:32:hex",
        "letters:32:hex ",
        "letters:9999999999999999999:hex",
    ] {
        assert!(wrong.parse::<Policy>().is_err(), "{wrong:?}");
    }
    assert!(refusal("keypair:dsa:pkcs8").contains("ed25519, rsa3072, rsa4096"));
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let letters = (8..=256_i64, 0..4_usize, "[!-~]{0,12}")
        .prop_filter_map("weak or empty", |(n, a, x)| Letters::new(n, Policy::ALPHABETS[a].0, &x).ok())
        .prop_map(Policy::Letters);
    let words = (4..=12_i64, prop_oneof![Just(" ".to_owned()), Just(String::new()), "[ -@\\[-`{-~]"])
        .prop_map(|(n, s)| Policy::Words(Words::new(n, &s).unwrap()));
    let pairs = (0..3_usize, 0..2_usize)
        .prop_map(|(kind, form)| Policy::KeyPair(KeyPair { kind: Kind::ALL[kind], form: Form::ALL[form] }));
    let bytes =
        (16..=64_i64, 0..3_usize).prop_map(|(n, e)| Policy::Bytes(Bytes::new(n, Encoding::ALL[e]).unwrap()));
    prop_oneof![letters, words, pairs, bytes]
}

proptest! {
    #[test]
    fn the_text_of_a_policy_is_the_policy(policy in any_policy()) {
        let text = policy.to_string();
        prop_assert_eq!(text.trim(), &text);
        prop_assert_eq!(text.parse::<Policy>(), Ok(policy));
    }

    #[test]
    fn no_text_makes_the_reader_panic_and_what_it_takes_it_gives_back(text in "(letters|words|keypair|bytes)?:?[0-9]{0,3}:?[ -~]{0,20}") {
        if let Ok(policy) = text.parse::<Policy>() {
            prop_assert_eq!(policy.to_string().parse::<Policy>(), Ok(policy));
        }
    }

    #[test]
    fn a_value_fits_a_secret_and_holds_nothing_that_is_excluded(policy in any_policy(), seed: u64) {
        prop_assume!(!policy.is_slow());
        let value = policy.generate(&Chance::seeded(seed)).unwrap();
        prop_assert!(value.expose().is_ascii());
        prop_assert!((1..=65_536).contains(&value.len()));
        if let Policy::Letters(letters) = &policy {
            prop_assert_eq!(value.len(), letters.length());
            prop_assert!(!value.expose().iter().any(|b| letters.exclude().as_bytes().contains(b)));
        }
    }
}
