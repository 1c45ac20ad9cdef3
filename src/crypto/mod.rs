//! Everything with a key: sealing values, wrapping keys, digests, signatures, passwords. Features call it
//! before their transaction begins; it knows no database and no door.
//!
//! `seal` is what features use; it stands on `kms` (who wraps), `context` (what a ciphertext is tied to) and
//! `aead` (the one place that calls AES-GCM). `keys` holds Keeper's own keys, `passwords` those of people.
mod aead;
pub mod context;
pub mod data_key;
pub mod digest;
pub mod generate;
mod key_file;
pub mod keys;
pub mod kms;
pub mod passwords;
pub mod seal;
pub mod setting;
pub mod totp;

use crate::domain::error::{Cause, Error};

pub use key_file::KeyFileError;

/// A ciphertext does not belong where it was found, or was changed. It travels as the cause of
/// `Error::Broken`, where a feature finds it to raise an alert; the page shows a request id.
#[derive(Debug, thiserror::Error)]
#[error("integrity: {0}")]
pub struct Integrity(pub String);

impl Integrity {
    pub fn error(what: impl Into<String>) -> Error {
        Error::broken(Self(what.into()))
    }

    pub fn behind(error: &Error) -> Option<&Self> {
        match error {
            Error::Broken(cause) => cause.downcast_ref(),
            _ => None,
        }
    }
}

/// Keeps the cause for the log, says in words what is away.
fn unavailable(what: &str, cause: impl Into<Cause>) -> Error {
    Error::Unavailable { what: what.to_owned(), cause: Some(cause.into()) }
}
