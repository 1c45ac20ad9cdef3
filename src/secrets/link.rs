//! Which backends a secret is kept out of. Inside a unit that holds the secret; who may do it is decided above.
use super::find::Found;
use super::search;
use super::status::{queue_current, set_status};
use crate::db::Tx;
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{outbox, sql, values};

/// Keeper forgets what it knew of the copy, except where it lay, and leaves alone what is there.
pub async fn unlink(tx: &mut Tx, now: Utc, found: &Found, backend: Backend) -> Result<()> {
    let id = found.secret.id;
    outbox::drop_all(tx, now, id, backend).await?;
    tx.exec(sql!(
        "UPDATE copies SET remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL, last_error = NULL,
           next_try_at = NULL, replaces = NULL, attempts = 0, updated_at = ? WHERE secret_id = ? AND backend = ?",
        now,
        id,
        backend
    ))
    .await?;
    let update = match backend {
        Backend::Aws => {
            sql!("UPDATE secrets SET aws_unlinked = ?, aws_secret_arn = NULL WHERE id = ?", true, id)
        }
        Backend::Vault => {
            sql!("UPDATE secrets SET vault_unlinked = ?, vault_path = NULL WHERE id = ?", true, id)
        }
    };
    tx.exec(update).await?;
    set_status(tx, now, &found.secret, backend, SyncStatus::NotConfigured).await
}

/// The current version is pushed again.
pub async fn link(tx: &mut Tx, now: Utc, found: &mut Found, backend: Backend) -> Result<()> {
    let id = found.secret.id;
    let update = match backend {
        Backend::Aws => sql!("UPDATE secrets SET aws_unlinked = ? WHERE id = ?", false, id),
        Backend::Vault => sql!("UPDATE secrets SET vault_unlinked = ? WHERE id = ?", false, id),
    };
    tx.exec(update).await?;
    match backend {
        Backend::Aws => found.secret.aws_unlinked = false,
        Backend::Vault => found.secret.vault_unlinked = false,
    }
    queue_current(tx, now, found).await
}

/// Whatever is there in this very version of the backend's may be replaced, although it is not Keeper's.
pub async fn allow_replacing(tx: &mut Tx, now: Utc, id: i64, backend: Backend, there: &str) -> Result<()> {
    let allow = sql!(
        "UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ?",
        there,
        now,
        id,
        backend
    );
    tx.exec(allow).await.map(drop)
}

/// The same, if the copy belongs at this path. False: it belongs elsewhere, or there is none.
pub async fn allow_replacing_at(
    tx: &mut Tx,
    now: Utc,
    id: i64,
    backend: Backend,
    (path, there): (&str, &str),
) -> Result<bool> {
    let allow = sql!(
        "UPDATE copies SET replaces = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND remote_path = ?",
        there,
        now,
        id,
        backend,
        path
    );
    Ok(tx.exec(allow).await? == 1)
}

/// Where something lies that Keeper leaves alone, of secrets that have no copy there.
pub async fn remember_paths(tx: &mut Tx, now: Utc, backend: Backend, left: &[(i64, &str)]) -> Result<()> {
    let insert = sql!(
        "INSERT INTO copies (secret_id, backend, remote_path, attempts, created_at, updated_at) VALUES (?, ?, ?, 0, ?, ?)"
    );
    let row = |(id, path): &(i64, &str)| values![*id, backend, *path, now, now];
    tx.insert_all(insert, left.iter().map(row).collect()).await?;
    // They are found by their path.
    search::note(tx, now, &left.iter().map(|one| one.0).collect::<Vec<_>>()).await
}

/// From now on the copy lies there, and one stays at the old path.
pub async fn move_copy(tx: &mut Tx, now: Utc, id: i64, backend: Backend, to: &str) -> Result<()> {
    tx.exec(sql!(
        "UPDATE copies SET left_at = remote_path, remote_version = NULL, version_number = NULL, digest_seen = NULL, last_success_at = NULL,
           last_error = NULL, replaces = NULL, updated_at = ? WHERE secret_id = ? AND backend = ?",
        now,
        id,
        backend
    ))
    .await?;
    // By itself: MariaDB assigns from the left, and would leave the new path as the old one.
    tx.exec(sql!("UPDATE copies SET remote_path = ? WHERE secret_id = ? AND backend = ?", to, id, backend))
        .await?;
    // It is found by its path.
    search::note(tx, now, &[id]).await
}
