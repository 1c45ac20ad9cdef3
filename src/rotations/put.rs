//! A new value is put in force: its version, the switch, the jobs of its copies, and the rotation that tells how they fare.
//! `rotate`, `restore` and `promote` call it inside their own unit; each has its own rules and its own audit event.
use super::input::Mode;
use super::row::copy_step;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::secrets::{self, Found, NewVersion};
use crate::sql;

pub(super) struct Put<'a> {
    pub mode: Mode,
    pub version: &'a NewVersion,
    pub reason: &'a str,
    /// Of the page that the wish was made on.
    pub row_version: i64,
}

impl Put<'_> {
    /// Gives the id of the rotation. `found` is locked.
    pub(super) async fn store(&self, tx: &mut Tx, now: Utc, actor: &Actor, found: &Found) -> Result<i64> {
        let secret = &found.secret;
        let to = self.version.number;
        if secret.row_version != self.row_version || secret.current_version + 1 != to {
            return Err(moved());
        }
        if !secret.is_active {
            return Err(Error::Conflict(
                "this secret is deactivated: restore it before you change its value".into(),
            ));
        }
        secrets::add_version(tx, now, actor, secret.id, self.version, self.reason).await?;
        secrets::advance(tx, now, found, self.mode != Mode::Restored).await?;
        self.insert(tx, now, actor, found).await
    }

    /// The rotation and its steps: the first two have happened when this is stored, the copies follow.
    async fn insert(&self, tx: &mut Tx, now: Utc, actor: &Actor, found: &Found) -> Result<i64> {
        let (secret, environment) = (&found.secret, &found.place.environment);
        let running = environment.backends().next().is_some();
        let status = if running { RotationStatus::Running } else { RotationStatus::Succeeded };
        let finished = (!running).then_some(now);
        let id = tx
            .insert(sql!(
                "INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                secret.id, environment.id, status, self.mode.as_str(), self.reason, actor.id(), actor.name(), secret.current_version,
                self.version.number, now, finished, now, now
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
}

pub(super) fn moved() -> Error {
    Error::Conflict(
        "somebody else changed this secret meanwhile: look at it again, nothing of yours was stored".into(),
    )
}

fn plan(environment: &Environment) -> Vec<(&'static str, bool)> {
    let copies = environment.backends().map(|backend| (copy_step(backend), false));
    [("value", true), ("switch", true)].into_iter().chain(copies).collect()
}
