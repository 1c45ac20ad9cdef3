//! Bringing a former version's value back, at its source as well: as a new version, by the rules of any change of a value, and
//! with a reason.
use super::begin::at_source;
use super::input::Mode;
use super::put::{Put, demand_unmoved};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::{Outcome, VersionState};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::secrets::{self, Found, Likeness, Version};
use crate::sources;
use crate::tx;

pub struct Restore {
    pub number: i64,
    pub reason: String,
    pub row_version: i64,
}

/// Gives the id of the rotation, whose page tells how its copies fare.
pub async fn restore(app: &App, actor: &Actor, secret_id: i64, wish: &Restore) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    seen.demand(actor, Act::Rotate)?;
    seen.place.demand_proof_to_send(actor, Act::Rotate, seen.secret.secrecy_level, app.now())?;
    let reason = secrets::reason(&wish.reason, true)?;
    let former = secrets::version(app, secret_id, wish.number).await?;
    let current = secrets::version(app, secret_id, seen.secret.current_version).await?;
    demand_worth(&former, &current)?;
    demand_unmoved(&seen.secret, wish.row_version)?;
    let value = open(app, actor, &seen, wish.number).await?;
    let put = Put { mode: Mode::Restored, reason: &reason };
    if let Some(strategy) = sources::strategy(app, secret_id).await? {
        return at_source(app, actor, &seen, (&strategy, value), (&put, &())).await;
    }
    let to = seen.secret.last_version() + 1;
    let version =
        secrets::seal_version(app, &seen.secret.uid, seen.secret.environment_id, to, &value).await?;
    let version = version.with_public_half(former.public_half);
    drop(value);
    let id = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, secret_id).await?;
        found.demand(actor, Act::Rotate)?;
        // It may have been destroyed after it was opened: then it does not come back.
        demand_there(&secrets::version_in(tx, secret_id, wish.number).await?)?;
        let id = put.store(tx, app.now(), actor, &found, (&version, wish.row_version)).await?;
        let event = event(&found, wish.number).with("to_version", to).with("rotation", id);
        audit::record(app, tx, actor, event.with("reason", reason.as_str())).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}

fn demand_worth(former: &Version, current: &Version) -> Result<()> {
    demand_there(former)?;
    if former.number == current.number {
        return Err(Error::Conflict(
            "this version is the current one: there is nothing to bring back".into(),
        ));
    }
    if Likeness::of(former.digest(), current.digest()) == Likeness::Equal {
        return Err(Error::Conflict(
            "the current version holds the same value: there is nothing to bring back".into(),
        ));
    }
    Ok(())
}

fn demand_there(version: &Version) -> Result<()> {
    if version.state == VersionState::Destroyed {
        return Err(Error::Conflict("this version was destroyed: nobody can bring it back".into()));
    }
    Ok(())
}

/// A value that does not open is damage, and an event.
async fn open(app: &App, actor: &Actor, seen: &Found, number: i64) -> Result<Plaintext> {
    let opened = secrets::open_version(app, &seen.secret, number).await;
    if let Err(Error::Broken(_)) = &opened {
        let recorded: Result<()> = tx!(app.db, |tx| {
            audit::record(app, tx, actor, event(seen, number).outcome(Outcome::Failed)).await?;
            Ok(())
        });
        recorded?;
    }
    opened
}

fn event(found: &Found, number: i64) -> Event {
    Event::new("version.restored", found.label())
        .environment(found.secret.environment_id)
        .secret(found.secret.id)
        .with("version", number)
}
