//! The sync status of a secret and the copies it has: kept by `sync`, shown on the secret's page.
use super::find::Found;
use super::row::Secret;
use super::{search, tallies};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::db::{BATCH, Query, Tx, Value};
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::{outbox, sql, values};
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Copy {
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub remote_path: String,
    /// Where it lay before it moved, until somebody decides about what is left there.
    pub left_at: Option<String>,
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

/// Those that Keeper keeps: none in a backend that the secret is kept out of.
pub async fn copies(app: &App, secret_id: i64) -> Result<Vec<Copy>> {
    let kept =
        " AND (c.backend <> 'aws' OR s.aws_unlinked = ?) AND (c.backend <> 'vault' OR s.vault_unlinked = ?)";
    let mut query = select_of(secret_id);
    query.push(kept, [false.into(), false.into()]);
    in_order(app, query).await
}

/// Also of backends that the secret is kept out of.
pub async fn every_copy(app: &App, secret_id: i64) -> Result<Vec<Copy>> {
    in_order(app, select_of(secret_id)).await
}

fn select_of(secret_id: i64) -> Query {
    sql!(
        "SELECT c.backend, c.remote_path, c.left_at, c.remote_version, c.version_number, c.digest_seen, c.last_success_at, c.last_error, c.next_try_at, c.attempts
         FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.secret_id = ?",
        secret_id
    )
}

async fn in_order(app: &App, mut query: Query) -> Result<Vec<Copy>> {
    query.push(" ORDER BY c.backend", []);
    app.db.read().await?.all(query).await
}

/// How many of these secrets have which overall status.
pub async fn statuses(app: &App, ids: &[i64]) -> Result<HashMap<SyncStatus, i64>> {
    let mut counts = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let mut query = sql!("SELECT sync_status FROM secrets WHERE 1 = 1");
        query.push_list(" AND id IN ", batch.iter().copied().map(Value::from));
        for (status,) in app.db.read().await?.all::<(String,)>(query).await? {
            *counts.entry(status.parse().map_err(Error::broken)?).or_default() += 1;
        }
    }
    Ok(counts)
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
        "UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ? WHERE id = ?",
        aws,
        vault,
        overall,
        secret.id
    );
    tallies::counted(tx, now, &[secret.id], update).await
}

/// One secret whose version is to be pushed.
#[derive(Clone, Copy)]
pub struct DueCopy<'a> {
    pub id: i64,
    pub service: &'a str,
    pub name: &'a str,
    pub version: i64,
    /// The backends that it is kept out of.
    pub unlinked: &'a [Backend],
}

impl<'a> DueCopy<'a> {
    pub fn current(secret: &'a Secret) -> Self {
        Self {
            id: secret.id,
            service: &secret.service_name,
            name: &secret.name,
            version: secret.current_version,
            unlinked: secret.unlinked(),
        }
    }
}

/// Queues a push of the current version again.
pub async fn queue_current(tx: &mut Tx, now: Utc, found: &Found) -> Result<()> {
    queue(tx, now, &found.place.environment, &[DueCopy::current(&found.secret)]).await
}

/// Queues a push of each to every backend of their environment that it is not kept out of, and sets the statuses that they have from
/// now on.
pub async fn queue(tx: &mut Tx, now: Utc, environment: &Environment, due: &[DueCopy<'_>]) -> Result<()> {
    for batch in due.chunks(BATCH) {
        for backend in environment.backends() {
            let linked: Vec<DueCopy<'_>> =
                batch.iter().filter(|due| !due.unlinked.contains(&backend)).copied().collect();
            place_copies(tx, now, environment, backend, &linked).await?;
            let versions: Vec<(i64, i64)> = linked.iter().map(|due| (due.id, due.version)).collect();
            outbox::enqueue_all(tx, now, backend, &versions).await?;
        }
        let mut alike: BTreeMap<&[Backend], Vec<i64>> = BTreeMap::new();
        for due in batch {
            alike.entry(due.unlinked).or_default().push(due.id);
        }
        for (unlinked, ids) in alike {
            wait_all(tx, now, environment, unlinked, &ids).await?;
        }
    }
    Ok(())
}

async fn wait_all(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    unlinked: &[Backend],
    ids: &[i64],
) -> Result<()> {
    let status = |backend| {
        let goes_there = environment.has(backend) && !unlinked.contains(&backend);
        if goes_there { SyncStatus::Pending } else { SyncStatus::NotConfigured }
    };
    let (aws, vault) = (status(Backend::Aws), status(Backend::Vault));
    let mut update = sql!(
        "UPDATE secrets SET aws_sync_status = ?, vault_sync_status = ?, sync_status = ?",
        aws,
        vault,
        SyncStatus::worst(&[aws, vault])
    );
    update.push_list(" WHERE id IN ", ids.iter().copied().map(Value::from));
    tallies::counted(tx, now, ids, update).await
}

/// A copy that exists is tried at once and keeps its path: moving it is a plan of its own.
async fn place_copies(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    backend: Backend,
    due: &[DueCopy<'_>],
) -> Result<()> {
    let ids = || due.iter().map(|due| Value::from(due.id));
    let mut known = sql!("SELECT secret_id FROM copies WHERE backend = ?", backend);
    known.push_list(" AND secret_id IN ", ids());
    let known: HashSet<i64> = tx.all::<(i64,)>(known).await?.into_iter().map(|row| row.0).collect();
    if !known.is_empty() {
        let mut update = sql!(
            "UPDATE copies SET attempts = 0, next_try_at = ?, updated_at = ? WHERE backend = ?",
            now,
            now,
            backend
        );
        update.push_list(" AND secret_id IN ", ids());
        tx.exec(update).await?;
        outbox::supersede(tx, now, backend, &known.iter().copied().collect::<Vec<_>>()).await?;
    }
    let insert = sql!(
        "INSERT INTO copies (secret_id, backend, remote_path, next_try_at, attempts, created_at, updated_at) VALUES (?, ?, ?, ?, 0, ?, ?)"
    );
    let new: Vec<&DueCopy<'_>> = due.iter().filter(|due| !known.contains(&due.id)).collect();
    let row = |due: &&DueCopy<'_>| {
        values![due.id, backend, environment.path(backend, due.service, due.name), now, now, now]
    };
    tx.insert_all(insert, new.iter().map(row).collect()).await?;
    // They are found by their path.
    search::note(tx, now, &new.iter().map(|due| due.id).collect::<Vec<_>>()).await
}
