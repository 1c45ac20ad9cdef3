//! The key-management service: wraps data keys with a key that is not in the database. `seal` and `keys` call
//! it. One provider so far; its functions are async because the next ones are across a network.
use super::data_key::DataKey;
use super::{Integrity, aead, context, key_file, unavailable};
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use key_file::{Kek, KeyFileError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// A data key as it is stored: nobody opens it but the KMS, under the key that `key_id` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    pub key_id: String,
    pub blob: Vec<u8>,
}

#[derive(Debug)]
pub enum Kms {
    Local(LocalKms),
}

impl Kms {
    #[expect(clippy::unused_async, reason = "the next providers are across a network")]
    pub async fn wrap(&self, context: &[u8], key: &DataKey, chance: &Chance) -> Result<Wrapped> {
        match self {
            Self::Local(local) => local.wrap(context, key, chance),
        }
    }

    pub async fn unwrap(&self, context: &[u8], wrapped: &Wrapped) -> Result<DataKey> {
        match self {
            Self::Local(local) => local.unwrap(context, wrapped).await,
        }
    }

    /// The key that new data keys are wrapped with: what is wrapped with another one waits for `keys rewrap`.
    pub fn active_key_id(&self) -> Result<String> {
        match self {
            Self::Local(local) => local.active().map(|kek| kek.id.clone()),
        }
    }
}

/// The key that something was wrapped with is not in the key file: perhaps the wrong file, perhaps a line
/// was taken away too early. Found behind `Error::Unavailable`.
#[derive(Debug, thiserror::Error)]
#[error("the key {key_id:?} is not in {file}")]
pub struct UnknownKey {
    key_id: String,
    file: String,
}

/// Keys in a file on this machine (`key_file`): the last wraps, all unwrap.
#[derive(Debug)]
pub struct LocalKms {
    path: PathBuf,
    /// Never empty.
    keys: RwLock<Vec<Arc<Kek>>>,
}

const VERSION: u8 = 1;

impl LocalKms {
    /// Reads the key file; makes it first when it is not there and `create` allows it.
    pub fn open(path: &Path, create: bool, chance: &Chance) -> std::result::Result<Self, KeyFileError> {
        let keys = key_file::open(path, create, chance)?;
        Ok(Self { path: path.to_owned(), keys: RwLock::new(keys) })
    }

    /// Adds a key to the file; from now on it is the one that wraps. Says its id.
    pub fn rotate(&self, chance: &Chance) -> std::result::Result<String, KeyFileError> {
        let keys = key_file::add(&self.path, chance)?;
        let id = keys.last().map(|kek| kek.id.clone()).unwrap_or_default();
        self.replace(keys);
        Ok(id)
    }

    fn wrap(&self, context: &[u8], key: &DataKey, chance: &Chance) -> Result<Wrapped> {
        let kek = self.active()?;
        let aad = associated(context, &kek.id);
        let (sealed, nonce) = aead::seal(&kek.key, chance, &aad, key.bytes()).map_err(Error::broken)?;
        Ok(Wrapped { key_id: kek.id.clone(), blob: [&[VERSION], &nonce[..], &sealed].concat() })
    }

    async fn unwrap(&self, context: &[u8], wrapped: &Wrapped) -> Result<DataKey> {
        let kek = match self.find(&wrapped.key_id) {
            Some(kek) => kek,
            None => self.find_anew(&wrapped.key_id).await?,
        };
        let damaged = || Integrity::error("a wrapped key was changed, or belongs to another place");
        let (version, rest) = wrapped.blob.split_first().ok_or_else(damaged)?;
        let (nonce, sealed) = rest.split_at_checked(aead::NONCE).ok_or_else(damaged)?;
        if *version != VERSION {
            return Err(damaged());
        }
        let key =
            aead::open(&kek.key, nonce, &associated(context, &kek.id), sealed).map_err(|_| damaged())?;
        DataKey::from_slice(&key).ok_or_else(damaged)
    }

    /// `keeper keys rotate` may have added a key while this process ran: the file is read again before a key
    /// is called unknown.
    async fn find_anew(&self, id: &str) -> Result<Arc<Kek>> {
        let away = |cause| unavailable("the key file cannot be read", cause);
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || key_file::read(&path)).await;
        self.replace(read.map_err(Error::broken)?.map_err(|e| away(Box::new(e)))?);
        self.find(id).ok_or_else(|| {
            let cause = UnknownKey { key_id: id.to_owned(), file: self.path.display().to_string() };
            unavailable("the key that this was sealed with is not in the key file", cause)
        })
    }

    /// The last line of the file.
    fn active(&self) -> Result<Arc<Kek>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.last().cloned().ok_or_else(|| Error::unavailable("the key file holds no key"))
    }

    fn find(&self, id: &str) -> Option<Arc<Kek>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).iter().find(|kek| kek.id == id).cloned()
    }

    fn replace(&self, keys: Vec<Arc<Kek>>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}

fn associated(context: &[u8], key_id: &str) -> Vec<u8> {
    context::encode(&[b"keeper/wrap/v1", context, key_id.as_bytes()])
}
