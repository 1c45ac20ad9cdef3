//! A secret's new value, by the way that the secret asks for: at once, or at its source first.
use super::beside::Beside;
use super::new::{self, Way};
use super::put::{Put, demand_active, demand_unmoved, rotated};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::generate::Generated;
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::sources::{self, Strategy};
use crate::tx;

/// What was made or typed: where the secret is a user's password, the password. Gives the id of the rotation. A
/// conflict if the secret is not any more as it was seen.
pub(super) async fn change(
    app: &App,
    actor: &Actor,
    seen: &Found,
    made: Generated,
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    let Some(strategy) = sources::strategy(app, seen.secret.id).await? else {
        return at_once(app, actor, seen, made, (put, beside)).await;
    };
    let current = secrets::open_version(app, &seen.secret, seen.secret.current_version).await?;
    let turn = strategy.turn(&current, &made.value)?;
    drop((current, made));
    at_source(app, actor, seen, (&strategy, turn.value), (put, beside)).await
}

async fn at_once(
    app: &App,
    actor: &Actor,
    seen: &Found,
    made: Generated,
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    let secret = &seen.secret;
    let to = secret.last_version() + 1;
    let version = secrets::seal_version(app, &secret.uid, secret.environment_id, to, &made.value).await?;
    let version = version.with_public_half(made.public);
    drop(made.value);
    let id = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, secret.id).await?;
        found.demand(actor, Act::Rotate)?;
        let id = put.store(tx, app.now(), actor, &found, (&version, secret.row_version)).await?;
        beside.store(tx, id).await?;
        let event = rotated(&found.place.environment, &found.secret, to, id, put);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}

/// `value` in the secret's own shape. It is stored before anything outside hears of it; what follows is `journal`'s.
pub(super) async fn at_source(
    app: &App,
    actor: &Actor,
    seen: &Found,
    (strategy, value): (&Strategy, Plaintext),
    (put, beside): (&Put<'_>, &impl Beside),
) -> Result<i64> {
    strategy.check(&value)?;
    let secret = &seen.secret;
    let to = secret.last_version() + 1;
    let version = secrets::seal_version(app, &secret.uid, secret.environment_id, to, &value).await?;
    drop(value);
    let id = tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, actor, secret.id).await?;
        found.demand(actor, Act::Rotate)?;
        // A strategy that was set or changed meanwhile has moved it as well.
        demand_unmoved(&found.secret, secret.row_version)?;
        demand_active(&found.secret)?;
        secrets::demand_settled(tx, &[&found.secret]).await?;
        secrets::hold(tx, now, actor, &found.secret, &version, put.reason).await?;
        let environment = &found.place.environment;
        let ids = new::insert(tx, now, actor, environment, (put, Way::AtSource), &[&found.secret]).await?;
        let id = ids.first().copied().ok_or_else(new::lost)?;
        beside.store(tx, id).await?;
        let event = Event::new("rotation.started", found.label())
            .environment(environment.id)
            .secret(secret.id)
            .with("rotation", id)
            .with("from_version", secret.current_version)
            .with("to_version", to)
            .with("mode", put.mode.as_str());
        audit::record(app, tx, actor, event.because(put.reason)).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}
