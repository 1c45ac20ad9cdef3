//! Rotate: the value is made and sealed first; then one transaction makes it current, queues its copies and records it.
use super::input::{NewValue, Rotate};
use super::row::copy_step;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::{Error, Result};
use crate::environments::{Act, Environment};
use crate::kit::clock::Utc;
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// Gives the id of the rotation, whose page tells how its copies fare.
pub async fn rotate(app: &App, actor: &Actor, secret_id: i64, wish: Rotate) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    seen.demand(actor, Act::Rotate)?;
    demand(app, actor, &seen, &wish)?;
    let mode = wish.mode();
    let value = match wish.new_value {
        NewValue::Typed(value) => value,
        NewValue::Generated(policy) => policy.generate(&app.chance)?,
    };
    let (from, to) = (seen.secret.current_version, seen.secret.current_version + 1);
    let version =
        secrets::seal_version(app, &seen.secret.uid, seen.secret.environment_id, to, &value).await?;
    drop(value);
    let id = tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, actor, secret_id).await?;
        found.demand(actor, Act::Rotate)?;
        let secret = &found.secret;
        if secret.row_version != wish.row_version || secret.current_version != from {
            return Err(moved());
        }
        if !secret.is_active {
            return Err(Error::Conflict(
                "this secret is deactivated: restore it before you rotate it".into(),
            ));
        }
        secrets::add_version(tx, now, actor, secret_id, &version, &wish.reason).await?;
        secrets::advance(tx, now, &found, to).await?;
        let id = insert(tx, now, actor, &found, mode.as_str(), &wish.reason, to).await?;
        let mut event = Event::new("secret.rotated", found.label())
            .environment(secret.environment_id)
            .secret(secret_id)
            .with("rotation", id)
            .with("from_version", from)
            .with("to_version", to)
            .with("mode", mode.as_str());
        if !wish.reason.is_empty() {
            event = event.with("reason", wish.reason.as_str());
        }
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}

fn moved() -> Error {
    Error::Conflict(
        "somebody else changed this secret meanwhile: look at it again, nothing of yours was stored".into(),
    )
}

fn demand(app: &App, actor: &Actor, seen: &Found, wish: &Rotate) -> Result<()> {
    let level = seen.secret.secrecy_level;
    seen.place.demand_proof_to_send(actor, Act::Rotate, level, app.now())?;
    secrets::reason(&wish.reason, seen.place.asks(Act::Rotate, level).reason)?;
    if wish.row_version == seen.secret.row_version { Ok(()) } else { Err(moved()) }
}

/// The rotation and its steps: the first two have happened when this is stored, the copies follow.
async fn insert(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    found: &Found,
    mode: &str,
    reason: &str,
    to: i64,
) -> Result<i64> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let running = environment.backends().next().is_some();
    let status = if running { RotationStatus::Running } else { RotationStatus::Succeeded };
    let finished = (!running).then_some(now);
    let id = tx
        .insert(sql!(
            "INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
            secret.id, environment.id, status, mode, reason, actor.id(), actor.name(), secret.current_version, to, now, finished, now, now
        ))
        .await?;
    for (position, (step, done)) in plan(environment).into_iter().enumerate() {
        let position = i64::try_from(position).map_err(Error::broken)? + 1;
        let status = if done { StepStatus::Done } else { StepStatus::Waiting };
        let at = done.then_some(now);
        tx.insert(sql!(
            "INSERT INTO rotation_steps (rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at)
             VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)",
            id, position, step, status, at, at, now, now
        ))
        .await?;
    }
    Ok(id)
}

fn plan(environment: &Environment) -> Vec<(&'static str, bool)> {
    let copies = environment.backends().map(|backend| (copy_step(backend), false));
    [("value", true), ("switch", true)].into_iter().chain(copies).collect()
}
