//! What a backend holds of a secret.
use super::words;
use crate::domain::enums::Backend;
use crate::kit::clock::Utc;
use crate::secrets;
use serde::Serialize;
use utoipa::ToSchema;

/// A copy in one backend, as Keeper last saw it.
#[derive(Serialize, ToSchema)]
pub struct Copy {
    #[schema(schema_with = words::backend)]
    pub backend: Backend,
    #[schema(example = "payments/payments-db-password")]
    pub remote_path: String,
    pub remote_version: Option<String>,
    /// The version of the secret that was pushed last.
    pub version_number: Option<i64>,
    /// The beginning of the keyed digest of what was read back.
    #[schema(example = "9f86d081884c7d65")]
    pub digest_seen: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_success_at: Option<Utc>,
    pub last_error: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Utc>,
    pub attempts: i64,
}

impl Copy {
    pub fn of(copy: &secrets::Copy) -> Self {
        Self {
            backend: copy.backend,
            remote_path: copy.remote_path.clone(),
            remote_version: copy.remote_version.clone(),
            version_number: copy.version_number,
            digest_seen: copy.digest().map(|digest| digest.hex()),
            last_success_at: copy.last_success_at,
            last_error: copy.last_error.clone(),
            next_try_at: copy.next_try_at,
            attempts: copy.attempts,
        }
    }
}
