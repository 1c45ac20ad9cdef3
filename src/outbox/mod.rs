//! The outbox: jobs are written in the transaction of the change that asks for them, and hold ids and numbers only.
//! A job is a sentence that may be said twice. A lease with a growing token keeps two workers from answering for one job.
use crate::app::App;
use crate::db::{BATCH, Tx, Value};
use crate::domain::enums::{Backend, spelled};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{sql, tx, values};
use time::Duration;

/// After these a copy has failed, and is tried seldom.
pub const MOST_ATTEMPTS: i64 = 12;
const LEASE: Duration = Duration::seconds(60);

spelled!(/// What a job asks for: the newest value in a backend, or nothing there any more.
Kind { Push = "push", Remove = "remove" });

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Job {
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub secret_id: i64,
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub version_number: i64,
    pub attempts: i64,
    pub lease_token: i64,
}

/// Queues the push of one version of each secret to one backend. The worker is woken by `App::jobs` after the commit.
pub async fn enqueue_all(tx: &mut Tx, now: Utc, backend: Backend, versions: &[(i64, i64)]) -> Result<()> {
    enqueue(tx, now, (Kind::Push, backend), versions).await
}

/// What waits for these secrets is done with, because a newer push follows: no pause of an older try holds it up.
pub async fn supersede(tx: &mut Tx, now: Utc, backend: Backend, secrets: &[i64]) -> Result<()> {
    for batch in secrets.chunks(BATCH) {
        let mut older =
            sql!("SELECT id FROM jobs WHERE kind = 'push' AND backend = ? AND state = 'waiting'", backend);
        older.push_list(" AND secret_id IN ", batch.iter().copied().map(Value::from));
        // By their ids, so that no other job is held.
        for ids in tx.all::<(i64,)>(older).await?.chunks(BATCH) {
            let mut update =
                sql!("UPDATE jobs SET state = 'done', updated_at = ? WHERE state = 'waiting'", now);
            update.push_list(" AND id IN ", ids.iter().map(|(id,)| Value::from(*id)));
            tx.exec(update).await?;
        }
    }
    Ok(())
}

/// Queues that a copy, last known to hold this version, be removed.
pub async fn enqueue_removal(
    tx: &mut Tx,
    now: Utc,
    backend: Backend,
    (secret_id, version): (i64, i64),
) -> Result<()> {
    enqueue(tx, now, (Kind::Remove, backend), &[(secret_id, version)]).await
}

async fn enqueue(
    tx: &mut Tx,
    now: Utc,
    (kind, backend): (Kind, Backend),
    versions: &[(i64, i64)],
) -> Result<()> {
    let insert = sql!(
        "INSERT INTO jobs (kind, secret_id, backend, version_number, state, attempts, run_at, lease_token, created_at, updated_at)
         VALUES (?, ?, ?, ?, 'waiting', 0, ?, 0, ?, ?)"
    );
    let rows = versions
        .iter()
        .map(|(secret, version)| values![kind.as_str(), *secret, backend, *version, now, now, now]);
    tx.insert_all(insert, rows.collect()).await
}

/// Takes the next job of a backend: the oldest that is due, and of each secret only the first (order is kept; no push waits for a removal).
/// A leased job is due again when its lease ends, so nothing is lost with a worker.
pub async fn claim(app: &App, backend: Backend) -> Result<Option<Job>> {
    let now = app.now();
    // Looked at before a unit of writing is begun: most of the time there is nothing to do.
    if next_due(app, backend).await?.is_none_or(|due| due > now) {
        return Ok(None);
    }
    tx!(app.db, |tx| {
        let query = sql!(
            "SELECT id, kind, secret_id, backend, version_number, attempts, lease_token FROM jobs j
             WHERE backend = ? AND state IN ('waiting', 'leased') AND run_at <= ?
               AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.secret_id = j.secret_id AND o.backend = j.backend AND o.kind = j.kind
                               AND o.state IN ('waiting', 'leased') AND o.id < j.id)
             ORDER BY run_at, id LIMIT 1 {skip}",
            backend,
            now
        );
        let Some(mut job) = tx.maybe::<Job>(query).await? else { return Ok(None) };
        job.attempts += 1;
        job.lease_token += 1;
        let until = now.plus(LEASE);
        tx.exec(sql!(
            "UPDATE jobs SET state = 'leased', attempts = ?, lease_token = ?, lease_until = ?, run_at = ?, updated_at = ? WHERE id = ?",
            job.attempts, job.lease_token, until, until, now, job.id
        ))
        .await?;
        Ok(Some(job))
    })
}

/// When the next job of a backend is due, if any waits.
pub async fn next_due(app: &App, backend: Backend) -> Result<Option<Utc>> {
    let query = sql!(
        "SELECT run_at FROM jobs WHERE backend = ? AND state IN ('waiting', 'leased') ORDER BY run_at LIMIT 1",
        backend
    );
    Ok(app.db.read().await?.maybe::<(Utc,)>(query).await?.map(|row| row.0))
}

/// What waits for one backend of a secret is not done any more; whoever is at it finds its lease gone.
pub async fn drop_all(tx: &mut Tx, now: Utc, secret_id: i64, backend: Backend) -> Result<()> {
    tx.exec(sql!(
        "UPDATE jobs SET state = 'done', lease_until = NULL, lease_token = lease_token + 1, updated_at = ?
         WHERE secret_id = ? AND backend = ? AND state IN ('waiting', 'leased')",
        now,
        secret_id,
        backend
    ))
    .await
    .map(drop)
}

/// One that waits is due now. False: it waits no more.
pub async fn hurry(tx: &mut Tx, now: Utc, id: i64) -> Result<bool> {
    let update =
        sql!("UPDATE jobs SET run_at = ?, updated_at = ? WHERE id = ? AND state = 'waiting'", now, now, id);
    Ok(tx.exec(update).await? == 1)
}

/// True while the lease is still this worker's: whatever it wants to say of the job, it may.
pub async fn done(tx: &mut Tx, now: Utc, job: &Job) -> Result<bool> {
    settle(tx, now, job, "done", now, None).await
}

pub async fn retry(tx: &mut Tx, now: Utc, job: &Job, at: Utc, error: &str) -> Result<bool> {
    settle(tx, now, job, "waiting", at, Some(error)).await
}

pub async fn dead(tx: &mut Tx, now: Utc, job: &Job, error: &str) -> Result<bool> {
    settle(tx, now, job, "dead", now, Some(error)).await
}

async fn settle(
    tx: &mut Tx,
    now: Utc,
    job: &Job,
    state: &str,
    run_at: Utc,
    error: Option<&str>,
) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE jobs SET state = ?, run_at = ?, lease_until = NULL, last_error = ?, updated_at = ? WHERE id = ? AND state = 'leased' AND lease_token = ?",
            state, run_at, error, now, job.id, job.lease_token
        ))
        .await?;
    Ok(changed == 1)
}

/// Full jitter: anything between nothing and 1 s, 2 s, 4 s … 5 min.
pub fn back_off(app: &App, attempts: i64) -> Result<Duration> {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    let ceiling = 1000_u32.saturating_mul(1 << doublings).min(300_000);
    Ok(Duration::milliseconds(i64::from(app.chance.below(ceiling)?) + 50))
}
