//! What every feature is handed: the database, the keys, the clock, chance, and the settings.
mod rewrap;

use crate::config::{Mode, Settings};
use crate::crypto::data_key::DataKey;
use crate::crypto::keys::{Purpose, SystemKeys};
use crate::crypto::kms::{Kms, Wrapped};
use crate::crypto::passwords::Hasher;
use crate::db::Db;
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use crate::kit::clock::{Clock, Utc};
use crate::kit::limit::Buckets;
use crate::kit::memo::Memo;
use crate::kit::repeats::Repeats;
use crate::remote::Rules;
use crate::remote::saml::{IdentityProvider, Verifier};
use crate::{sql, tx};
pub use rewrap::{Holder, MANY, Rewrapped, SYSTEM_KEYS, Wrapping};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

pub struct App {
    pub settings: Settings,
    pub db: Db,
    pub kms: Kms,
    pub hasher: Hasher,
    pub clock: Clock,
    pub chance: Chance,
    /// Wakes the worker when a change has queued a job.
    pub jobs: Notify,
    /// Sign-in tries, by address and by address and account.
    pub tries_by_address: Buckets,
    pub tries_by_account: Buckets,
    /// Messages of single logout: a whole office goes home at five, and nobody's sign-in waits for that.
    pub logouts_by_address: Buckets,
    /// Calls of programs, by address and by account.
    pub calls_by_address: Buckets,
    pub calls_by_account: Buckets,
    /// Requests with a key that is kept for a day, by account: what one caller leaves behind has a bound.
    pub keys_by_account: Buckets,
    /// How long a browser or a program may take to send the body of a request; once more for each MiB that it may have.
    pub patience: std::time::Duration,
    /// Refusals of programs.
    pub refusals: Repeats<Refusal>,
    /// Those that are told one by one, by account.
    pub refusals_told: Buckets,
    /// Tries that the limits turned away since the worker last told of them.
    pub tries_slowed: AtomicI64,
    /// Checks what identity providers say, a few at once.
    pub saml: Verifier,
    /// What features made of stored things.
    pub memo: Memo,
    keys: RwLock<Option<Arc<SystemKeys>>>,
    /// Why there are no keys, in words.
    trouble: RwLock<Option<String>>,
    provider: RwLock<Option<(Arc<IdentityProvider>, Utc)>>,
}

pub type Shared = Arc<App>;

/// Whose it was, for which reason, and what they asked for.
pub type Refusal = (String, String, String);

impl App {
    pub fn new(settings: Settings, db: Db, kms: Kms, hasher: Hasher, clock: Clock, chance: Chance) -> Self {
        Self {
            settings,
            db,
            kms,
            hasher,
            clock,
            chance,
            jobs: Notify::new(),
            tries_by_address: Buckets::new(30, 30),
            tries_by_account: Buckets::new(6, 6),
            logouts_by_address: Buckets::new(120, 120),
            calls_by_address: Buckets::new(6000, 6000),
            calls_by_account: Buckets::new(3000, 3000),
            keys_by_account: Buckets::new(10_000, 300),
            patience: std::time::Duration::from_secs(30),
            refusals: Repeats::default(),
            refusals_told: Buckets::new(60, 60),
            tries_slowed: AtomicI64::new(0),
            saml: Verifier::default(),
            memo: Memo::default(),
            keys: RwLock::new(None),
            trouble: RwLock::new(None),
            provider: RwLock::new(None),
        }
    }

    pub fn now(&self) -> Utc {
        self.clock.now()
    }

    /// Where backends and sources may live.
    pub fn rules(&self) -> Rules {
        let development = self.settings.mode == Mode::Development;
        Rules { development, hosts: self.settings.allowed_hosts.clone() }
    }

    /// Keeper's own keys; `Unavailable` until the KMS has unwrapped them.
    pub fn keys(&self) -> Result<Arc<SystemKeys>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.clone().ok_or_else(|| {
            let why = self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone();
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            Error::unavailable(format!(
                "the key management service is away{why}: values and sign-in wait for it"
            ))
        })
    }

    /// The identity provider that people arrive through, and when its metadata were last read. `None`: there is none, or
    /// they could not be read yet.
    pub fn identity_provider(&self) -> Option<(Arc<IdentityProvider>, Utc)> {
        self.provider.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn believe(&self, provider: IdentityProvider) {
        let known = (Arc::new(provider), self.now());
        *self.provider.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// Unwraps Keeper's own keys, and makes those that do not exist yet. Called at start, and again while the KMS is away.
    pub async fn open_keys(&self) -> Result<()> {
        let opened = self.open_each().await;
        let trouble = match &opened {
            Err(Error::Unavailable { what, .. }) => Some(what.clone()),
            Err(_) => Some("the log has the cause".to_owned()),
            Ok(()) => None,
        };
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
        opened
    }

    async fn open_each(&self) -> Result<()> {
        let mut opened = Vec::new();
        for purpose in Purpose::ALL {
            let key = match self.wrapped(purpose).await? {
                Some(wrapped) => self.kms.unwrap(&purpose.context(), &wrapped).await?,
                None => self.make_key(purpose).await?,
            };
            opened.push(key);
        }
        let keys: [DataKey; 4] = opened.try_into().map_err(|_| Error::broken("four keys were expected"))?;
        let keys = Arc::new(SystemKeys::new(keys));
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys);
        Ok(())
    }

    async fn wrapped(&self, purpose: Purpose) -> Result<Option<Wrapped>> {
        let query = sql!("SELECT key_id, wrapped_key FROM system_keys WHERE purpose = ?", purpose.as_str());
        let row: Option<(String, Vec<u8>)> = self.db.read().await?.maybe(query).await?;
        Ok(row.map(|(key_id, blob)| Wrapped { key_id, blob }))
    }

    /// Two replicas may start at once: whoever comes second takes the first one's key.
    async fn make_key(&self, purpose: Purpose) -> Result<DataKey> {
        let key = DataKey::fresh(&self.chance)?;
        let wrapped = self.kms.wrap(&purpose.context(), &key, &self.chance).await?;
        let now = self.now();
        let stored: Result<i64> = tx!(self.db, |tx| {
            tx.insert(sql!(
                "INSERT INTO system_keys (purpose, wrapped_key, key_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                purpose.as_str(),
                wrapped.blob.clone(),
                &wrapped.key_id,
                now,
                now
            ))
            .await
        });
        match stored {
            Ok(_) => Ok(key),
            Err(Error::Taken) => {
                let first = self
                    .wrapped(purpose)
                    .await?
                    .ok_or_else(|| Error::broken("a key that was just there is gone"))?;
                self.kms.unwrap(&purpose.context(), &first).await
            }
            Err(e) => Err(e),
        }
    }
}
