//! A request that is done once, however often it is sent. Its row is there before the change; the event that tells of the change marks
//! it in the same unit (`chain::record_all`), so that after a crash it is known whether the change was made: a row with an event was
//! done, and one without was not, and may be tried again when its lease is over. Whoever tries again fences off the one before, whose
//! unit then fails. A keyed hash stands for the request, and never its body.
use crate::app::App;
use crate::db::Tx;
use crate::domain::actor::{Actor, Once};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::{sql, tx};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::Duration;
use zeroize::Zeroizing;

const KEPT: Duration = Duration::hours(24);
/// After this long a request that was begun is thought to be dead.
const LEASE: Duration = Duration::minutes(1);
/// Of one request: many secrets at once.
pub const MOST_EVENTS: usize = 1000;

pub enum Begun {
    /// To be done now, by this try.
    Now(Once),
    Done(Answered),
    /// It was done; the process ended before it was answered. What the log tells of it.
    Told(Vec<Told>),
    /// Another request came with this key.
    Other,
    /// The first one has not ended.
    Busy,
}

/// What a request was answered by.
pub struct Answered {
    pub status: i64,
    pub resource: String,
    pub ids: Vec<i64>,
}

/// An event of a request.
pub struct Told {
    pub action: String,
    pub secret_id: Option<i64>,
    pub detail: Value,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    fingerprint: String,
    attempt: i64,
    event_seq: Option<i64>,
    status: Option<i64>,
    resource: Option<String>,
    resource_ids: Option<String>,
    lease_until: Utc,
    expires_at: Utc,
}

/// `key` is the caller's own word for the request.
pub async fn begin(app: &App, actor: &Actor, key: &str, request: &[&[u8]]) -> Result<Begun> {
    let id = match actor {
        Actor::Service(service) => Some(service.id),
        actor => actor.id(),
    };
    let caller = format!("{}:{}", actor.kind(), id.unwrap_or_default());
    let key_hash = hex::encode(Sha256::digest(key.as_bytes()));
    // A request may hold values: in one piece, which is wiped.
    let request = Zeroizing::new([&[b"keeper/request/v1\n".as_slice()], request].concat().concat());
    let fingerprint = hex::encode(app.keys()?.mac_audit(&request));
    let begun: Result<(Option<Begun>, i64)> =
        tx!(app.db, |tx| claim(tx, app.now(), (&caller, &key_hash), &fingerprint).await);
    match begun {
        Ok((Some(begun), _)) => Ok(begun),
        Ok((None, seq)) => events(app, seq).await.map(Begun::Told),
        // Two of them at the same moment.
        Err(Error::Taken) => Ok(Begun::Busy),
        Err(e) => Err(e),
    }
}

/// `None`: done, as the event with this number tells.
async fn claim(
    tx: &mut Tx,
    now: Utc,
    (caller, key_hash): (&str, &str),
    fingerprint: &str,
) -> Result<(Option<Begun>, i64)> {
    let query = sql!(
        "SELECT id, fingerprint, attempt, event_seq, status, resource, resource_ids, lease_until, expires_at
         FROM request_keys WHERE caller = ? AND key_hash = ? {lock}",
        caller,
        key_hash
    );
    let Some(row) = tx.maybe::<Row>(query).await? else {
        let id = tx
            .insert(sql!(
                "INSERT INTO request_keys (caller, key_hash, fingerprint, attempt, lease_until, expires_at, created_at, updated_at)
                 VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
                caller, key_hash, fingerprint, now.plus(LEASE), now.plus(KEPT), now, now
            ))
            .await?;
        return Ok((Some(Begun::Now(Once { id, attempt: 1 })), 0));
    };
    let is_old = row.expires_at <= now;
    let begun = match (row.status.zip(row.resource), row.event_seq) {
        _ if is_old => again(tx, now, (row.id, row.attempt), fingerprint).await?,
        _ if row.fingerprint != fingerprint => Begun::Other,
        (Some((status, resource)), _) => {
            let ids = row.resource_ids.unwrap_or_default();
            let ids = ids.split(',').filter_map(|id| id.parse().ok()).collect();
            Begun::Done(Answered { status, resource, ids })
        }
        (None, Some(seq)) if row.lease_until <= now => return Ok((None, seq)),
        (None, None) if row.lease_until <= now => again(tx, now, (row.id, row.attempt), fingerprint).await?,
        _ => Begun::Busy,
    };
    Ok((Some(begun), 0))
}

