//! What a backend holds of a secret.
use super::words;
use crate::domain::enums::{Backend, SyncStatus};
use crate::kit::clock::Utc;
use crate::secrets;
use serde::Serialize;
use utoipa::ToSchema;

/// A copy in one backend, as Keeper last saw it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "backend": "vault", "sync_status": "synced", "remote_path": "secret/data/production/payments-db-password", "remote_version": "3",
    "version_number": 3, "digest_seen": "9f86d081884c7d65", "last_success_at": "2026-01-31T10:00:01.000000Z", "last_error": null,
    "next_try_at": null, "attempts": 0
}))]
pub struct Copy {
    #[schema(schema_with = words::backend)]
    pub backend: Backend,
    #[schema(schema_with = words::copy_sync_status)]
    pub sync_status: SyncStatus,
    /// Where it lies.
    pub remote_path: String,
    /// What the backend calls the version that was pushed last.
    pub remote_version: Option<String>,
    /// The number of the version of the secret that was pushed last.
    pub version_number: Option<i64>,
    /// The beginning of the keyed digest of what was read back.
    pub digest_seen: Option<String>,
    /// When a push last ended well.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_success_at: Option<Utc>,
    /// Why the last push did not; null where it did.
    pub last_error: Option<String>,
    /// When it is tried again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Utc>,
    /// How often it was tried since it last ended well.
    pub attempts: i64,
}

impl Copy {
    pub fn of(secret: &secrets::Secret, copy: &secrets::Copy) -> Self {
        Self {
            backend: copy.backend,
            sync_status: secret.status_of(copy.backend),
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
