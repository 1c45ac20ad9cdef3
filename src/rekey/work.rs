//! The next few keys. They are opened and wrapped before the unit, which stores them with the place that they end at: what is killed
//! in between is done again, and nothing is counted twice. The lease keeps processes from doing the same.
use super::places::{PLACES, Place};
use super::status::{Rewrap, latest};
use crate::app::{App, Rewrapped, Wrapping};
use crate::audit::{self, Event};
use crate::crypto::Integrity;
use crate::crypto::kms::UnknownKey;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::kit::fault;
use crate::lease::{Lease, Step, Table};
use crate::{leased, sql, tx};
use futures_util::future::join_all;
use time::Duration;

/// So many are stored at once …
const FEW: i64 = 64;
/// … and so many calls of the key service are under way at the same time.
const HANDS: usize = 8;
static REWRAPS: Table = leased!("rewraps", Duration::seconds(60));

/// Where the walk is: in this table, at this key, behind this row.
struct Cursor {
    place: Place,
    from_key: String,
    after: i64,
}

/// The rewrap as it stood when it was claimed.
struct Held {
    rewrap: Rewrap,
    lease: Lease,
}

pub async fn work(app: &App) -> Result<Step> {
    // Looked at before a unit of writing is begun: most of the time there is nothing to do.
    let Some(Rewrap { id, .. }) = latest(app).await?.filter(Rewrap::is_running) else {
        return Ok(Step::Idle);
    };
    let Some(lease) = REWRAPS.claim(&app.db, app.now(), id).await? else { return Ok(Step::Busy) };
    // Read once more: it may have moved before the lease was ours.
    let Some(rewrap) = latest(app).await?.filter(|now| now.id == id) else { return Ok(Step::Busy) };
    let held = Held { rewrap, lease };
    let part = step(app, &held).await;
    held.lease.ended(&app.db, app.now(), part).await
}

async fn step(app: &App, held: &Held) -> Result<()> {
    let rewrap = &held.rewrap;
    if rewrap.total.is_none() {
        return count(app, held).await;
    }
    let (place, from_key, after) = (rewrap.place, rewrap.from_key.clone(), rewrap.after_id);
    let mut cursor = Cursor { place, from_key, after };
    match find(app, &mut cursor, &rewrap.key_id).await? {
        Some(rows) => wrap(app, held, cursor, rows).await,
        None => finish(app, held).await,
    }
}

/// How many there are, for whoever looks on. It looks through the tables, so it is done once, and on nobody's request.
async fn count(app: &App, Held { rewrap, lease }: &Held) -> Result<()> {
    let mut total = 0;
    for place in PLACES {
        total += place.holder().count_others(&app.db, &rewrap.key_id).await?;
    }
    tx!(app.db, |tx| {
        let now = app.now();
        tx.exec(sql!("UPDATE rewraps SET total = ?, updated_at = ? WHERE id = ?", total, now, rewrap.id))
            .await?;
        lease.let_go(tx, now).await
    })
}

