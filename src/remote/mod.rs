//! The backends that copies go to. Features hold a `Store` for each backend of an environment and say `read`, `glance`, `push`,
//! `adopt`, `list` and `probe`; they never learn which of the two they speak with. Beside them `sources/`: the databases whose
//! users' passwords a rotation changes; and `keeper/`: another Keeper, for the command line.
//!
//! Both backends keep to the same promises: a secret that is not this one's copy is left alone, the same push said twice makes
//! one version, a value arrives byte for byte, and nothing that a backend says is repeated (see `error.rs`).
pub mod aws;
pub mod error;
pub mod guard;
mod http;
pub mod keeper;
pub mod kms;
mod listing;
pub mod probe;
pub mod saml;
pub mod server;
pub mod sources;
pub mod vault;

pub use aws::{Aws, AwsSettings, Credentials, Making, Role};
pub use error::RemoteError;
pub use guard::{Endpoint, Refused, Rules};
pub use listing::Listing;
pub use probe::{Probe, Step, Verdict};
pub use server::Server;
pub use sources::{Source, SourceSettings};
pub use vault::session::SignIn;
pub use vault::{Vault, VaultSettings};

use crate::domain::enums::Backend;
use crate::domain::plaintext::Plaintext;

/// Is this one certificate or more, in PEM?
pub fn demand_authority(pem: &str) -> Result<(), RemoteError> {
    http::authorities(pem).map(drop)
}

/// Whose copy it is, and of which version. It lies beside the value, where the backend keeps notes of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The secret's `uid`.
    pub uid: String,
    /// The number of Keeper's version, from 1.
    pub version: i64,
}

/// What a backend holds at a path.
pub struct Remote {
    /// The backend's own name of this version: a number in Vault, a version id in AWS.
    pub version: String,
    pub value: Plaintext,
    /// Is it laid out as Keeper lays it out? If not, `value` is the JSON text of what is there.
    pub plain: bool,
    /// `None`: nobody's, or at least no Keeper's.
    pub owned: Option<Mark>,
}

/// What a backend tells of a path without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    pub version: String,
    pub owned: Option<Mark>,
}

/// Where a pushed value now is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub remote_version: String,
    /// The ARN, or the mount and the path.
    pub remote_id: String,
    /// False: the value was already there, and no version was made.
    pub wrote: bool,
}

/// One backend of one environment. It keeps connections open: make it once per configuration, not once per job.
pub enum Store {
    Vault(Vault),
    Aws(Aws),
}

impl Store {
    pub fn backend(&self) -> Backend {
        match self {
            Self::Vault(_) => Backend::Vault,
            Self::Aws(_) => Backend::Aws,
        }
    }

    /// What is there now; `None` when nothing is, or when its newest version was deleted.
    pub async fn read(&self, path: &str) -> Result<Option<Remote>, RemoteError> {
        match self {
            Self::Vault(vault) => vault.read(path).await,
            Self::Aws(aws) => aws.read(path).await,
        }
    }

    /// The same in one call that fetches no value and needs no key to open one.
    pub async fn glance(&self, path: &str) -> Result<Option<Glance>, RemoteError> {
        match self {
            Self::Vault(vault) => vault.glance(path).await,
            Self::Aws(aws) => aws.glance(path).await,
        }
    }

    /// The paths of secrets below a folder, in their order, `most` at most; of everything where the folder is empty.
    pub async fn list(&self, folder: &str, most: usize) -> Result<Listing, RemoteError> {
        match self {
            Self::Vault(vault) => vault.list(folder, most).await,
            Self::Aws(aws) => aws.list(folder, most).await,
        }
    }

    /// Makes the copy hold this value and this mark. May be said again at any time.
    pub async fn push(&self, path: &str, value: &Plaintext, mark: &Mark) -> Result<Pushed, RemoteError> {
        match self {
            Self::Vault(vault) => vault.write(path, value, None, mark).await,
            Self::Aws(aws) => aws.write(path, value, mark).await,
        }
    }

    /// Takes over what is already there, by a person's decision: sets the mark and touches nothing else.
    pub async fn adopt(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        match self {
            Self::Vault(vault) => vault.adopt(path, mark).await,
            Self::Aws(aws) => aws.adopt(path, mark).await,
        }
    }

    /// Takes back a deletion that still can be; a push does the rest. Ours alone.
    pub async fn put_back(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        match self {
            // The next version simply follows the one that was deleted.
            Self::Vault(_) => Ok(()),
            Self::Aws(aws) => aws.put_back(path, mark).await,
        }
    }

    /// Removes this secret's copy so that it can be had back for a while, and nothing that is not Keeper's. May be said again.
    pub async fn remove(&self, path: &str, uid: &str) -> Result<(), RemoteError> {
        match self {
            Self::Vault(vault) => vault.remove(path, uid).await,
            Self::Aws(aws) => aws.remove(path, uid).await,
        }
    }

    /// Could a secret be kept at this path? Asks step by step, and changes nothing.
    pub async fn probe(&self, path: &str) -> Vec<Probe> {
        match self {
            Self::Vault(vault) => vault.probe(path).await,
            Self::Aws(aws) => aws.probe(path).await,
        }
    }
}

impl Mark {
    /// From a backend's notes, which anybody there can edit: what no Keeper would write is no mark.
    fn parse(uid: Option<&str>, version: Option<&str>) -> Option<Self> {
        let uid = uid.filter(|uid| Self::is_uid(uid))?;
        let version = version?.parse().ok().filter(|number| *number >= 0)?;
        Some(Self { uid: uid.to_owned(), version })
    }

    fn check(&self) -> Result<(), RemoteError> {
        if Self::is_uid(&self.uid) && self.version > 0 {
            return Ok(());
        }
        Err(RemoteError::last("a copy needs the secret's uid and the number of a version"))
    }

    fn is_uid(uid: &str) -> bool {
        (1..=64).contains(&uid.len()) && uid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    }
}
