//! Rows of `verifications`: what the last one found, place by place.
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::domain::enums::{Backend, spelled};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

spelled!(/// Where a value has to be, besides in Keeper.
Spot { Source = "source", Aws = "aws", Vault = "vault" });
spelled!(/// Foreign: what is there is not Keeper's. Refused: the source lets nobody in with it. Unknown: nobody answered, or something is on its way.
Finding { Equal = "equal", Differs = "differs", Missing = "missing", Foreign = "foreign", Refused = "refused", Unknown = "unknown" });

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Verification {
    #[sqlx(try_from = "String")]
    pub place: Spot,
    #[sqlx(try_from = "String")]
    pub outcome: Finding,
    pub detail: String,
    /// What was there: the backend's own name of the version, and the digest of its value.
    pub remote_version: Option<String>,
    digest: Option<Vec<u8>>,
    pub checked_at: Utc,
}

impl Verification {
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(self.digest.as_ref()?)
    }
}

impl Finding {
    /// Somebody has to do something about it.
    pub fn is_drift(self) -> bool {
        !matches!(self, Self::Equal | Self::Unknown)
    }
}

impl Spot {
    /// `None`: the source.
    pub fn backend(self) -> Option<Backend> {
        match self {
            Self::Source => None,
            Self::Aws => Some(Backend::Aws),
            Self::Vault => Some(Backend::Vault),
        }
    }

    pub fn title(self) -> &'static str {
        self.backend().map_or("Source", Backend::title)
    }

    pub fn of(backend: Backend) -> Self {
        match backend {
            Backend::Aws => Self::Aws,
            Backend::Vault => Self::Vault,
        }
    }
}

/// For whoever may see the secret.
pub async fn last(app: &App, secret_id: i64) -> Result<Vec<Verification>> {
    let query = sql!(
        "SELECT place, outcome, detail, remote_version, digest, checked_at FROM verifications WHERE secret_id = ?",
        secret_id
    );
    let mut found: Vec<Verification> = app.db.read().await?.all(query).await?;
    found.sort_by_key(|one| one.place);
    Ok(found)
}
