//! What PostgreSQL keeps of a password (RFC 5803): made here, so that the server and its log never hold the value.
//! `postgres.rs` sends it.
//!
//! The number of rounds is PostgreSQL's own. A user that had an MD5 hash until now has a SCRAM verifier afterwards,
//! which every driver of the last years understands.
use crate::domain::plaintext::Plaintext;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const ROUNDS: u32 = 4096;
/// Longer than this, some of PostgreSQL's own clients cut a password off.
const LONGEST: usize = 1000;

/// A password as sign-ins send it: RFC 4013 maps some characters, and knows none that came after Unicode 3.2. Clients
/// differ in what they do with the latter, so such a value would work with some of them only: it is refused.
pub(super) fn prepared(value: &Plaintext) -> Result<Zeroizing<String>, &'static str> {
    let text = std::str::from_utf8(value.expose()).map_err(|_| "it is no UTF-8 text")?;
    if text.len() > LONGEST {
        return Err("it is longer than 1000 bytes");
    }
    let refused =
        "it holds a control character, a line break or a character that PostgreSQL's sign-in cannot carry";
    let text = stringprep::saslprep(text).map_err(|_| refused)?;
    if text.is_empty() { Err("it is empty") } else { Ok(Zeroizing::new(text.into_owned())) }
}

pub(super) fn verifier(prepared: &str, salt: &[u8; 16]) -> String {
    let salted = Zeroizing::new(pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(prepared.as_bytes(), salt, ROUNDS));
    let stored = Sha256::digest(hmac(&salted, b"Client Key"));
    let server = hmac(&salted, b"Server Key");
    let text = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    format!("SCRAM-SHA-256${ROUNDS}:{}${}:{}", text(salt), text(&stored), text(&*server))
}

fn hmac(key: &[u8; 32], message: &[u8]) -> Zeroizing<[u8; 32]> {
    // HMAC fills a key up to its block with zeros: done here, no key can have a wrong length.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(text: &str) -> Result<String, &'static str> {
        prepared(&Plaintext::from(text.to_owned())).map(|text| text.to_string())
    }

    /// The exchange of RFC 7677, chapter 3: its proofs are those of this very verifier.
    #[test]
    fn the_verifier_is_that_of_the_standards_own_example() {
        let salt: [u8; 16] = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap().try_into().unwrap();
        let made = verifier("pencil", &salt);
        let (stored, server) = made.rsplit_once('$').unwrap().1.split_once(':').unwrap();
        let said = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                    s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let key = |text: &str| -> [u8; 32] { BASE64_STANDARD.decode(text).unwrap().try_into().unwrap() };
        let signature = hmac(&key(server), said.as_bytes());
        assert_eq!(BASE64_STANDARD.encode(signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        // The client proves that it has the key whose hash is stored.
        let proof = key("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        let signature = hmac(&key(stored), said.as_bytes());
        let client: Vec<u8> = proof.iter().zip(signature.iter()).map(|(a, b)| a ^ b).collect();
        assert_eq!(BASE64_STANDARD.encode(Sha256::digest(&client)), stored);
    }

    #[test]
    fn a_value_is_prepared_as_clients_do_it_or_refused_with_the_reason() {
        assert_eq!(ready("p%'\"\\ ;--").as_deref(), Ok("p%'\"\\ ;--"));
        assert_eq!(ready("I\u{ad}X").as_deref(), Ok("IX"));
        assert_eq!(ready("\u{aa}\u{a0}ü").as_deref(), Ok("a ü"));
        for refused in ["", "\u{ad}", "a\n", "\0", "a\u{7f}", "\u{627}1", "🔑", &"x".repeat(1001)] {
            assert!(ready(refused).is_err(), "{refused:?}");
        }
        assert!(prepared(&Plaintext::new(vec![0xff])).is_err());
    }
}
