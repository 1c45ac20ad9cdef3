//! What a token looks like: `kpr_`, 32 letters and digits by chance (190 bits), and six more that are their CRC-32, by which a
//! scanner of source code tells a token from a text that only looks like one. `docs/service-accounts.md` has it for others.
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use sha2::{Digest, Sha256};

const PREFIX: &str = "kpr_";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LETTERS: usize = 32;
const CHECK: usize = 6;
/// A person knows a token again by its last characters, which are part of the checksum and tell nothing.
const HINT: usize = 4;

/// A new token with what is kept of it.
pub(super) struct Fresh {
    pub text: Plaintext,
    pub hash: String,
    pub hint: String,
}

pub(super) fn fresh(chance: &Chance) -> Result<Fresh> {
    // Long enough from the start: a text that grows leaves its beginnings behind.
    let mut text = String::with_capacity(PREFIX.len() + LETTERS + CHECK);
    text.push_str(PREFIX);
    for _ in 0..LETTERS {
        text.push(digit(chance.below(62)?));
    }
    let check = check(&text[PREFIX.len()..]);
    text.push_str(&check);
    Ok(Fresh { hash: hash(&text), hint: check[CHECK - HINT..].to_owned(), text: Plaintext::from(text) })
}

/// All that is stored of it. It is long and by chance: nobody guesses it, and a slow hash would only make each request slow.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Anybody can tell this of a text: it costs no question to the database.
pub(super) fn is_well_formed(token: &str) -> bool {
    let Some(rest) = token.strip_prefix(PREFIX) else { return false };
    rest.len() == LETTERS + CHECK
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && check(&rest[..LETTERS]) == rest[LETTERS..]
}

fn check(letters: &str) -> String {
    let mut rest = crc32(letters.as_bytes());
    let mut digits = [0_u32; CHECK];
    for place in digits.iter_mut().rev() {
        *place = rest % 62;
        rest /= 62;
    }
    digits.into_iter().map(digit).collect()
}

fn digit(number: u32) -> char {
    DIGITS.get(number as usize).copied().map_or('0', char::from)
}

/// CRC-32 of IEEE 802.3, as `zlib` has it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_prefix_and_its_checksum() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let fresh = fresh(&Chance::seeded(7)).unwrap();
        let text = String::from_utf8(fresh.text.expose().to_vec()).unwrap();
        assert!(text.starts_with("kpr_") && text.len() == 42 && is_well_formed(&text), "{text}");
        assert!(text.ends_with(&fresh.hint) && fresh.hint.len() == 4);
        assert_eq!(fresh.hash, hash(&text));
        for wrong in
            ["", "kpr_", "kpr_ä", &text[..41], &format!("{text}0"), &text.replace("kpr_", "kpr-"), &{
                let other = if text.as_bytes()[9] == b'a' { "b" } else { "a" };
                format!("{}{other}{}", &text[..9], &text[10..])
            }]
        {
            assert!(!is_well_formed(wrong), "{wrong}");
        }
    }
}
