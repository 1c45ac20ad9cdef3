//! The places are asked, all at once. What cannot be asked is unknown: a server that is away has not lost its value.
use super::look::Looked;
use super::row::{Finding, Spot};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::crypto::keys::SystemKeys;
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::remote::sources::Accepts;
use crate::remote::{Remote, RemoteError};
use crate::secrets::{self, Copy, Found};
use crate::sources;
use crate::sync::Stores;
use std::sync::Arc;

pub(super) struct Answer {
    pub place: Spot,
    pub outcome: Finding,
    pub detail: String,
    /// Of a copy that was read.
    pub read: Option<Read>,
}

pub(super) struct Read {
    pub backend: Backend,
    /// `None`: nothing is there.
    pub digest: Option<Digest>,
    /// The backend's own name of what is there.
    pub remote_version: Option<String>,
    /// When the copy had last been pushed: a push since then knows better.
    pub pushed_at: Option<Utc>,
}

pub(super) struct Asking<'a> {
    app: &'a App,
    stores: &'a Stores,
    found: &'a Found,
    value: &'a Plaintext,
    keys: Arc<SystemKeys>,
    /// Of `value`.
    digest: Digest,
    copies: Vec<Copy>,
}

impl<'a> Asking<'a> {
    pub async fn new(
        app: &'a App,
        stores: &'a Stores,
        found: &'a Found,
        value: &'a Plaintext,
    ) -> Result<Self> {
        let copies = secrets::copies(app, found.secret.id).await?;
        let keys = app.keys()?;
        Ok(Self { app, stores, found, value, digest: keys.digest(value), keys, copies })
    }

    pub async fn all(&self) -> Vec<Answer> {
        let (source, aws, vault) = tokio::join!(
            Box::pin(self.source()),
            Box::pin(self.copy(Backend::Aws)),
            Box::pin(self.copy(Backend::Vault))
        );
        [source, aws, vault].into_iter().flatten().collect()
    }

    async fn source(&self) -> Option<Answer> {
        let (outcome, detail) = match sources::strategy(self.app, self.found.secret.id).await {
            Ok(None) => return None,
            Ok(Some(strategy)) => match strategy.accepts(self.value).await {
                Accepts::Yes => (Finding::Equal, "The current value signs in there.".to_owned()),
                Accepts::No => (Finding::Refused, "It does not let the current value in.".to_owned()),
                Accepts::Unknown(why) => unknown(&why),
            },
            Err(error) => not_asked(&error),
        };
        Some(Answer { place: Spot::Source, outcome, detail, read: None })
    }

    async fn copy(&self, backend: Backend) -> Option<Answer> {
        let copy = self.copies.iter().find(|copy| copy.backend == backend)?;
        let environment = &self.found.place.environment;
        if !self.found.secret.goes_to(environment, backend) {
            return None;
        }
        let answer =
            |(outcome, detail), read| Some(Answer { place: Spot::of(backend), outcome, detail, read });
        if matches!(self.found.secret.status_of(backend), SyncStatus::Pending | SyncStatus::Syncing) {
            let why = "A push is on its way; it reads back by itself.".to_owned();
            return answer((Finding::Unknown, why), None);
        }
        let (outcome, detail, read) = self.read(backend, copy).await;
        answer((outcome, detail), read)
    }

    /// What is there now, whatever is on its way. `None`: no copy is kept there.
    pub async fn look(&self, backend: Backend) -> Option<Looked> {
        let copy = self.copies.iter().find(|copy| copy.backend == backend)?;
        if !self.found.secret.goes_to(&self.found.place.environment, backend) {
            return None;
        }
        let (finding, detail, read) = self.read(backend, copy).await;
        let there = read.and_then(|read| read.digest);
        let holds = copy.version_number.filter(|_| there.is_some() && there == copy.digest());
        Some(Looked { backend, path: copy.remote_path.clone(), finding, detail, holds })
    }

    async fn read(&self, backend: Backend, copy: &Copy) -> (Finding, String, Option<Read>) {
        let failed = |(outcome, detail)| (outcome, detail, None);
        let store = match self.stores.of(self.app, &self.found.place.environment, backend).await {
            Ok(Ok(store)) => store,
            Ok(Err(why)) => return failed(unknown(&why)),
            Err(error) => return failed(not_asked(&error)),
        };
        match store.read(&copy.remote_path).await {
            Ok(there) => {
                let digest = there.as_ref().map(|there| self.keys.digest(&there.value));
                let is_foreign = there.as_ref().is_some_and(|there| !self.is_ours(there));
                let remote_version = there.map(|there| there.version);
                let read = Read { backend, digest, remote_version, pushed_at: copy.last_success_at };
                let (outcome, detail) = self.compared(digest, is_foreign);
                (outcome, detail, Some(read))
            }
            Err(why) => failed(unknown(&why)),
        }
    }

    fn is_ours(&self, there: &Remote) -> bool {
        there.owned.as_ref().is_some_and(|mark| mark.uid == self.found.secret.uid)
    }

    fn compared(&self, there: Option<Digest>, is_foreign: bool) -> (Finding, String) {
        match there {
            Some(digest) if is_foreign => {
                let value = if digest == self.digest { "the same value" } else { "another value" };
                (Finding::Foreign, format!("A secret that is not Keeper’s is there, with {value}."))
            }
            None => (Finding::Missing, "Nothing is there.".to_owned()),
            Some(digest) if digest == self.digest => (Finding::Equal, "Read back, and equal.".to_owned()),
            Some(_) => (Finding::Differs, "Another value is there.".to_owned()),
        }
    }
}

fn unknown(why: &RemoteError) -> (Finding, String) {
    (Finding::Unknown, format!("{why}."))
}

/// Keeper's own trouble.
fn not_asked(error: &Error) -> (Finding, String) {
    tracing::warn!(%error, "a place could not be asked whether it holds a value");
    (Finding::Unknown, "Keeper could not ask; the log has the cause.".to_owned())
}
