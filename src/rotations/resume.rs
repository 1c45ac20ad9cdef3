//! What a person may do with a rotation at a source that has not ended well, or not yet: lead it back, try again, or take over.
use super::end::given_up;
use super::lease::turn_in;
use super::row::{Rotation, read};
use super::settle;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, VersionState};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::secrets;
use crate::{sql, tx};

/// What a rotation's page may offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its value is not in force yet, and it can still be led back.
    UnderWay,
    /// It is being led back.
    LeadingBack,
    /// The source may hold either value, and Keeper has stopped trying.
    Parked,
    /// Nothing of this is to be done any more.
    Settled,
}

pub async fn standing(app: &App, rotation: &Rotation) -> Result<Standing> {
    standing_in(&mut app.db.read().await?, rotation).await
}

async fn standing_in(conn: &mut Conn, rotation: &Rotation) -> Result<Standing> {
    match (rotation.status, rotation.run_at, rotation.to_version) {
        (RotationStatus::Running, Some(_), _) if rotation.is_undoing => Ok(Standing::LeadingBack),
        (RotationStatus::Running, Some(_), _) => Ok(Standing::UnderWay),
        (RotationStatus::Failed, _, Some(to)) => {
            let version = secrets::version_in(conn, rotation.secret_id, to).await?;
            let parked = version.state == VersionState::Pending;
            Ok(if parked { Standing::Parked } else { Standing::Settled })
        }
        _ => Ok(Standing::Settled),
    }
}

/// Whatever can still be undone is: before the switch everything is led back; where the way back has failed, a person takes over.
pub async fn cancel(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let rotation = super::find(app, actor, id).await?;
    match standing(app, &rotation).await? {
        Standing::Parked => take_over(app, actor, id).await,
        _ => lead_back(app, actor, id).await,
    }
}

/// Before the new value is in force: the source gets its old one back.
pub async fn lead_back(app: &App, actor: &Actor, id: i64) -> Result<()> {
    act(app, actor, id, Deed::LeadBack).await
}

/// The way back of one that was parked, once more.
pub async fn again(app: &App, actor: &Actor, id: i64) -> Result<()> {
    act(app, actor, id, Deed::Again).await
}

/// A person looks after the source: Keeper's old value is in force, and the new one stays readable among the versions.
pub async fn take_over(app: &App, actor: &Actor, id: i64) -> Result<()> {
    act(app, actor, id, Deed::TakeOver).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    LeadBack,
    Again,
    TakeOver,
}

async fn act(app: &App, actor: &Actor, id: i64, deed: Deed) -> Result<()> {
    let seen = super::find(app, actor, id).await?;
    let (from, action) = match deed {
        Deed::LeadBack => (Standing::UnderWay, "rotation.cancelled"),
        Deed::Again => (Standing::Parked, "rotation.retried"),
        Deed::TakeOver => (Standing::Parked, "rotation.taken_over"),
    };
    let done = tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, actor, seen.secret_id).await?;
        found.demand(actor, Act::Rotate)?;
        found.place.demand_proof_to_send(actor, Act::Rotate, found.secret.secrecy_level, now)?;
        let rotation = read(tx, id, " {lock}").await?;
        if standing_in(tx, &rotation).await? != from {
            return Err(Error::Conflict("this rotation has gone on meanwhile: look at it again".into()));
        }
        match deed {
            Deed::LeadBack => turn(tx, now, id).await?,
            Deed::Again => resume(tx, now, id).await?,
            Deed::TakeOver => given_up(app, tx, now, &rotation, &found).await?,
        }
        audit::record(app, tx, actor, settle::event(action, &rotation, &found)).await?;
        Ok(())
    });
    app.jobs.notify_waiters();
    done
}

async fn turn(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    turn_in(tx, now, id).await?;
    // At once, unless a worker has it in hand: that one looks before each step.
    tx.exec(sql!("UPDATE rotations SET run_at = ? WHERE id = ? AND lease_until IS NULL", now, id))
        .await
        .map(drop)
}

async fn resume(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!(
        "UPDATE rotation_steps SET status = 'running', finished_at = NULL, updated_at = ? WHERE rotation_id = ? AND step = 'source'",
        now,
        id
    ))
    .await?;
    tx.exec(sql!(
        "UPDATE rotations SET status = 'running', run_at = ?, lease_until = NULL, attempts = 0, finished_at = NULL,
           row_version = row_version + 1, updated_at = ? WHERE id = ?",
        now,
        now,
        id
    ))
    .await
    .map(drop)
}
