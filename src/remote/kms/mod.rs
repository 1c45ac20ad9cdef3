//! The key services across a network: bytes go in and come back wrapped, and the other way round, tied to a context. `crypto::kms`
//! calls them; they hold to the limits of `http.rs` and know nothing of what they wrap.
pub mod aws;
pub mod transit;

pub use aws::{AwsKey, AwsKeySettings};
pub use transit::{Transit, TransitSettings};

use super::error::RemoteError;

/// What came out of wrapping.
pub struct Sealed {
    /// Which key it was, in the service's own words: it is needed to open.
    pub key: String,
    pub blob: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum KmsFault {
    /// The bytes were changed, or belong to another context or key.
    DoesNotOpen,
    /// The service has no such key (any more), or Keeper is not told of it.
    UnknownKey,
    Remote(RemoteError),
}

impl From<RemoteError> for KmsFault {
    fn from(e: RemoteError) -> Self {
        Self::Remote(e)
    }
}
