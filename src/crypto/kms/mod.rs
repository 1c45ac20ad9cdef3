//! The key-management service: wraps data keys with a key that is not in the database. `seal`, `keys` and `rekey` call it.
//!
//! One provider wraps. The others that the settings name still open what they wrapped, which is how one switches. Who wrapped is
//! the beginning of the stored id; these formats are final: `local:ID`, `aws:ARN`, `transit:MOUNT/KEY:vN`.
mod local;
mod open;

pub use local::LocalKms;
pub use open::NoKms;

use super::data_key::DataKey;
use super::{Integrity, unavailable};
use crate::config;
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use crate::remote::kms::{AwsKey, KmsFault, Transit};

/// A data key as it is stored: nobody opens it but the KMS, under the key that `key_id` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    pub key_id: String,
    pub blob: Vec<u8>,
}

pub struct Kms {
    chosen: config::Kms,
    local: Option<LocalKms>,
    aws: Option<AwsKey>,
    transit: Option<Transit>,
}

/// The key that something was wrapped with is not there: perhaps the wrong key file, perhaps a line was taken away too
/// early, or a provider's settings. Found behind `Error::Unavailable`.
#[derive(Debug, thiserror::Error)]
#[error("the key {key_id:?} {why}")]
pub struct UnknownKey {
    key_id: String,
    why: String,
}

impl UnknownKey {
    fn error(what: &str, key_id: &str, why: impl Into<String>) -> Error {
        unavailable(what, Self { key_id: key_id.to_owned(), why: why.into() })
    }

    pub fn is_behind(error: &Error) -> bool {
        matches!(error, Error::Unavailable { cause: Some(cause), .. } if cause.is::<Self>())
    }
}

/// What a key is wrapped for that only asks whether the service is there.
const PROBE: &[u8] = b"keeper/probe/v1";

/// What the columns hold.
const LONGEST_ID: usize = 255;
const LONGEST_BLOB: usize = 1024;

impl Kms {
    pub fn provider(&self) -> config::Kms {
        self.chosen
    }

    /// The context is all that the data key belongs to: it does not open in any other.
    pub async fn wrap(&self, context: &[u8], key: &DataKey, chance: &Chance) -> Result<Wrapped> {
        // In a box: a client's future is large, and everything that seals would carry it along.
        Box::pin(self.wrap_there(context, key, chance)).await
    }

    async fn wrap_there(&self, context: &[u8], key: &DataKey, chance: &Chance) -> Result<Wrapped> {
        let wrapped = match self.chosen {
            config::Kms::Local => {
                let local = self.local.as_ref().ok_or_else(unset)?;
                return local.wrap(context, key, chance).await;
            }
            config::Kms::Aws => {
                let aws = self.aws.as_ref().ok_or_else(unset)?;
                aws.wrap(context, key.bytes())
                    .await
                    .map(|sealed| (format!("aws:{}", sealed.key), sealed.blob))
            }
            config::Kms::VaultTransit => {
                let transit = self.transit.as_ref().ok_or_else(unset)?;
                let sealed = transit.wrap(context, key.bytes()).await;
                sealed.map(|sealed| (format!("transit:{}", sealed.key), sealed.blob))
            }
        };
        let (key_id, blob) = wrapped.map_err(|e| fault(e, "that KEEPER_KMS chooses"))?;
        if key_id.len() > LONGEST_ID || blob.len() > LONGEST_BLOB {
            return Err(Error::unavailable("the key service gave more than can be stored"));
        }
        Ok(Wrapped { key_id, blob })
    }

    pub async fn unwrap(&self, context: &[u8], wrapped: &Wrapped) -> Result<DataKey> {
        Box::pin(self.unwrap_there(context, wrapped)).await
    }

    async fn unwrap_there(&self, context: &[u8], wrapped: &Wrapped) -> Result<DataKey> {
        let id = wrapped.key_id.as_str();
        let opened = match id.split_once(':') {
            Some(("local", _)) => {
                let local = self.local.as_ref().ok_or_else(|| without(id, "KEEPER_KMS_KEY_FILE"))?;
                return local.unwrap(context, wrapped).await;
            }
            Some(("aws", arn)) => {
                let aws = self.aws.as_ref().ok_or_else(|| without(id, "KEEPER_KMS_AWS_KEY"))?;
                aws.unwrap(arn, context, &wrapped.blob).await
            }
            Some(("transit", key)) => {
                let transit = self.transit.as_ref().ok_or_else(|| without(id, "KEEPER_KMS_VAULT_URL"))?;
                transit.unwrap(key, context, &wrapped.blob).await
            }
            _ => return Err(Integrity::error("a wrapped key names no key service that there is")),
        };
        let key = opened.map_err(|e| fault(e, id))?;
        DataKey::from_slice(&key).ok_or_else(|| Integrity::error("a wrapped key is no key of 256 bits"))
    }

    /// The key that new data keys are wrapped with: what is wrapped with another one waits for a rewrap. A service across a
    /// network is asked, because it alone knows.
    pub async fn active_key_id(&self, chance: &Chance) -> Result<String> {
        if let (Some(local), config::Kms::Local) = (&self.local, self.chosen) {
            return local.active_key_id().await;
        }
        let probe = DataKey::fresh(chance)?;
        self.wrap(PROBE, &probe, chance).await.map(|wrapped| wrapped.key_id)
    }

    /// Wraps a key that means nothing, and opens it again. Gives the id of the key that wrapped it.
    pub async fn prove(&self, chance: &Chance) -> Result<String> {
        let probe = DataKey::fresh(chance)?;
        let wrapped = self.wrap(PROBE, &probe, chance).await?;
        let opened = self.unwrap(PROBE, &wrapped).await?;
        if opened.bytes() == probe.bytes() {
            Ok(wrapped.key_id)
        } else {
            Err(Integrity::error("the key service gave back another key than it was given"))
        }
    }

    /// `keeper keys rotate`: says the new key's id. `None`: the service rotates its keys itself.
    pub async fn rotate(&self, chance: &Chance) -> Result<Option<String>> {
        match (&self.local, self.chosen) {
            (Some(local), config::Kms::Local) => local.rotate(chance).await.map(Some),
            _ => Ok(None),
        }
    }
}

fn fault(fault: KmsFault, key_id: &str) -> Error {
    match fault {
        KmsFault::DoesNotOpen => Integrity::error("a wrapped key was changed, or belongs to another place"),
        KmsFault::UnknownKey => UnknownKey::error(
            "the key service has no such key",
            key_id,
            "is not there, or is none that the settings name",
        ),
        KmsFault::Remote(e) => Error::unavailable(format!("the key service cannot be used: {e}")),
    }
}

fn without(key_id: &str, setting: &str) -> Error {
    UnknownKey::error(
        "the key that this was sealed with belongs to a key service that the settings do not name",
        key_id,
        format!("needs {setting}"),
    )
}

fn unset() -> Error {
    Error::broken("the chosen key service was not opened")
}
