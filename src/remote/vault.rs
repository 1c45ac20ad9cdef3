//! Vault and `OpenBao`, KV version 2, spoken plainly over `http.rs`: no client crate keeps the limits. `mod.rs` calls it.
//!
//! The token's policy needs create, read and update on `MOUNT/data/PATH` and `MOUNT/metadata/PATH`; and delete on the former,
//! where copies are to be removed; and list on `MOUNT/metadata/FOLDER/`, where its secrets are to be found and taken over.
//!
//! The mark lies in the key's custom metadata, which Vault does not write together with the value. So a new key is
//! claimed first (our uid, version 0), then written, then marked with the version: a crash in between leaves a key
//! that the next push knows as its own, and never a value of ours that nobody claims.
pub(in crate::remote) mod calls;
mod connection;
mod list;
pub(in crate::remote) mod path;
pub(in crate::remote) mod session;
mod wire;

use super::error::RemoteError;
use super::guard::Endpoint;
use super::http::within;
use super::{Glance, Mark, Pushed, Remote};
use crate::domain::plaintext::Plaintext;
use calls::Calls;
use path::Path;
use session::SignIn;
use wire::Found;

pub(in crate::remote) const WHO: &str = "Vault";

pub struct VaultSettings {
    pub endpoint: Endpoint,
    pub mount: String,
    pub namespace: Option<String>,
    pub sign_in: SignIn,
    /// PEM: who vouches for the server, instead of those whom this machine trusts. Empty: those.
    pub authority: String,
}

pub struct Vault {
    endpoint: Endpoint,
    calls: Calls,
    mount: Path,
}

impl Vault {
    pub fn new(settings: VaultSettings) -> Result<Self, RemoteError> {
        let mount = Path::parse(&settings.mount).map_err(|e| RemoteError::last(format!("the mount {e}")))?;
        let calls =
            Calls::new(&settings.endpoint, &settings.authority, settings.sign_in, settings.namespace)?;
        Ok(Self { endpoint: settings.endpoint, calls, mount })
    }

    pub async fn read(&self, path: &str) -> Result<Option<Remote>, RemoteError> {
        let path = self.at(path)?;
        let found = within(WHO, self.calls.find(&self.mount, &path)).await?;
        let owned = found.mark();
        let version = found.version.to_string();
        Ok(found.held.map(|held| Remote { version, value: held.value, plain: held.plain, owned }))
    }

    pub async fn glance(&self, path: &str) -> Result<Option<Glance>, RemoteError> {
        let path = self.at(path)?;
        let there = within(WHO, self.calls.glance(&self.mount, &path)).await?;
        Ok(there.map(|there| Glance { version: there.version.to_string(), owned: there.mark() }))
    }

    /// `cas`: refuse when the newest version there is another one. Without it the version that was just read is meant.
    pub async fn write(
        &self,
        path: &str,
        value: &Plaintext,
        cas: Option<u64>,
        mark: &Mark,
    ) -> Result<Pushed, RemoteError> {
        mark.check()?;
        let path = self.at(path)?;
        within(WHO, self.push(&path, value, cas, mark)).await
    }

    async fn push(
        &self,
        path: &Path,
        value: &Plaintext,
        cas: Option<u64>,
        mark: &Mark,
    ) -> Result<Pushed, RemoteError> {
        let mut found = self.calls.find(&self.mount, path).await?;
        if cas.is_some_and(|expected| expected != found.version) {
            return Err(calls::overtaken());
        }
        if found.is_free() {
            self.test_mount().await?;
            let claim = Mark { uid: mark.uid.clone(), version: 0 };
            found.notes = self.calls.mark(&self.mount, path, &found.notes, &claim).await?;
        } else if !found.is_ours(value, mark) {
            return Err(RemoteError::Foreign);
        }
        let wrote = !found.holds(value);
        let version = if wrote {
            self.calls.put(&self.mount, path, value, found.version).await?
        } else {
            found.version
        };
        if found.mark().as_ref() != Some(mark) {
            self.calls.mark(&self.mount, path, &found.notes, mark).await?;
        }
        let remote_id = format!("{}/{path}", self.mount);
        Ok(Pushed { remote_version: version.to_string(), remote_id, wrote })
    }

    pub async fn adopt(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        mark.check()?;
        let path = self.at(path)?;
        within(WHO, async {
            let found = self.calls.find(&self.mount, &path).await?;
            if found.held.is_none() {
                return Err(RemoteError::last("there is no secret at this path to adopt"));
            }
            self.calls.mark(&self.mount, &path, &found.notes, mark).await.map(|_| ())
        })
        .await
    }

    /// The newest version is deleted softly: Vault can bring it back, and keeps the older ones.
    pub async fn remove(&self, path: &str, uid: &str) -> Result<(), RemoteError> {
        let path = self.at(path)?;
        within(WHO, async {
            let found = self.calls.find(&self.mount, &path).await?;
            if found.held.is_none() {
                return Ok(());
            }
            if found.mark().is_none_or(|owner| owner.uid != uid) {
                return Err(RemoteError::Foreign);
            }
            self.calls.delete(&self.mount, &path).await
        })
        .await
    }

    fn at(&self, path: &str) -> Result<Path, RemoteError> {
        let problem = |e: path::Odd| RemoteError::last(format!("the path in Vault {e}"));
        let path = Path::parse(path).map_err(problem)?;
        // The id that is stored with the secret has this form, and 512 characters of room.
        if self.mount.to_string().len() + 1 + path.to_string().len() > 512 {
            return Err(problem(path::Odd::Long));
        }
        Ok(path)
    }
}

impl Found {
    /// Nothing was ever written here, and nobody says that it is theirs.
    fn is_free(&self) -> bool {
        self.version == 0 && self.mark().is_none()
    }

    /// Ours by the mark. A mere claim proves nothing about a value that came after it, unless it is the very value.
    fn is_ours(&self, value: &Plaintext, mark: &Mark) -> bool {
        let Some(owner) = self.mark().filter(|owner| owner.uid == mark.uid) else {
            return false;
        };
        owner.version > 0 || self.version == 0 || self.holds(value)
    }

    fn holds(&self, value: &Plaintext) -> bool {
        self.held.as_ref().is_some_and(|held| held.plain && held.value.same_as(value))
    }
}
