//! How a rotation at a source leaves the worker's hands: its value in force, given up, or parked until a person helps.
use super::input::Mode;
use super::lease::{Lease, say_in};
use super::next::{Next, next};
use super::put::{Put, rotated};
use super::row::{Rotation, Step, StepKind};
use super::settle;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::fault;
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// In one unit: the new version is current, the old one previous, each copy has a job.
pub(super) async fn switch(app: &App, lease: &Lease, rotation: &Rotation, step: &Step) -> Result<()> {
    fault::point("before_switch");
    let mode: Mode = rotation.mode.parse().map_err(Error::broken)?;
    let put = Put::own(mode, &rotation.reason);
    let done = tx!(app.db, |tx| {
        let now = app.now();
        let found = lease.secret(tx, now).await?;
        secrets::put_in_force(tx, now, &found, mode.is_fresh()).await?;
        say_in(tx, now, step, StepStatus::Done, "").await?;
        let is_over = found.secret.backends(&found.place.environment).next().is_none();
        // The way back was asked for in the last moment: then this unit is none.
        let switched = tx
            .exec(sql!(
                "UPDATE rotations SET run_at = NULL, lease_until = NULL, attempts = 0, updated_at = ? WHERE id = ? AND is_undoing = ?",
                now,
                rotation.id,
                false
            ))
            .await?;
        if switched == 0 {
            return Err(Error::Conflict("the way back was asked for".into()));
        }
        let (environment, to) = (&found.place.environment, found.secret.last_version());
        audit::record(app, tx, &Actor::System, rotated(environment, &found.secret, to, rotation.id, &put))
            .await?;
        if is_over {
            settle::end(app, tx, rotation, &found, RotationStatus::Succeeded).await?;
        }
        Ok(())
    });
    fault::point("after_switch");
    app.jobs.notify_waiters();
    done
}

/// Nothing outside holds the new value, and nothing in Keeper has changed but what is told here.
pub(super) async fn give_up(app: &App, lease: &Lease) -> Result<()> {
    fault::point("before_end");
    let rotation = &lease.rotation;
    tx!(app.db, |tx| {
        let now = app.now();
        let found = lease.secret(tx, now).await?;
        given_up(app, tx, now, rotation, &found).await
    })
}

/// The caller holds the secret.
pub(super) async fn given_up(
    app: &App,
    tx: &mut Tx,
    now: Utc,
    rotation: &Rotation,
    found: &Found,
) -> Result<()> {
    secrets::give_up(tx, now, &found.secret).await?;
    tx.exec(sql!(
        "UPDATE rotation_steps SET status = 'skipped', updated_at = ? WHERE rotation_id = ? AND status IN ('waiting', 'running')",
        now,
        rotation.id
    ))
    .await?;
    settle::end(app, tx, rotation, found, RotationStatus::Failed).await
}

/// The source may hold the new value and nobody can tell: the version stays as it is, so that nothing that works is lost.
pub(super) async fn park(app: &App, lease: &Lease, step: &Step, why: &str) -> Result<()> {
    let rotation = &lease.rotation;
    tx!(app.db, |tx| {
        let now = app.now();
        let found = lease.secret(tx, now).await?;
        say_in(tx, now, step, StepStatus::Failed, why).await?;
        settle::end(app, tx, rotation, &found, RotationStatus::Failed).await
    })
}

/// It can go neither forward nor back: given up if nothing outside was touched, else parked.
pub(super) async fn stop(app: &App, lease: &Lease, why: &str) -> Result<()> {
    let (_, steps) = lease.journal(app).await?;
    match steps.iter().find(|step| step.step == StepKind::Source) {
        Some(step) if next(true, &steps) == Next::Undo => park(app, lease, step, why).await,
        _ => give_up(app, lease).await,
    }
}
