//! The armour of keys: base64 in lines between two rails.
use crate::domain::error::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// `width` is 64 where RFC 7468 rules, and 70 in OpenSSH's own files.
pub(super) fn armour(label: &str, bytes: &[u8], width: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut letters = Zeroizing::new(vec![0; bytes.len().div_ceil(3) * 4]);
    STANDARD.encode_slice(bytes, &mut letters).map_err(Error::broken)?;
    let (first, last) = (format!("-----BEGIN {label}-----\n"), format!("-----END {label}-----\n"));
    // All the room at once, so that nothing moves and leaves a copy behind.
    let room = first.len() + letters.len() + letters.len().div_ceil(width) + last.len();
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    text.extend_from_slice(first.as_bytes());
    for line in letters.chunks(width) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text.extend_from_slice(last.as_bytes());
    Ok(text)
}
