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
use crate::remote::{Mark, Remote, RemoteError, Store};
use crate::secrets::{self, Copy, Found};
use crate::sources;
use crate::sync::Stores;
use std::sync::Arc;

/// How a copy is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// By version and mark alone; its value is read only if they are not as the last push left them.
    Glance,
    /// Its value is read back.
    Whole,
}

pub(super) struct Answer {
    pub place: Spot,
    pub outcome: Finding,
    pub detail: String,
    /// How many calls it took; 0: nobody was asked.
    pub calls: i64,
    /// Nobody answered; whoever refuses has answered.
    pub is_silent: bool,
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

impl Answer {
    fn found(place: Spot, (outcome, detail): (Finding, String), read: Option<Read>) -> Self {
        Self { place, outcome, detail, calls: 0, is_silent: false, read }
    }

    fn unknown(place: Spot, why: &RemoteError) -> Self {
        let is_silent = matches!(why, RemoteError::Retry { .. });
        Self { is_silent, ..Self::found(place, (Finding::Unknown, format!("{why}.")), None) }
    }

    /// Keeper's own trouble.
    fn not_asked(place: Spot, error: &Error) -> Self {
        tracing::warn!(%error, "a place could not be asked whether it holds a value");
        let why = "Keeper could not ask; the log has the cause.".to_owned();
        Self::found(place, (Finding::Unknown, why), None)
    }

    fn after(self, calls: i64) -> Self {
        Self { calls, ..self }
    }
}

pub(super) struct Asking<'a> {
    app: &'a App,
    stores: &'a Stores,
    found: &'a Found,
    /// `None`: opened only where something asks for it.
    value: Option<&'a Plaintext>,
    keys: Arc<SystemKeys>,
    /// Of the value in force.
    digest: Digest,
    copies: Vec<Copy>,
}

impl<'a> Asking<'a> {
    pub async fn new(
        app: &'a App,
        stores: &'a Stores,
        found: &'a Found,
        value: Option<&'a Plaintext>,
    ) -> Result<Self> {
        let copies = secrets::copies(app, found.secret.id).await?;
        let keys = app.keys()?;
        let digest = match value {
            Some(value) => keys.digest(value),
            None => secrets::version(app, found.secret.id, found.secret.current_version)
                .await?
                .digest()
                .ok_or_else(|| Error::broken("the value in force has no digest"))?,
        };
        Ok(Self { app, stores, found, value, keys, digest, copies })
    }

    /// `away`: backends that are not asked now.
    pub async fn all(&self, depth: Depth, away: &[Backend]) -> Vec<Answer> {
        let (source, aws, vault) = tokio::join!(
            Box::pin(self.source()),
            Box::pin(self.copy(Backend::Aws, depth, away)),
            Box::pin(self.copy(Backend::Vault, depth, away))
        );
        [source, aws, vault].into_iter().flatten().collect()
    }

    async fn source(&self) -> Option<Answer> {
        let place = Spot::Source;
        let found = |outcome, detail: &str| Answer::found(place, (outcome, detail.to_owned()), None);
        let answer = match self.accepted().await {
            Ok(None) => return None,
            Ok(Some(Accepts::Yes)) => found(Finding::Equal, "The current value signs in there."),
            Ok(Some(Accepts::No)) => found(Finding::Refused, "It does not let the current value in."),
            Ok(Some(Accepts::Unknown(why))) => Answer::unknown(place, &why),
            Err(error) => Answer::not_asked(place, &error),
        };
        Some(answer.after(1))
    }

    /// `None`: it is changed at no source.
    async fn accepted(&self) -> Result<Option<Accepts>> {
        let secret = &self.found.secret;
        let Some(strategy) = sources::strategy(self.app, secret.id).await? else { return Ok(None) };
        let opened;
        let value = if let Some(value) = self.value {
            value
        } else {
            opened = secrets::open_version(self.app, secret, secret.current_version).await?;
            &opened
        };
        Ok(Some(strategy.accepts(value).await))
    }

