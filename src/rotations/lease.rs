//! One worker's hold on a rotation, and what may be written under it. Each line of the journal is stored before the next thing is
//! done; whoever has lost the hold writes nothing more.
use super::row::{Rotation, Step, read, steps_in};
use crate::app::App;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::StepStatus;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::secrets::{self, Found};
use crate::{outbox, sql, tx};
use time::Duration;

/// Longer than a step takes: each of the few calls that it makes ends after ten seconds.
const LEASE: Duration = Duration::seconds(90);

pub(super) struct Lease {
    pub rotation: Rotation,
    token: i64,
}

/// Takes the rotation that has waited longest. One whose worker has died is free again when the lease ends.
pub(super) async fn claim(app: &App) -> Result<Option<Lease>> {
    let now = app.now();
    // Looked at before a unit of writing is begun: most of the time there is nothing to do.
    if next_run(app).await?.is_none_or(|at| at > now) {
        return Ok(None);
    }
    tx!(app.db, |tx| {
        let query = sql!(
            "SELECT id, lease_token FROM rotations WHERE run_at <= ? ORDER BY run_at, id LIMIT 1 {skip}",
            now
        );
        let Some((id, token)) = tx.maybe::<(i64, i64)>(query).await? else { return Ok(None) };
        let (token, until) = (token + 1, now.plus(LEASE));
        tx.exec(sql!(
            "UPDATE rotations SET lease_token = ?, lease_until = ?, run_at = ?, attempts = attempts + 1, updated_at = ? WHERE id = ?",
            token, until, until, now, id
        ))
        .await?;
        Ok(Some(Lease { rotation: read(tx, id, "").await?, token }))
    })
}

/// When the next one wants to be looked at.
pub async fn next_run(app: &App) -> Result<Option<Utc>> {
    let query = sql!("SELECT run_at FROM rotations WHERE run_at IS NOT NULL ORDER BY run_at LIMIT 1");
    Ok(app.db.read().await?.maybe::<(Utc,)>(query).await?.map(|row| row.0))
}

impl Lease {
    /// The journal as it stands now: somebody may have asked for the way back meanwhile.
    pub async fn journal(&self, app: &App) -> Result<(Rotation, Vec<Step>)> {
        let mut conn = app.db.read().await?;
        let rotation = read(&mut conn, self.rotation.id, "").await?;
        Ok((rotation, steps_in(&mut conn, self.rotation.id).await?))
    }

    /// Stores how a step stands.
    pub async fn say(&self, app: &App, step: &Step, status: StepStatus, detail: &str) -> Result<()> {
        let now = app.now();
        tx!(app.db, |tx| {
            self.keep(tx, now).await?;
            say_in(tx, now, step, status, detail).await
        })
    }

    /// The way back begins, with a reason at the step that asked for it.
    pub async fn turn_back(&self, app: &App, step: &Step, status: StepStatus, why: &str) -> Result<()> {
        let now = app.now();
        tx!(app.db, |tx| {
            self.keep(tx, now).await?;
            say_in(tx, now, step, status, why).await?;
            turn_in(tx, now, self.rotation.id).await
        })
    }

    /// Lets go of it until later.
    pub async fn postpone(
        &self,
        app: &App,
        attempts: i64,
        step: Option<(&Step, StepStatus, &str)>,
    ) -> Result<()> {
        let now = app.now();
        let at = now.plus(outbox::back_off(app, attempts)?);
        tx!(app.db, |tx| {
            self.keep(tx, now).await?;
            if let Some((step, status, why)) = step {
                say_in(tx, now, step, status, why).await?;
            }
            tx.exec(sql!(
                "UPDATE rotations SET run_at = ?, lease_until = NULL, updated_at = ? WHERE id = ?",
                at,
                now,
                self.rotation.id
            ))
            .await
            .map(drop)
        })
    }

    /// Inside a unit: its secret, held, and the lease kept. In this order, as everywhere.
    pub async fn secret(&self, tx: &mut Tx, now: Utc) -> Result<Found> {
        let found = secrets::find_locked(tx, &Actor::System, self.rotation.secret_id).await?;
        self.keep(tx, now).await?;
        Ok(found)
    }

    /// Inside a unit: an error if another worker has taken it over, or if it has ended.
    async fn keep(&self, tx: &mut Tx, now: Utc) -> Result<()> {
        let kept = tx
            .exec(sql!(
                "UPDATE rotations SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running' AND run_at IS NOT NULL",
                now,
                self.rotation.id,
                self.token
            ))
            .await?;
        if kept == 1 {
            Ok(())
        } else {
            Err(Error::Conflict("another worker goes on with this rotation".into()))
        }
    }
}

/// From here on it goes back.
pub(super) async fn turn_in(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!(
        "UPDATE rotations SET is_undoing = ?, attempts = 0, row_version = row_version + 1, updated_at = ? WHERE id = ?",
        true,
        now,
        id
    ))
    .await
    .map(drop)
}

pub(super) async fn say_in(
    tx: &mut Tx,
    now: Utc,
    step: &Step,
    status: StepStatus,
    detail: &str,
) -> Result<()> {
    let begun = (status != StepStatus::Waiting).then_some(step.started_at.unwrap_or(now));
    let ended = matches!(status, StepStatus::Done | StepStatus::Failed | StepStatus::Undone).then_some(now);
    tx.exec(sql!(
        "UPDATE rotation_steps SET status = ?, detail = ?, started_at = ?, finished_at = ?, updated_at = ? WHERE id = ?",
        status,
        detail,
        begun,
        ended,
        now,
        step.id
    ))
    .await
    .map(drop)
}
