//! Rotate: the value is made and sealed first; then one transaction makes it current, queues its copies and records it.
use super::input::{NewValue, Rotate};
use super::put::{Put, moved, rotated};
use crate::app::App;
use crate::audit;
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::tx;

/// Gives the id of the rotation, whose page tells how its copies fare.
pub async fn rotate(app: &App, actor: &Actor, secret_id: i64, wish: Rotate) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    seen.demand(actor, Act::Rotate)?;
    demand(app, actor, &seen, &wish)?;
    let mode = wish.mode();
    let value = match wish.new_value {
        NewValue::Typed(value) => value,
        NewValue::Generated(policy) => policy.generate(&app.chance)?,
    };
    put_in_force(app, actor, &seen, value, &Put { mode, reason: &wish.reason }).await
}

/// Gives the id of the rotation. A conflict if the secret is not any more as it was seen.
pub(super) async fn put_in_force(
    app: &App,
    actor: &Actor,
    seen: &Found,
    value: Plaintext,
    put: &Put<'_>,
) -> Result<i64> {
    let secret = &seen.secret;
    let to = secret.current_version + 1;
    let version = secrets::seal_version(app, &secret.uid, secret.environment_id, to, &value).await?;
    drop(value);
    let id = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, secret.id).await?;
        found.demand(actor, Act::Rotate)?;
        let id = put.store(tx, app.now(), actor, &found, (&version, secret.row_version)).await?;
        let event = rotated(&found.place.environment, &found.secret, &version, id, put);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}

fn demand(app: &App, actor: &Actor, seen: &Found, wish: &Rotate) -> Result<()> {
    let level = seen.secret.secrecy_level;
    seen.place.demand_proof_to_send(actor, Act::Rotate, level, app.now())?;
    secrets::reason(&wish.reason, seen.place.asks(Act::Rotate, level).reason)?;
    if wish.row_version == seen.secret.row_version { Ok(()) } else { Err(moved()) }
}
