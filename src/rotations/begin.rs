//! A secret's new value, by the way that the secret asks for: at once, or at its source first.
use super::beside::Beside;
use super::new::{self, Way};
use super::put::{Put, demand_active, demand_unmoved, rotated};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::generate::Generated;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::VersionState;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::secrets::{self, Found, NewVersion, Version};
use crate::sources::{self, Strategy};
use crate::tx;

/// What was made, typed or taken from a former version: where the secret is a user's password, the password. Gives the id of the
/// rotation. A conflict if the secret is not any more as it was seen.
pub(super) async fn change(
    app: &App,
    actor: &Actor,
    seen: &Found,
    made: Generated,
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    let id = match sources::strategy(app, seen.secret.id).await? {
        None => at_once(app, actor, seen, made, (put, beside)).await?,
        Some(strategy) => {
            let value = shaped(app, seen, &strategy, made.value, put).await?;
            at_source(app, actor, seen, (&strategy, value), (put, beside)).await?
        }
    };
    app.jobs.notify_waiters();
    Ok(id)
}

/// In the secret's own shape; a former value has it already.
async fn shaped(
    app: &App,
    seen: &Found,
    strategy: &Strategy,
    value: Plaintext,
    put: &Put<'_>,
) -> Result<Plaintext> {
    if put.former.is_some() {
        return Ok(value);
    }
    let current = secrets::open_version(app, &seen.secret, seen.secret.current_version).await?;
    Ok(strategy.turn(&current, &value)?.value)
}

async fn at_once(
    app: &App,
    actor: &Actor,
    seen: &Found,
    made: Generated,
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    let (secret, public) = (&seen.secret, made.public);
    let version = seal(app, seen, made.value).await?.with_public_half(public);
    tx!(app.db, |tx| {
        let found = demand(app, tx, actor, seen, put).await?;
        let id = put.store(tx, app.now(), actor, &found, (&version, secret.row_version)).await?;
        beside.store(tx, id).await?;
        put.warrant.used(app, tx, actor, &found, (Some(id), put.reason)).await?;
        audit::record(app, tx, actor, event(&found, version.number, id, put)).await?;
        Ok(id)
    })
}

/// It is stored before anything outside hears of it; what follows is `journal`'s.
async fn at_source(
    app: &App,
    actor: &Actor,
    seen: &Found,
    (strategy, value): (&Strategy, Plaintext),
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    strategy.check(&value)?;
    let version = seal(app, seen, value).await?;
    tx!(app.db, |tx| {
        let now = app.now();
        let found = demand(app, tx, actor, seen, put).await?;
        // A strategy that was set or changed meanwhile has moved it as well.
        demand_unmoved(&found.secret, seen.secret.row_version)?;
        demand_active(&found.secret)?;
        secrets::demand_settled(tx, &[&found.secret]).await?;
        secrets::hold(tx, now, put.warrant.author(actor), &found.secret, &version, put.reason).await?;
        let environment = &found.place.environment;
        let ids = new::insert(tx, now, actor, environment, (put, Way::AtSource), &[&found.secret]).await?;
        let id = ids.first().copied().ok_or_else(new::lost)?;
        beside.store(tx, id).await?;
        put.warrant.used(app, tx, actor, &found, (Some(id), put.reason)).await?;
        audit::record(app, tx, actor, started(&found, version.number, id, put)).await?;
        Ok(id)
    })
}

/// Before the unit: it may ask a KMS across the network. The value goes no further.
async fn seal(app: &App, seen: &Found, value: Plaintext) -> Result<NewVersion> {
    let secret = &seen.secret;
    let to = secret.last_version() + 1;
    secrets::seal_version(app, &secret.uid, secret.environment_id, to, &value).await
}

/// Inside the unit: the secret, held, and the right to change it on what is stored now.
async fn demand(app: &App, tx: &mut Tx, actor: &Actor, seen: &Found, put: &Put<'_>) -> Result<Found> {
    let found = secrets::find_locked(tx, actor, seen.secret.id).await?;
    put.warrant.demand(app, tx, actor, &found).await?;
    if let Some(number) = put.former {
        // It may have been destroyed after it was opened: then it does not come back.
        demand_there(&secrets::version_in(tx, found.secret.id, number).await?)?;
    }
    Ok(found)
}

pub(super) fn demand_there(version: &Version) -> Result<()> {
    if version.state == VersionState::Destroyed {
        return Err(Error::Conflict("this version was destroyed: nobody can bring it back".into()));
    }
    Ok(())
}

fn event(found: &Found, to: i64, rotation: i64, put: &Put<'_>) -> Event {
    let Some(number) = put.former else {
        return rotated(&found.place.environment, &found.secret, to, rotation, put);
    };
    restored(found, number).with("to_version", to).with("rotation", rotation).with("reason", put.reason)
}

pub(super) fn restored(found: &Found, number: i64) -> Event {
    Event::new("version.restored", found.label())
        .environment(found.secret.environment_id)
        .secret(found.secret.id)
        .with("version", number)
}

fn started(found: &Found, to: i64, rotation: i64, put: &Put<'_>) -> Event {
    let event = Event::new("rotation.started", found.label())
        .environment(found.secret.environment_id)
        .secret(found.secret.id)
        .with("rotation", rotation)
        .with("from_version", found.secret.current_version)
        .with("to_version", to)
        .with("mode", put.mode.as_str());
    let event = put.former.into_iter().fold(event, |event, number| event.with("version", number));
    event.because(put.reason)
}
