//! MySQL's oldest way to keep a password, and still MariaDB's own: the SHA-1 of its SHA-1. Made here, so that the
//! server and its log never hold the value. `mysql.rs` sends it.
use crate::domain::plaintext::Plaintext;
use sha1::{Digest, Sha1};

/// What the plugins of newer kinds take at most.
const LONGEST: usize = 256;

pub(super) fn hash(password: &str) -> String {
    format!("*{}", hex::encode_upper(Sha1::digest(Sha1::digest(password.as_bytes()))))
}

/// A password as every client can say it.
pub(super) fn speakable(value: &Plaintext) -> Result<&str, &'static str> {
    let text = std::str::from_utf8(value.expose()).map_err(|_| "it is no UTF-8 text")?;
    match text.len() {
        0 => Err("it is empty"),
        1..=LONGEST if !text.contains('\0') => Ok(text),
        1..=LONGEST => Err("it holds a NUL character, at which clients stop reading"),
        _ => Err("it is longer than 256 bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_what_the_servers_make() {
        assert_eq!(hash("password"), "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    }

    #[test]
    fn what_clients_cannot_say_is_refused() {
        let spoken = |bytes: &[u8]| speakable(&Plaintext::new(bytes.to_vec())).is_ok();
        assert!(spoken(b"a") && spoken("🔑\n".as_bytes()) && spoken(&[b'x'; 256]));
        assert!(!spoken(b"") && !spoken(b"a\0b") && !spoken(&[0xff]) && !spoken(&[b'x'; 257]));
    }
}