/// The next rows that are not under the active key: key by key, each along its index.
async fn find(app: &App, cursor: &mut Cursor, active: &str) -> Result<Option<Vec<Wrapping>>> {
    loop {
        if !cursor.from_key.is_empty() {
            let rows = cursor.place.wrapped(app, &cursor.from_key, cursor.after, FEW).await?;
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
        let holder = cursor.place.holder();
        let next = match holder.next_key(&app.db, &cursor.from_key).await? {
            Some(key_id) if key_id == active => holder.next_key(&app.db, &key_id).await?,
            next => next,
        };
        match (next, cursor.place.after()) {
            (Some(key_id), _) => (cursor.from_key, cursor.after) = (key_id, 0),
            (None, Some(place)) => *cursor = Cursor { place, from_key: String::new(), after: 0 },
            (None, None) => return Ok(None),
        }
    }
}

struct Failed {
    row: i64,
    label: String,
    why: String,
}

async fn wrap(app: &App, held: &Held, cursor: Cursor, rows: Vec<Wrapping>) -> Result<()> {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for few in rows.chunks(HANDS) {
        for (row, wrapped) in few.iter().zip(join_all(few.iter().map(|row| app.rewrap(row))).await) {
            match wrapped {
                Ok(new) => done.push(new),
                Err(e) => failed.push(failure(row, e)?),
            }
        }
    }
    let last = rows.last().map_or(cursor.after, |row| row.id);
    fault::point("rewrap_before_unit");
    let stored = tx!(app.db, |tx| store(app, tx, held, &cursor, last, &done, &failed).await);
    fault::point("rewrap_after_unit");
    stored
}

/// A row that is damaged, or whose key is lost, is told and does not stop the others. Everything else does: it may pass.
fn failure(row: &Wrapping, e: Error) -> Result<Failed> {
    let why = if let Some(integrity) = Integrity::behind(&e) {
        integrity.0.clone()
    } else if UnknownKey::is_behind(&e) {
        format!("{e} ({})", row.wrapped.key_id)
    } else {
        return Err(e);
    };
    tracing::error!(row = row.id, label = row.label, why, "a data key could not be wrapped anew");
    let short = |text: &str| text.chars().take(500).collect();
    Ok(Failed { row: row.id, label: short(&row.label), why: short(&why) })
}

async fn store(
    app: &App,
    tx: &mut Tx,
    Held { rewrap, lease }: &Held,
    cursor: &Cursor,
    end: i64,
    done: &[Rewrapped],
    failed: &[Failed],
) -> Result<()> {
    let now = app.now();
    let mut count = 0;
    let failures = i64::try_from(failed.len()).map_err(Error::broken)?;
    for new in done {
        count += i64::from(cursor.place.holder().store(tx, now, new).await?);
    }
    for failed in failed {
        tx.insert(sql!(
            "INSERT INTO rewrap_failures (rewrap_id, place, row_id, label, why, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rewrap.id, cursor.place.as_str(), failed.row, &failed.label, &failed.why, now, now
        ))
        .await?;
    }
    tx.exec(sql!(
        "UPDATE rewraps SET place = ?, from_key = ?, after_id = ?, rewrapped = rewrapped + ?, failed = failed + ?, updated_at = ? WHERE id = ?",
        cursor.place.as_str(), &cursor.from_key, end, count, failures, now, rewrap.id
    ))
    .await?;
    lease.let_go(tx, now).await?;
    fault::point("rewrap_in_unit");
    Ok(())
}

/// Everything was walked. If the key was rotated meanwhile, what was done first is under the former one: once more.
async fn finish(app: &App, Held { rewrap, lease }: &Held) -> Result<()> {
    let active = app.kms.active_key_id(&app.chance).await?;
    tx!(app.db, |tx| {
        let now = app.now();
        if active != rewrap.key_id {
            tx.exec(sql!("DELETE FROM rewrap_failures WHERE rewrap_id = ?", rewrap.id)).await?;
            tx.exec(sql!(
                "UPDATE rewraps SET key_id = ?, place = ?, from_key = '', after_id = 0, total = NULL, rewrapped = 0, failed = 0, updated_at = ? WHERE id = ?",
                &active, PLACES[0].as_str(), now, rewrap.id
            ))
            .await?;
            return lease.let_go(tx, now).await;
        }
        tx.exec(sql!(
            "UPDATE rewraps SET state = 'done', open_slot = NULL, ended_at = ?, updated_at = ? WHERE id = ?",
            now,
            now,
            rewrap.id
        ))
        .await?;
        lease.let_go(tx, now).await?;
        let outcome = if rewrap.failed > 0 { Outcome::Failed } else { Outcome::Ok };
        let event = Event::new("keys.rewrapped", &rewrap.key_id)
            .outcome(outcome)
            .with("rewrap", rewrap.id)
            .with("rewrapped", rewrap.rewrapped)
            .with("failed", rewrap.failed);
        audit::record(app, tx, &Actor::System, event).await.map(drop)
    })
}
