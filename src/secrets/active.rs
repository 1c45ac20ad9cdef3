//! Deactivating a secret, and restoring it: soft, nothing is lost. An inactive one is neither pushed nor rotated.
use super::find::find_locked;
use super::pending::demand_settled;
use super::{reason, search, status, tallies};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::{sql, tx};

pub async fn set_active(
    app: &App,
    actor: &Actor,
    id: i64,
    active: bool,
    why: &str,
    row_version: i64,
) -> Result<()> {
    let done =
        tx!(app.db, |tx| switch(app, tx, actor, id, active, (why, Some(row_version))).await.map(|_| ()));
    app.jobs.notify_waiters();
    done
}

/// Inside a unit. False: it was so already. Where a person has looked at a row, its version says which.
pub async fn switch(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: i64,
    active: bool,
    (why, row_version): (&str, Option<i64>),
) -> Result<bool> {
    let now = app.now();
    let found = find_locked(tx, actor, id).await?;
    let (secret, place) = (&found.secret, &found.place);
    found.demand(actor, Act::Change)?;
    place.demand_proof_to_send(actor, Act::Change, secret.secrecy_level, now)?;
    let why = reason(why, place.asks(Act::Change, secret.secrecy_level).reason)?;
    if secret.is_active == active {
        return Ok(false); // said twice
    }
    if row_version.is_some_and(|version| version != secret.row_version) {
        return Err(Error::Conflict(
            "somebody else changed this secret meanwhile: nothing was changed".into(),
        ));
    }
    if !active {
        demand_settled(tx, &[secret]).await?;
    }
    let update = sql!(
        "UPDATE secrets SET is_active = ?, deactivated_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
        active,
        (!active).then_some(now),
        now,
        id
    );
    tallies::counted(tx, now, &[id], update).await?;
    search::note(tx, now, &[id]).await?;
    if active {
        status::queue_current(tx, now, &found).await?;
    }
    let action = if active { "secret.restored" } else { "secret.deactivated" };
    let event = Event::new(action, found.label()).environment(secret.environment_id).secret(id);
    audit::record(app, tx, actor, event.because(&why)).await?;
    Ok(true)
}
