//! The provider whose keys lie in a file on this machine (`key_file`): the last line wraps, all open.
use super::{UnknownKey, Wrapped};
use crate::crypto::data_key::DataKey;
use crate::crypto::key_file::{self, Kek, KeyFileError};
use crate::crypto::{Integrity, aead, context, unavailable};
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

pub struct LocalKms {
    path: PathBuf,
    held: RwLock<Held>,
}

struct Held {
    /// Never empty.
    keys: Vec<Arc<Kek>>,
    /// What the file was when they were read: a file that is another one now is read again.
    stamp: Option<Stamp>,
}

/// The file is replaced as a whole, so that its inode and its time tell.
type Stamp = (u64, u64, i64, i64);

const VERSION: u8 = 1;

impl LocalKms {
    /// Reads the key file; makes it first when it is not there and `create` allows it.
    pub fn open(path: &Path, create: bool, chance: &Chance) -> std::result::Result<Self, KeyFileError> {
        // Before the keys: a change in between is then seen, and not missed.
        let stamp = stamp(path);
        let keys = key_file::open(path, create, chance)?;
        Ok(Self { path: path.to_owned(), held: RwLock::new(Held { keys, stamp }) })
    }

    /// Adds a key to the file; from now on it is the one that wraps, also in other processes. Says its id.
    pub async fn rotate(&self, chance: &Chance) -> Result<String> {
        let (path, chance) = (self.path.clone(), chance.clone());
        let added = tokio::task::spawn_blocking(move || key_file::add(&path, &chance)).await;
        let keys = added.map_err(Error::broken)?;
        let keys = keys.map_err(|e| unavailable(&format!("no key was added: {e}"), e))?;
        self.hold(keys, stamp(&self.path));
        self.active().map(|kek| kek.id.clone())
    }

    pub async fn active_key_id(&self) -> Result<String> {
        self.notice().await;
        self.active().map(|kek| kek.id.clone())
    }

    pub async fn wrap(&self, context: &[u8], key: &DataKey, chance: &Chance) -> Result<Wrapped> {
        self.notice().await;
        let kek = self.active()?;
        let aad = associated(context, &kek.id);
        let (sealed, nonce) = aead::seal(&kek.key, chance, &aad, key.bytes()).map_err(Error::broken)?;
        Ok(Wrapped { key_id: kek.id.clone(), blob: [&[VERSION], &nonce[..], &sealed].concat() })
    }

    pub async fn unwrap(&self, context: &[u8], wrapped: &Wrapped) -> Result<DataKey> {
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

    /// `keeper keys rotate` may have added a key while this process ran. A file that cannot be read now is left for later: what is
    /// in memory still wraps and opens.
    async fn notice(&self) {
        let now = stamp(&self.path);
        if now.is_none() || now == self.held.read().unwrap_or_else(PoisonError::into_inner).stamp {
            return;
        }
        if let Err(error) = self.read_again().await {
            tracing::warn!(%error, "the key file was changed and cannot be read: the keys in memory are used");
        }
    }

    async fn read_again(&self) -> Result<()> {
        let away = |cause| unavailable("the key file cannot be read", cause);
        let (path, stamp) = (self.path.clone(), stamp(&self.path));
        let read = tokio::task::spawn_blocking(move || key_file::read_settled(&path)).await;
        self.hold(read.map_err(Error::broken)?.map_err(|e| away(Box::new(e)))?, stamp);
        Ok(())
    }

    /// Before a key is called unknown.
    async fn find_anew(&self, id: &str) -> Result<Arc<Kek>> {
        self.read_again().await?;
        self.find(id).ok_or_else(|| {
            let why = format!("is not in {}", self.path.display());
            UnknownKey::error("the key that this was sealed with is not in the key file", id, why)
        })
    }

    /// The last line of the file.
    fn active(&self) -> Result<Arc<Kek>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.keys.last().cloned().ok_or_else(|| Error::unavailable("the key file holds no key"))
    }

    fn find(&self, id: &str) -> Option<Arc<Kek>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.keys.iter().find(|kek| kek.id == id).cloned()
    }

    /// A line that was taken away still opens until this process ends: what is read today must not depend on a slip.
    fn hold(&self, keys: Vec<Arc<Kek>>, stamp: Option<Stamp>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<_> =
            held.keys.iter().filter(|old| keys.iter().all(|kek| kek.id != old.id)).cloned().collect();
        if !gone.is_empty() {
            tracing::warn!(keys = ?gone, "lines were taken away from the key file: put them back before Keeper is started again");
        }
        *held = Held { keys: gone.into_iter().chain(keys).collect(), stamp };
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
}

fn associated(context: &[u8], key_id: &str) -> Vec<u8> {
    context::encode(&[b"keeper/wrap/v1", context, key_id.as_bytes()])
}
