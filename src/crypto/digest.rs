//! The keyed digest of a value (HMAC-SHA-256): tells "equal or not" across versions and copies, and nothing else.
use subtle::ConstantTimeEq;

#[derive(Clone, Copy, Debug)]
pub struct Digest([u8; 32]);

impl Digest {
    pub(super) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The sixteen hex digits that a page shows.
    pub fn hex(&self) -> String {
        hex::encode(&self.0[..8])
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}
impl Eq for Digest {}
