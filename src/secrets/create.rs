//! A new secret: its first version, its copies' jobs and the audit event, or nothing.
use super::free::{demand_free, taken};
use super::input::CreateSecret;
use super::store::{Ready, created, insert_all, prepare};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Environment};
use crate::tx;
use std::slice;

pub async fn create(app: &App, actor: &Actor, new: CreateSecret) -> Result<i64> {
    let fields = &new.fields;
    let no_environment = |e| match e {
        Error::NotFound => {
            Error::invalid("environment_id", "there is no such environment: choose one from the list")
        }
        e => e,
    };
    let place = environments::enter(app, actor, new.environment_id).await.map_err(no_environment)?;
    place.demand(actor, Act::Change, fields.secrecy_level)?;
    place.demand_proof_to_send(actor, Act::Change, fields.secrecy_level, app.now())?;
    super::reason(&fields.reason, place.asks(Act::Change, fields.secrecy_level).reason)?;
    let (environment_id, level) = (new.environment_id, fields.secrecy_level);
    let ready = prepare(app, new).await?;
    let id: Result<i64> = tx!(app.db, |tx| {
        // Again, on what is stored now: the door may have closed meanwhile.
        let place = environments::enter_in(tx, actor, environment_id).await?;
        place.demand(actor, Act::Change, level)?;
        insert(app, tx, actor, &place.environment, &ready).await
    });
    app.jobs.notify_waiters();
    // Two creates of one name at the same moment: the second is told the same as any later one.
    id.map_err(|e| match e {
        Error::Conflict(_) => taken(&place.environment),
        e => e,
    })
}

/// Inside a unit: the secret and its event. Whoever calls this has asked for the right to it.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    environment: &Environment,
    ready: &Ready,
) -> Result<i64> {
    demand_free(tx, environment, &ready.new).await?;
    let ready = slice::from_ref(ready);
    let ids = insert_all(tx, app.now(), actor, environment, ready).await?;
    audit::record_all(app, tx, actor, &created(environment, &ids, ready)).await?;
    ids.first().copied().ok_or_else(|| Error::broken("a secret that was just stored is not there"))
}
