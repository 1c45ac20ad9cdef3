//! How a request ends without a change: decided against, withdrawn, or run out. The sealed value goes with the same unit.
use super::row::{Outlook, Waiting, held};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::RotationStatus;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::rotations::settle::event;
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// So many in one sweep; the next one follows in a minute.
const MOST: i64 = 200;

pub(super) async fn close(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    (waiting, status, remark): (&Waiting, RotationStatus, &str),
) -> Result<()> {
    let (now, id) = (app.now(), waiting.rotation.id);
    leave(tx, now, id, (status, None)).await?;
    forget(tx, now, actor, id, remark).await?;
    let action = match status {
        RotationStatus::Rejected => "rotation.rejected",
        RotationStatus::Withdrawn => "rotation.withdrawn",
        RotationStatus::Expired => "rotation.expired",
        _ => "rotation.voided",
    };
    let event = event(action, &waiting.rotation, found).because(remark);
    audit::record(app, tx, actor, event).await.map(drop)
}

/// What was sealed is gone, and who decided stays.
pub(super) async fn forget(
    tx: &mut Tx,
    now: Utc,
    decider: &Actor,
    rotation: i64,
    remark: &str,
) -> Result<()> {
    tx.exec(sql!(
        "UPDATE rotation_requests SET ciphertext = NULL, nonce = NULL, wrapped_key = NULL, key_id = NULL, decider_id = ?, decider_name = ?,
           remark = ?, updated_at = ? WHERE rotation_id = ?",
        decider.id(),
        decider.name(),
        remark,
        now,
        rotation
    ))
    .await
    .map(drop)
}

/// It was approved, and is over: nothing of it has to be pushed.
pub(in crate::rotations) async fn done(tx: &mut Tx, now: Utc, rotation: i64) -> Result<()> {
    leave(tx, now, rotation, (RotationStatus::Succeeded, Some(now))).await
}

/// Over, and said once.
async fn leave(
    tx: &mut Tx,
    now: Utc,
    rotation: i64,
    (status, started): (RotationStatus, Option<Utc>),
) -> Result<()> {
    let ended = tx
        .exec(sql!(
            "UPDATE rotations SET status = ?, started_at = ?, finished_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?",
            status,
            started,
            now,
            now,
            rotation,
            RotationStatus::AwaitingApproval
        ))
        .await?;
    if ended == 1 { Ok(()) } else { Err(decided()) }
}

pub(super) fn decided() -> Error {
    Error::Conflict("this request is decided by now: look at it again".into())
}

/// Called by the worker: requests that nobody decided on in time, and those whose secret has changed since.
pub async fn sweep(app: &App) -> Result<()> {
    let query = sql!(
        "SELECT r.id, r.secret_id FROM rotations r JOIN rotation_requests q ON q.rotation_id = r.id JOIN secrets s ON s.id = r.secret_id
         WHERE r.status = 'awaiting_approval' AND (q.expires_at <= ? OR s.row_version <> q.seen_row_version) ORDER BY r.id LIMIT ?",
        app.now(),
        MOST
    );
    let run_out: Vec<(i64, i64)> = app.db.read().await?.all(query).await?;
    for (rotation, secret) in run_out {
        match run_out_one(app, rotation, secret).await {
            // Decided, withdrawn or purged meanwhile.
            Ok(()) | Err(Error::Conflict(_) | Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn run_out_one(app: &App, rotation: i64, secret: i64) -> Result<()> {
    tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, &Actor::System, secret).await?;
        let waiting = held(tx, rotation).await?;
        let (status, why) = match waiting.outlook(&found.secret, app.now()) {
            Outlook::Void => (RotationStatus::Cancelled, "the secret has changed since this was asked for"),
            Outlook::Expired => (RotationStatus::Expired, "nobody decided on it within seven days"),
            Outlook::Open | Outlook::Decided => return Err(decided()),
        };
        close(app, tx, &Actor::System, &found, (&waiting, status, why)).await
    })
}
