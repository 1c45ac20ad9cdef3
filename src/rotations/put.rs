//! New values are put in force: their versions, the switch, the jobs of the copies, and the rotations that tell how they fare.
//! `rotate`, `restore` and `promote` do it with one secret, and an import with many, inside their own unit; each has its own
//! rules and its own audit event.
use super::input::Mode;
use super::row::copy_step;
use crate::audit::Event;
use crate::db::{BATCH, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::secrets::{self, Found, NewVersion, Secret};
use crate::{sql, values};
use std::collections::HashMap;

/// What is the same for all secrets that are changed in one unit.
pub struct Put<'a> {
    pub mode: Mode,
    pub reason: &'a str,
}

impl Put<'_> {
    /// Gives the id of the rotation. `found` is locked; `row_version` is of the page that the wish was made on.
    pub(super) async fn store(
        &self,
        tx: &mut Tx,
        now: Utc,
        actor: &Actor,
        found: &Found,
        (version, row_version): (&NewVersion, i64),
    ) -> Result<i64> {
        if found.secret.row_version != row_version {
            return Err(moved());
        }
        let rotations =
            self.store_all(tx, now, actor, &found.place.environment, &[(&found.secret, version)]).await?;
        rotations.first().copied().ok_or_else(lost)
    }

    /// The same for several secrets of one environment, which the caller has locked; the ids are in their order.
    pub async fn store_all(
        &self,
        tx: &mut Tx,
        now: Utc,
        actor: &Actor,
        environment: &Environment,
        new: &[(&Secret, &NewVersion)],
    ) -> Result<Vec<i64>> {
        for (secret, version) in new {
            if secret.current_version + 1 != version.number {
                return Err(moved());
            }
            if !secret.is_active {
                return Err(Error::Conflict(
                    "this secret is deactivated: restore it before you change its value".into(),
                ));
            }
        }
        let versions: Vec<_> =
            new.iter().map(|(secret, version)| (secret.id, *version, self.reason)).collect();
        secrets::add_versions(tx, now, actor, &versions).await?;
        let changed: Vec<&Secret> = new.iter().map(|(secret, _)| *secret).collect();
        secrets::advance_all(tx, now, environment, &changed, self.mode != Mode::Restored).await?;
        self.insert(tx, now, actor, environment, &changed).await
    }

    /// The rotations and their steps: the first two have happened when this is stored, the copies follow.
    async fn insert(
        &self,
        tx: &mut Tx,
        now: Utc,
        actor: &Actor,
        environment: &Environment,
        changed: &[&Secret],
    ) -> Result<Vec<i64>> {
        let running = environment.backends().next().is_some();
        let status = if running { RotationStatus::Running } else { RotationStatus::Succeeded };
        let finished = (!running).then_some(now);
        let insert = sql!(
            "INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
        );
        let row = |secret: &&Secret| {
            let (from, to) = (secret.current_version, secret.current_version + 1);
            values![
                secret.id,
                environment.id,
                status,
                self.mode.as_str(),
                self.reason,
                actor.id(),
                actor.name(),
                from,
                to,
                now,
                finished,
                now,
                now
            ]
        };
        tx.insert_all(insert, changed.iter().map(row).collect()).await?;
        let ids = newest(tx, changed).await?;
        insert_steps(tx, now, environment, &ids).await?;
        Ok(ids)
    }
}

/// The rotations that were just stored, in the order of their secrets.
async fn newest(tx: &mut Tx, changed: &[&Secret]) -> Result<Vec<i64>> {
    let mut by_secret: HashMap<i64, i64> = HashMap::with_capacity(changed.len());
    for batch in changed.chunks(BATCH) {
        let mut query = sql!(
            "SELECT r.secret_id, r.id FROM rotations r
             WHERE NOT EXISTS (SELECT 1 FROM rotations o WHERE o.secret_id = r.secret_id AND o.id > r.id)"
        );
        query.push_list(" AND r.secret_id IN ", batch.iter().map(|secret| Value::from(secret.id)));
        by_secret.extend(tx.all::<(i64, i64)>(query).await?);
    }
    changed.iter().map(|secret| by_secret.get(&secret.id).copied().ok_or_else(lost)).collect()
}

async fn insert_steps(tx: &mut Tx, now: Utc, environment: &Environment, rotations: &[i64]) -> Result<()> {
    let plan = plan(environment);
    let mut rows = Vec::with_capacity(rotations.len() * plan.len());
    for rotation in rotations {
        for (position, (step, done)) in (1_i64..).zip(&plan) {
            let status = if *done { StepStatus::Done } else { StepStatus::Waiting };
            let at = done.then_some(now);
            rows.push(values![*rotation, position, *step, status, at, at, now, now]);
        }
    }
    let insert = sql!(
        "INSERT INTO rotation_steps (rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)"
    );
    tx.insert_all(insert, rows).await
}

/// The event of a secret whose value was made, given or imported.
pub fn rotated(
    environment: &Environment,
    secret: &Secret,
    version: &NewVersion,
    rotation: i64,
    put: &Put<'_>,
) -> Event {
    Event::new("secret.rotated", format!("{}/{}", environment.name, secret.name))
        .environment(environment.id)
        .secret(secret.id)
        .with("rotation", rotation)
        .with("from_version", secret.current_version)
        .with("to_version", version.number)
        .with("mode", put.mode.as_str())
        .because(put.reason)
}

pub(super) fn moved() -> Error {
    Error::Conflict(
        "somebody else changed this secret meanwhile: look at it again, nothing of yours was stored".into(),
    )
}

fn lost() -> Error {
    Error::broken("a rotation that was just stored is not there")
}

fn plan(environment: &Environment) -> Vec<(&'static str, bool)> {
    let copies = environment.backends().map(|backend| (copy_step(backend), false));
    [("value", true), ("switch", true)].into_iter().chain(copies).collect()
}
