//! Broken glass: a change that somebody made without the approval that it should have waited for. It stays in sight until another
//! manager or admin has acknowledged it.
use super::find::{Found, find, find_locked};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope, spelled};
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::kit::clock::Utc;
use crate::{sql, tx};

/// So many are shown at once; the others follow when these are acknowledged.
const SHOWN: i64 = 20;

spelled!(/// What was done: a value, or how it is rotated, was changed without approval; or it was seen by an admin who is no member.
Broke { Change = "change", Reveal = "reveal" });

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Broken {
    pub id: i64,
    pub secret_id: i64,
    pub secret_name: String,
    pub environment_name: String,
    #[sqlx(try_from = "String")]
    pub act: Broke,
    pub rotation_id: Option<i64>,
    pub reason: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub created_at: Utc,
}

impl Broken {
    /// Another person, who may change values there: a manager or an admin.
    pub fn may_acknowledge(&self, actor: &Actor) -> bool {
        demand_another(actor, self.actor_id).is_ok()
    }
}

/// Inside the unit that makes the change.
pub async fn break_glass(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    (act, rotation): (Broke, Option<i64>),
    reason: &str,
) -> Result<()> {
    let (now, secret) = (app.now(), &found.secret);
    tx.insert(sql!(
        "INSERT INTO glass_breaks (environment_id, secret_id, act, rotation_id, reason, actor_id, actor_name, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        secret.environment_id, secret.id, act.as_str(), rotation, reason, actor.id(), actor.name(), now, now
    ))
    .await?;
    tracing::warn!(actor = %actor.name(), secret = secret.id, act = act.as_str(), "the glass was broken");
    let event = event("glass.broken", found).with("act", act.as_str()).with("reason", reason);
    let event = rotation.into_iter().fold(event, |event, rotation| event.with("rotation", rotation));
    audit::record(app, tx, actor, event).await.map(drop)
}

/// What this person may hear of: it is told to managers and admins.
pub async fn broken(app: &App, actor: &Actor, places: &[Place]) -> Result<Vec<Broken>> {
    actor.demand_with(Scope::SecretsRead, Role::Manager, "hearing of broken glass")?;
    let open: Vec<i64> = places.iter().map(|place| place.environment.id).collect();
    unacknowledged(app, &open, None).await
}

/// What nobody has acknowledged yet in these environments, newest first; of one secret alone where one is named.
pub async fn unacknowledged(app: &App, environments: &[i64], secret: Option<i64>) -> Result<Vec<Broken>> {
    let mut query = sql!(
        "SELECT g.id, g.secret_id, s.name AS secret_name, e.name AS environment_name, g.act, g.rotation_id, g.reason, g.actor_id, g.actor_name, g.created_at
         FROM glass_breaks g JOIN secrets s ON s.id = g.secret_id JOIN environments e ON e.id = g.environment_id
         WHERE g.acknowledged_at IS NULL"
    );
    query.push_list(" AND g.environment_id IN ", environments.iter().copied().map(Value::from));
    if let Some(secret) = secret {
        query.push(" AND g.secret_id = ?", [secret.into()]);
    }
    query.push(" ORDER BY g.id DESC LIMIT ?", [SHOWN.into()]);
    app.db.read().await?.all(query).await
}

/// Gives the secret. Said twice it is one: whoever was first is named.
pub async fn acknowledge(app: &App, actor: &Actor, id: i64) -> Result<i64> {
    let query = sql!("SELECT secret_id, actor_id FROM glass_breaks WHERE id = ?", id);
    let (secret, breaker) = app.db.read().await?.one::<(i64, Option<i64>)>(query).await?;
    // Behind a closed door there is nothing to acknowledge.
    find(app, actor, secret).await?;
    demand_another(actor, breaker)?;
    tx!(app.db, |tx| {
        let found = find_locked(tx, actor, secret).await?;
        let now = app.now();
        let done = tx
            .exec(sql!(
                "UPDATE glass_breaks SET acknowledged_at = ?, acknowledger_id = ?, updated_at = ? WHERE id = ? AND acknowledged_at IS NULL",
                now,
                actor.id(),
                now,
                id
            ))
            .await?;
        if done == 1 {
            audit::record(app, tx, actor, event("glass.acknowledged", &found).with("glass", id)).await?;
        }
        Ok(secret)
    })
}

fn demand_another(actor: &Actor, breaker: Option<i64>) -> Result<()> {
    actor.demand_with(Scope::RotationsApprove, Role::Manager, "acknowledging")?;
    if actor.id() == breaker {
        return Err(Error::Forbidden("another manager or admin acknowledges this".into()));
    }
    Ok(())
}

fn event(action: &'static str, found: &Found) -> Event {
    Event::new(action, found.label()).environment(found.secret.environment_id).secret(found.secret.id)
}