    async fn copy(&self, backend: Backend, depth: Depth, away: &[Backend]) -> Option<Answer> {
        let copy = self.copies.iter().find(|copy| copy.backend == backend)?;
        if !self.found.secret.goes_to(&self.found.place.environment, backend) {
            return None;
        }
        let nobody =
            |why: &str| Some(Answer::found(Spot::of(backend), (Finding::Unknown, why.to_owned()), None));
        if matches!(self.found.secret.status_of(backend), SyncStatus::Pending | SyncStatus::Syncing) {
            return nobody("A push is on its way; it reads back by itself.");
        }
        if away.contains(&backend) {
            return nobody("It did not answer, and was not asked again.");
        }
        if depth == Depth::Glance
            && let Some(answer) = self.glance(backend, copy).await
        {
            return Some(answer.after(1));
        }
        let calls = if depth == Depth::Glance { 3 } else { 2 };
        Some(self.read(backend, copy).await.after(calls))
    }

    /// `None`: something is there that its value must tell.
    async fn glance(&self, backend: Backend, copy: &Copy) -> Option<Answer> {
        let place = Spot::of(backend);
        let store = match self.store(backend).await {
            Ok(store) => store,
            Err(answer) => return Some(answer),
        };
        let read = |digest, remote_version| {
            Some(Read { backend, digest, remote_version, pushed_at: copy.last_success_at })
        };
        let there = match store.glance(&copy.remote_path).await {
            Ok(Some(there)) => there,
            Ok(None) => return Some(Answer::found(place, self.compared(None, false), read(None, None))),
            Err(why) => return Some(Answer::unknown(place, &why)),
        };
        let secret = &self.found.secret;
        let pushed = Mark { uid: secret.uid.clone(), version: secret.current_version };
        let is_as_left = secret.status_of(backend) == SyncStatus::Synced
            && copy.digest() == Some(self.digest)
            && copy.remote_version.as_ref() == Some(&there.version)
            && there.owned.as_ref() == Some(&pushed);
        is_as_left.then(|| {
            let detail = "Unchanged there since its value was read back.".to_owned();
            Answer::found(place, (Finding::Equal, detail), read(Some(self.digest), Some(there.version)))
        })
    }

    /// What is there now, whatever is on its way. `None`: no copy is kept there.
    pub async fn look(&self, backend: Backend) -> Option<Looked> {
        let copy = self.copies.iter().find(|copy| copy.backend == backend)?;
        if !self.found.secret.goes_to(&self.found.place.environment, backend) {
            return None;
        }
        let Answer { outcome: finding, detail, read, .. } = self.read(backend, copy).await;
        let there = read.and_then(|read| read.digest);
        let holds = copy.version_number.filter(|_| there.is_some() && there == copy.digest());
        Some(Looked { backend, path: copy.remote_path.clone(), finding, detail, holds })
    }

    async fn read(&self, backend: Backend, copy: &Copy) -> Answer {
        let place = Spot::of(backend);
        let store = match self.store(backend).await {
            Ok(store) => store,
            Err(answer) => return answer,
        };
        match store.read(&copy.remote_path).await {
            Ok(there) => {
                let digest = there.as_ref().map(|there| self.keys.digest(&there.value));
                let is_foreign = there.as_ref().is_some_and(|there| !self.is_ours(there));
                let remote_version = there.map(|there| there.version);
                let read = Read { backend, digest, remote_version, pushed_at: copy.last_success_at };
                Answer::found(place, self.compared(digest, is_foreign), Some(read))
            }
            Err(why) => Answer::unknown(place, &why),
        }
    }

    async fn store(&self, backend: Backend) -> std::result::Result<Arc<Store>, Answer> {
        let place = Spot::of(backend);
        match self.stores.of(self.app, &self.found.place.environment, backend).await {
            Ok(Ok(store)) => Ok(store),
            Ok(Err(why)) => Err(Answer::unknown(place, &why)),
            Err(error) => Err(Answer::not_asked(place, &error)),
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
