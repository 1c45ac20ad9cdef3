//! Asked for: the operation and one row for each secret, in one unit. The worker does the rest.
use super::input::{Bulk, Kind};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Place};
use crate::secrets::{self, Secret};
use crate::{sql, tx, values};

/// Gives the id of the operation, whose page tells how it goes on.
pub async fn start(app: &App, actor: &Actor, bulk: Bulk) -> Result<i64> {
    // The worker acts later in the name of the person, who may do more than their token.
    actor.demand_in_person("one act on many secrets")?;
    if bulk.kind == Kind::Sync {
        actor.demand(Role::Manager, "pushing again")?;
    }
    let places = environments::visible(app, actor).await?;
    let secrets = secrets::among(app, &places, &bulk.ids).await?;
    if secrets.is_empty() {
        return Err(Error::invalid("", "none of the chosen secrets is there any more"));
    }
    demand_proof(app, actor, &bulk, &secrets, &places)?;
    let ids: Vec<i64> = secrets.iter().map(|secret| secret.id).collect();
    let tags = serde_json::to_string(&bulk.tags).map_err(Error::broken)?;
    let total = i64::try_from(ids.len()).map_err(Error::broken)?;
    let trace = actor.trace();
    let id = tx!(app.db, |tx| {
        let now = app.now();
        let id = tx
            .insert(sql!(
                "INSERT INTO bulk_operations (user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at)
                 VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)",
                actor.id(),
                bulk.kind.as_str(),
                &tags,
                &bulk.reason,
                total,
                &trace.client,
                &trace.request_id,
                now,
                now
            ))
            .await?;
        let insert = sql!(
            "INSERT INTO bulk_items (operation_id, secret_id, state, detail, created_at, updated_at) VALUES (?, ?, 'waiting', '', ?, ?)"
        );
        tx.insert_all(insert, ids.iter().map(|secret| values![id, *secret, now, now]).collect()).await?;
        let event = Event::new("bulk.started", format!("bulk {id}"))
            .with("bulk", id)
            .with("kind", bulk.kind.as_str())
            .with("secrets", total)
            .with("reason", bulk.reason.as_str());
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    id
}

/// Asked once, for all of them: the worker acts in this person's name later, and asks for the rights again, secret by secret.
fn demand_proof(app: &App, actor: &Actor, bulk: &Bulk, secrets: &[Secret], places: &[Place]) -> Result<()> {
    let Some(act) = bulk.kind.act() else { return Ok(()) };
    for secret in secrets {
        let place = places.iter().find(|place| place.environment.id == secret.environment_id);
        let Some(place) = place else { continue };
        place.demand_proof_to_send(actor, act, secret.secrecy_level, app.now())?;
        let asks = bulk.kind.asks_reason(actor, place, secret.secrecy_level);
        secrets::reason(&bulk.reason, asks)?;
    }
    Ok(())
}
