//! Rows of `verifications`: what the last one found, place by place.
use crate::app::App;
use crate::domain::enums::{Backend, spelled};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

spelled!(/// Where a value has to be, besides in Keeper.
Spot { Source = "source", Aws = "aws", Vault = "vault" });
spelled!(/// Refused: the source lets nobody in with it. Unknown: nobody answered, or something is on its way.
Finding { Equal = "equal", Differs = "differs", Missing = "missing", Refused = "refused", Unknown = "unknown" });

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Verification {
    #[sqlx(try_from = "String")]
    pub place: Spot,
    #[sqlx(try_from = "String")]
    pub outcome: Finding,
    pub detail: String,
    pub checked_at: Utc,
}

impl Spot {
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
        "SELECT place, outcome, detail, checked_at FROM verifications WHERE secret_id = ? ORDER BY id",
        secret_id
    );
    app.db.read().await?.all(query).await
}
