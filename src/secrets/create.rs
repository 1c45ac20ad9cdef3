//! A new secret: its first version, its copies' jobs and the audit event, or nothing. What is asked of whoever brings one stands here
//! for those who bring many, too.
use super::free::{hindrances, taken};
use super::input::{CreateSecret, reason};
use super::store::{Ready, created, insert_all, prepare};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Environment, Place};
use crate::tx;
use std::slice;

pub(super) const NO_ENVIRONMENT: &str = "there is no such environment: choose one from the list";

pub async fn create(app: &App, actor: &Actor, new: CreateSecret) -> Result<i64> {
    let environment_id = new.environment_id;
    let no_environment = |e| match e {
        Error::NotFound => Error::invalid("environment_id", NO_ENVIRONMENT),
        e => e,
    };
    let place = environments::enter(app, actor, environment_id).await.map_err(no_environment)?;
    demand(app, actor, &place, &new)?;
    let ready = prepare(app, new).await?;
    let id: Result<i64> = tx!(app.db, |tx| {
        let place = enter_again(tx, actor, environment_id, slice::from_ref(&ready)).await?;
        insert(app, tx, actor, &place.environment, &ready).await
    });
    app.jobs.notify_waiters();
    // Two creates of one name at the same moment: the second is told the same as any later one.
    id.map_err(|e| e.if_taken(|| Error::Invalid(taken(&place.environment))))
}

/// Before anything is made or sealed: the right to it, and a fresh proof and a reason where the place asks for them.
pub(super) fn demand(app: &App, actor: &Actor, place: &Place, new: &CreateSecret) -> Result<()> {
    let level = new.fields.secrecy_level;
    place.demand(actor, Act::Change, level)?;
    place.demand_proof_to_send(actor, Act::Change, level, app.now())?;
    reason(&new.fields.reason, place.asks(Act::Change, level).reason).map(drop)
}

/// Inside the unit: the right once more, on what is stored now. The door may have closed meanwhile.
pub(super) async fn enter_again(
    tx: &mut Tx,
    actor: &Actor,
    environment_id: i64,
    ready: &[Ready],
) -> Result<Place> {
    let place = environments::enter_in(tx, actor, environment_id).await?;
    for one in ready {
        place.demand(actor, Act::Change, one.new.fields.secrecy_level)?;
    }
    Ok(place)
}

/// Inside a unit: the secret and its event. Whoever calls this has asked for the right to it.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    environment: &Environment,
    ready: &Ready,
) -> Result<i64> {
    let ready = slice::from_ref(ready);
    if let Some((_, own)) = hindrances(tx, environment, ready).await?.pop_first() {
        return Err(Error::Invalid(own));
    }
    let ids = insert_all(tx, app.now(), actor, environment, ready).await?;
    audit::record_all(app, tx, actor, &created(environment, &ids, ready)).await?;
    ids.first().copied().ok_or_else(|| Error::broken("a secret that was just stored is not there"))
}
