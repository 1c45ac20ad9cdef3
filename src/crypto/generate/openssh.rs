//! OpenSSH's own files: `openssh-key-v1` for the private half (PROTOCOL.key) and one line for the public one. Without a
//! pass phrase: Keeper seals the value, and what is copied to a backend is used by machines.
use super::pem::armour;
use crate::domain::error::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The numbers and texts of one key, in the order in which the format wants them.
pub(super) struct Parts<'a> {
    pub name: &'a str,
    pub public: &'a [&'a [u8]],
    pub private: &'a [&'a [u8]],
    /// Written twice, so that a reader who decrypts sees at once whether it went well.
    pub check: [u8; 4],
}

impl Parts<'_> {
    /// `ssh-ed25519 AAAA…`, as it stands in `authorized_keys`.
    pub fn public_line(&self) -> String {
        format!("{} {}\n", self.name, STANDARD.encode(&*self.public_blob().0))
    }

    pub fn private_file(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut secret = Wire::with_room(&[self.private]);
        secret.raw(&self.check);
        secret.raw(&self.check);
        secret.string(self.name.as_bytes());
        for part in self.private {
            secret.string(part);
        }
        secret.string(b""); // the comment
        for pad in 1_u8.. {
            if secret.0.len().is_multiple_of(8) {
                break;
            }
            secret.0.push(pad);
        }
        let public = self.public_blob();
        let mut file = Wire::with_room(&[&[&secret.0, &public.0]]);
        file.raw(b"openssh-key-v1\0");
        for text in [&b"none"[..], b"none", b""] {
            file.string(text); // cipher, key derivation and its options
        }
        file.raw(&1_u32.to_be_bytes());
        file.string(&public.0);
        file.string(&secret.0);
        armour("OPENSSH PRIVATE KEY", &file.0, 70)
    }

    fn public_blob(&self) -> Wire {
        let mut blob = Wire::with_room(&[self.public]);
        blob.string(self.name.as_bytes());
        for part in self.public {
            blob.string(part);
        }
        blob
    }
}

/// A positive number as SSH writes it: a zero stands before a first byte that would else read as a sign.
pub(super) fn number(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let bytes = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
    let mut number = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    if bytes.first().is_some_and(|b| *b >= 0x80) {
        number.push(0);
    }
    number.extend_from_slice(bytes);
    number
}

/// Bytes as they travel, wiped when dropped.
struct Wire(Zeroizing<Vec<u8>>);

impl Wire {
    /// Room for all parts and what stands around them, so that nothing moves and leaves a copy behind.
    fn with_room(parts: &[&[&[u8]]]) -> Self {
        let inside: usize = parts.iter().copied().flatten().map(|part| part.len() + 4).sum();
        Self(Zeroizing::new(Vec::with_capacity(inside + 128)))
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A length of four bytes, then the bytes. A key's parts are a few hundred bytes long.
    fn string(&mut self, bytes: &[u8]) {
        self.raw(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.raw(bytes);
    }
}