async fn again(tx: &mut Tx, now: Utc, (id, attempt): (i64, i64), fingerprint: &str) -> Result<Begun> {
    tx.exec(sql!(
        "UPDATE request_keys SET fingerprint = ?, attempt = attempt + 1, event_seq = NULL, status = NULL, resource = NULL,
           resource_ids = NULL, lease_until = ?, expires_at = ?, updated_at = ? WHERE id = ?",
        fingerprint, now.plus(LEASE), now.plus(KEPT), now, id
    ))
    .await?;
    Ok(Begun::Now(Once { id, attempt: attempt + 1 }))
}

/// In the unit of the change: this is the event that tells of it. Refuses whoever was fenced off.
pub(super) async fn mark(tx: &mut Tx, now: Utc, once: Once, seq: i64) -> Result<()> {
    let marked = tx
        .exec(sql!(
            "UPDATE request_keys SET event_seq = COALESCE(event_seq, ?), updated_at = ? WHERE id = ? AND attempt = ?",
            seq,
            now,
            once.id,
            once.attempt
        ))
        .await?;
    if marked == 1 {
        return Ok(());
    }
    Err(Error::Conflict(
        "this request was sent again meanwhile, and is done by the later one: ask once more with its key"
            .into(),
    ))
}

/// It was done, and this is what is told of it from now on.
pub async fn finish(app: &App, once: Once, answered: &Answered) -> Result<()> {
    let ids = answered.ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    tx!(app.db, |tx| {
        tx.exec(sql!(
            "UPDATE request_keys SET status = ?, resource = ?, resource_ids = ?, updated_at = ? WHERE id = ? AND attempt = ?",
            answered.status,
            &answered.resource,
            &ids,
            app.now(),
            once.id,
            once.attempt
        ))
        .await
        .map(drop)
    })
}

/// It changed nothing: its key is free again. False: a later try has the key, and whatever this one was refused for may be what that
/// one has done.
pub async fn forget(app: &App, once: Once) -> Result<bool> {
    tx!(app.db, |tx| {
        tx.exec(sql!(
            "DELETE FROM request_keys WHERE id = ? AND attempt = ? AND event_seq IS NULL",
            once.id,
            once.attempt
        ))
        .await?;
        let left: Option<(i64,)> =
            tx.maybe(sql!("SELECT attempt FROM request_keys WHERE id = ?", once.id)).await?;
        Ok(left.is_none_or(|(attempt,)| attempt == once.attempt))
    })
}

/// Called by the worker.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.now();
    // A few at a time: a unit holds up all others on SQLite.
    let old = sql!("SELECT id FROM request_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT 1000", now);
    let ids: Vec<(i64,)> = app.db.read().await?.all(old).await?;
    if ids.is_empty() {
        return Ok(());
    }
    tx!(app.db, |tx| {
        let mut gone = sql!("DELETE FROM request_keys WHERE expires_at <= ?", now);
        gone.push_list(" AND id IN ", ids.iter().map(|(id,)| crate::db::Value::from(*id)));
        tx.exec(gone).await.map(drop)
    })
}

/// From this event on, as far as they are of the same request.
async fn events(app: &App, seq: i64) -> Result<Vec<Told>> {
    let most = i64::try_from(MOST_EVENTS).map_err(Error::broken)?;
    let query = sql!(
        "SELECT action, secret_id, payload FROM audit_events WHERE seq >= ? AND seq < ? ORDER BY seq",
        seq,
        seq + most
    );
    let rows: Vec<(String, Option<i64>, String)> = app.db.read().await?.all(query).await?;
    let mut told: Vec<Told> = Vec::new();
    let mut request = None;
    for (action, secret_id, payload) in rows {
        let mut payload: Value = serde_json::from_str(&payload).map_err(Error::broken)?;
        let id = payload["request_id"].take();
        if *request.get_or_insert_with(|| id.clone()) != id {
            break;
        }
        told.push(Told { action, secret_id, detail: payload["detail"].take() });
    }
    Ok(told)
}
