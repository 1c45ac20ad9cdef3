//! Bringing a former version's value back, at its source as well: as a new version, by the rules of any change of a value, and
//! with a reason.
use super::begin::{change, demand_there, restored};
use super::input::Mode;
use super::put::{Put, demand_unmoved};
use super::requests::{Wanted, ask};
use super::rotate::demand_said;
use super::row;
use super::warrant::warrant;
use crate::app::App;
use crate::audit;
use crate::crypto::generate::Generated;
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::secrets::{self, Found, Likeness, Version};
use crate::tx;

pub struct Restore {
    pub number: i64,
    pub reason: String,
    pub breaks_glass: bool,
    pub row_version: i64,
}

/// Gives the id of the rotation, whose page tells how its copies fare, or what it waits for.
pub async fn restore(app: &App, actor: &Actor, secret_id: i64, wish: &Restore) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    let warrant = warrant(actor, &seen, wish.breaks_glass)?;
    demand_said(app, actor, &seen, warrant, &wish.reason)?;
    let reason = secrets::reason(&wish.reason, true)?;
    let former = secrets::version(app, secret_id, wish.number).await?;
    let current = secrets::version(app, secret_id, seen.secret.current_version).await?;
    demand_worth(&former, &current)?;
    demand_unmoved(&seen.secret, wish.row_version)?;
    let Some(warrant) = warrant else {
        return ask(app, actor, &seen, Wanted::Former(wish.number), (Mode::Restored, &reason), &()).await;
    };
    let value = open(app, actor, &seen, wish.number).await?;
    let made = Generated { value, public: former.public_half };
    let put = Put { former: Some(wish.number), warrant, ..Put::own(Mode::Restored, &reason) };
    change(app, actor, &seen, made, (&put, &())).await
}

/// The value that was in force before a rotation comes back, as a rotation of its own. Only the one that put the value in force that
/// is in force now is rolled back: past a later one it would take away more than was asked for.
pub async fn roll_back(
    app: &App,
    actor: &Actor,
    id: i64,
    (reason, breaks_glass): (&str, bool),
) -> Result<i64> {
    let rotation = row::find(app, actor, id).await?;
    let secret = secrets::find(app, actor, rotation.secret_id).await?.secret;
    if rotation.to_version != Some(secret.current_version) {
        return Err(Error::Conflict(
            "what this rotation made is not in force: there is nothing to roll back. A former version is brought back by its number"
                .into(),
        ));
    }
    let wish = Restore {
        number: rotation.from_version,
        reason: reason.to_owned(),
        breaks_glass,
        row_version: secret.row_version,
    };
    restore(app, actor, secret.id, &wish).await
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

/// A value that does not open is damage, and an event.
async fn open(app: &App, actor: &Actor, seen: &Found, number: i64) -> Result<Plaintext> {
    let opened = secrets::open_version(app, &seen.secret, number).await;
    if let Err(Error::Broken(_)) = &opened {
        let recorded: Result<()> = tx!(app.db, |tx| {
            audit::record(app, tx, actor, restored(seen, number).outcome(Outcome::Failed)).await?;
            Ok(())
        });
        recorded?;
    }
    opened
}
