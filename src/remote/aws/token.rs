//! The id of a version in AWS: the same secret and number always give the same id, so that AWS knows a repetition.
use crate::remote::Mark;
use sha2::{Digest, Sha256};

/// Shaped as a UUID (version 8, "made by the application"), as AWS asks. It says nothing of the value.
pub(super) fn request_token(mark: &Mark) -> String {
    let mut hash = Sha256::new();
    hash.update(b"keeper aws version 1\0");
    hash.update(mark.uid.as_bytes());
    hash.update([0]);
    hash.update(mark.version.to_be_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(uid: &str, version: i64) -> String {
        request_token(&Mark { uid: uid.to_owned(), version })
    }

    #[test] // S01
    fn the_same_version_always_has_the_same_id_and_others_have_others() {
        // Written down: if it ever changes, every copy gets a needless version.
        assert_eq!(token("0123456789abcdef0123456789abcdef", 1), "40105033-8da7-8342-834e-5e4b9dc01549");
        assert_ne!(token("a", 1), token("a", 2));
        assert_ne!(token("a", 1), token("b", 1));
        let id = token("a", 1);
        assert_eq!((id.len(), id.as_bytes()[14]), (36, b'8'));
    }
}
