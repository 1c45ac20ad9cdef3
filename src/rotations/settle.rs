//! After a copy was pushed, or given up: what became of the rotations that wait for it.
use super::row::{Rotation, select, steps};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Outcome, RotationStatus, StepStatus, SyncStatus};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::secrets::{self, Copy, Found};
use crate::{sql, tx};

/// So many secrets are looked at in one go.
const MOST: i64 = 200;

pub async fn settle(app: &App, secret_id: i64) -> Result<()> {
    let mut query = select();
    query.push(" AND secret_id = ? AND status = 'running' AND run_at IS NULL", [Value::from(secret_id)]);
    let waiting: Vec<Rotation> = app.db.read().await?.all(query).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let found = secrets::find(app, &Actor::System, secret_id).await?;
    let copies = secrets::copies(app, secret_id).await?;
    for rotation in waiting {
        one(app, &rotation, &found, &copies).await?;
    }
    Ok(())
}

/// Those that a process left between a copy and this: it ended there. Each secret once; the rest follows in a minute.
pub async fn settle_left(app: &App) -> Result<()> {
    let query = sql!(
        "SELECT DISTINCT secret_id FROM rotations WHERE status = 'running' AND run_at IS NULL ORDER BY secret_id LIMIT ?",
        MOST
    );
    let left: Vec<(i64,)> = app.db.read().await?.all(query).await?;
    for (secret,) in left {
        settle(app, secret).await?;
    }
    Ok(())
}

async fn one(app: &App, rotation: &Rotation, found: &Found, copies: &[Copy]) -> Result<()> {
    let all = steps(app, rotation.id).await?;
    let mut news = Vec::new();
    let mut statuses = Vec::new();
    for step in &all {
        let Some(backend) = step.backend() else { continue };
        let (status, detail) = match copies.iter().find(|copy| copy.backend == backend) {
            Some(copy) => state(copy, found.secret.status_of(backend), rotation.to_version),
            None if found.secret.unlinked().contains(&backend) => {
                (StepStatus::Skipped, "the secret is kept out of this backend by now".to_owned())
            }
            None => continue,
        };
        statuses.push(status);
        if status != step.status {
            news.push((step.id, status, detail));
        }
    }
    let is_done = |s: &StepStatus| matches!(s, StepStatus::Done | StepStatus::Skipped);
    let outcome = if statuses.iter().all(is_done) {
        RotationStatus::Succeeded
    } else if statuses.iter().all(|s| is_done(s) || *s == StepStatus::Failed) {
        RotationStatus::Failed
    } else {
        RotationStatus::Running
    };
    store(app, rotation, found, &news, outcome).await
}

/// A copy has the version when it, or a newer one, was pushed and read back.
fn state(copy: &Copy, status: SyncStatus, version: Option<i64>) -> (StepStatus, String) {
    let why = || copy.last_error.clone().unwrap_or_default();
    match status {
        _ if copy.version_number >= version && copy.last_success_at.is_some() => {
            let there = copy.remote_version.as_deref().unwrap_or("?");
            (StepStatus::Done, format!("read back and equal, version {there}"))
        }
        SyncStatus::Failed => (StepStatus::Failed, why()),
        _ if copy.attempts > 0 => (StepStatus::Running, why()),
        _ => (StepStatus::Waiting, why()),
    }
}

async fn store(
    app: &App,
    rotation: &Rotation,
    found: &Found,
    news: &[(i64, StepStatus, String)],
    outcome: RotationStatus,
) -> Result<()> {
    if news.is_empty() && outcome == RotationStatus::Running {
        return Ok(());
    }
    tx!(app.db, |tx| {
        let now = app.now();
        for (id, status, detail) in news {
            let ended: Option<Utc> =
                (*status != StepStatus::Running && *status != StepStatus::Waiting).then_some(now);
            tx.exec(sql!("UPDATE rotation_steps SET status = ?, detail = ?, finished_at = ?, updated_at = ? WHERE id = ?", *status, detail, ended, now, *id)).await?;
        }
        if outcome == RotationStatus::Running {
            return Ok(());
        }
        end(app, tx, rotation, found, outcome).await
    })
}

/// The rotation is over, with its event; nothing if another has said so.
pub(super) async fn end(
    app: &App,
    tx: &mut Tx,
    rotation: &Rotation,
    found: &Found,
    outcome: RotationStatus,
) -> Result<()> {
    let now = app.now();
    let ended = tx
        .exec(sql!(
            "UPDATE rotations SET status = ?, finished_at = ?, run_at = NULL, lease_until = NULL, row_version = row_version + 1, updated_at = ?
             WHERE id = ? AND status = 'running'",
            outcome, now, now, rotation.id
        ))
        .await?;
    if ended == 0 {
        return Ok(());
    }
    let (action, result) = match outcome {
        RotationStatus::Succeeded => ("rotation.succeeded", Outcome::Ok),
        _ => ("rotation.failed", Outcome::Failed),
    };
    let event = event(action, rotation, found).outcome(result);
    audit::record(app, tx, &Actor::System, event).await.map(drop)
}

pub(super) fn event(action: &'static str, rotation: &Rotation, found: &Found) -> Event {
    Event::new(action, found.label())
        .environment(rotation.environment_id)
        .secret(rotation.secret_id)
        .with("rotation", rotation.id)
        .with("to_version", rotation.to_version)
}
