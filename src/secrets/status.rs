//! The sync status of a secret and the copies it has: kept by `sync`, shown on the secret's page.
use super::find::Found;
use super::row::Secret;
use super::{search, tallies};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::db::Tx;
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::Result;
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::{outbox, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Copy {
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub remote_path: String,
    pub remote_version: Option<String>,
    pub version_number: Option<i64>,
    pub digest_seen: Option<Vec<u8>>,
    pub last_success_at: Option<Utc>,
    pub last_error: Option<String>,
    pub next_try_at: Option<Utc>,
    pub attempts: i64,
}

impl Copy {
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(self.digest_seen.as_ref()?)
    }
}

pub async fn copies(app: &App, secret_id: i64) -> Result<Vec<Copy>> {
    let query = sql!(
        "SELECT backend, remote_path, remote_version, version_number, digest_seen, last_success_at, last_error, next_try_at, attempts
         FROM copies WHERE secret_id = ? ORDER BY backend",
        secret_id
    );
    app.db.read().await?.all(query).await
}

/// Sets one backend's status, and the overall one that follows from the two. The secret's row is locked by the caller.
pub async fn set_status(
    tx: &mut Tx,
    now: Utc,
    secret: &Secret,
    backend: Backend,
    status: SyncStatus,
) -> Result<()> {
    let (aws, vault) = match backend {
        Backend::Aws => (status, secret.vault_sync_status),
        Backend::Vault => (secret.aws_sync_status, status),
    };
    let overall = SyncStatus::worst(&[aws, vault]);
    let update = sql!(
        "UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ?, updated_at = ? WHERE id = ?",
        aws,
        vault,
        overall,
        now,
        secret.id
    );
    tallies::counted(tx, now, secret.id, update).await
}

/// Queues a push of the current version again.
pub async fn queue_current(tx: &mut Tx, now: Utc, found: &Found) -> Result<()> {
    let secret = &found.secret;
    queue(
        tx,
        now,
        &found.place.environment,
        secret.id,
        &secret.service_name,
        &secret.name,
        secret.current_version,
    )
    .await
}

/// Queues a push of `version` to each backend of the environment; gives the statuses that the secret has from now on.
pub(super) async fn queue(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    secret_id: i64,
    service: &str,
    name: &str,
    version: i64,
) -> Result<()> {
    for backend in environment.backends() {
        let path = environment.path(backend, service, name);
        let known: Option<(i64,)> = tx
            .maybe(sql!("SELECT id FROM copies WHERE secret_id = ? AND backend = ?", secret_id, backend))
            .await?;
        if let Some((id,)) = known {
            // The path of an existing copy stays: moving it is a plan of its own.
            tx.exec(sql!(
                "UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE id = ?",
                now,
                now,
                id
            ))
            .await?;
        } else {
            tx.insert(sql!(
                "INSERT INTO copies (secret_id, backend, remote_path, next_try_at, attempts, created_at, updated_at) VALUES (?, ?, ?, ?, 0, ?, ?)",
                secret_id, backend, path, now, now, now
            ))
            .await?;
            search::note(tx, now, secret_id).await?; // it is found by its path
        }
        outbox::enqueue(tx, now, secret_id, backend, version).await?;
    }
    let status =
        |backend| if environment.has(backend) { SyncStatus::Pending } else { SyncStatus::NotConfigured };
    let (aws, vault) = (status(Backend::Aws), status(Backend::Vault));
    let overall = SyncStatus::worst(&[aws, vault]);
    let update = sql!(
        "UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ?",
        aws,
        vault,
        overall,
        secret_id
    );
    tallies::counted(tx, now, secret_id, update).await
}
