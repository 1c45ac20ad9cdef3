//! New rotations as rows, with the steps that they plan.
use super::put::Put;
use super::row::{StepKind, copy_step};
use crate::db::{BATCH, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::secrets::Secret;
use crate::{sql, values};
use std::collections::HashMap;

/// Where a new value has to be besides in Keeper.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Nowhere: it is in force with the unit that stores the rotation, and the copies follow.
    AtOnce,
    /// At its source first: the worker goes on from here.
    AtSource,
}

/// The steps in their order, and whether each has happened when they are stored.
fn plan(way: Way, environment: &Environment, secret: &Secret) -> Vec<(StepKind, bool)> {
    let own: &[(StepKind, bool)] = match way {
        Way::AtOnce => &[(StepKind::Value, true), (StepKind::Switch, true)],
        Way::AtSource => &[
            (StepKind::Value, true),
            (StepKind::Source, false),
            (StepKind::Try, false),
            (StepKind::Switch, false),
        ],
    };
    let copies = secret.backends(environment).map(|backend| (copy_step(backend), false));
    own.iter().copied().chain(copies).collect()
}

/// Gives their ids, in the order of `secrets`, which are as they were before the change.
pub(super) async fn insert(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    environment: &Environment,
    (put, way): (&Put<'_>, Way),
    secrets: &[&Secret],
) -> Result<Vec<i64>> {
    if let Some(id) = put.warrant.rotation() {
        let secret = secrets.first().ok_or_else(lost)?;
        begin_waiting(tx, now, environment, (id, way), secret).await?;
        insert_steps(tx, now, environment, way, &[(id, secret)]).await?;
        return Ok(vec![id]);
    }
    let insert = sql!(
        "INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at, run_at, row_version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
    );
    let row = |secret: &&Secret| {
        let (from, to) = (secret.current_version, secret.last_version() + 1);
        let Start { status, finished, run_at } = start(way, environment, secret, now);
        values![
            secret.id,
            environment.id,
            status,
            put.mode.as_str(),
            put.reason,
            actor.id(),
            actor.name(),
            from,
            to,
            now,
            finished,
            run_at,
            now,
            now
        ]
    };
    tx.insert_all(insert, secrets.iter().map(row).collect()).await?;
    let ids = newest(tx, secrets).await?;
    let changed: Vec<_> = ids.iter().copied().zip(secrets.iter().copied()).collect();
    insert_steps(tx, now, environment, way, &changed).await?;
    Ok(ids)
}

struct Start {
    status: RotationStatus,
    finished: Option<Utc>,
    run_at: Option<Utc>,
}

fn start(way: Way, environment: &Environment, secret: &Secret, now: Utc) -> Start {
    let is_running = way == Way::AtSource || secret.backends(environment).next().is_some();
    Start {
        status: if is_running { RotationStatus::Running } else { RotationStatus::Succeeded },
        finished: (!is_running).then_some(now),
        run_at: (way == Way::AtSource).then_some(now),
    }
}

/// The one that waited for another person is the one that is carried out.
async fn begin_waiting(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    (id, way): (i64, Way),
    secret: &Secret,
) -> Result<()> {
    let Start { status, finished, run_at } = start(way, environment, secret, now);
    let (from, to) = (secret.current_version, secret.last_version() + 1);
    let begun = tx
        .exec(sql!(
            "UPDATE rotations SET status = ?, from_version = ?, to_version = ?, started_at = ?, finished_at = ?, run_at = ?,
               row_version = row_version + 1, updated_at = ? WHERE id = ? AND status = ?",
            status, from, to, now, finished, run_at, now, id, RotationStatus::AwaitingApproval
        ))
        .await?;
    if begun == 1 { Ok(()) } else { Err(lost()) }
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

async fn insert_steps(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    way: Way,
    rotations: &[(i64, &Secret)],
) -> Result<()> {
    let mut rows = Vec::new();
    for (rotation, secret) in rotations {
        for (position, (step, done)) in (1_i64..).zip(plan(way, environment, secret)) {
            let status = if done { StepStatus::Done } else { StepStatus::Waiting };
            let at = done.then_some(now);
            rows.push(values![*rotation, position, step.as_str(), status, at, at, now, now]);
        }
    }
    let insert = sql!(
        "INSERT INTO rotation_steps (rotation_id, position, step, status, detail, started_at, finished_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)"
    );
    tx.insert_all(insert, rows).await
}

pub(super) fn lost() -> Error {
    Error::broken("a rotation that was just stored is not there")
}
