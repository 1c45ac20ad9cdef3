//! What a person asks for: a new key, and that everything is wrapped with it.
use super::places::PLACES;
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::{sql, tx};

/// Begins a rewrap; the worker or the command line does it. Gives its id.
pub async fn start(app: &App, actor: &Actor) -> Result<i64> {
    actor.demand(Role::Admin, "wrapping the keys anew")?;
    let key_id = app.kms.active_key_id(&app.chance).await?;
    let started = tx!(app.db, |tx| {
        let now = app.now();
        let name: String = actor.name().chars().take(255).collect();
        let id = tx
            .insert(sql!(
                "INSERT INTO rewraps (key_id, place, from_key, after_id, total, rewrapped, failed, state, open_slot, lease_token, lease_until, trouble, actor_name,
                   ended_at, created_at, updated_at) VALUES (?, ?, '', 0, NULL, 0, 0, 'running', 1, 0, NULL, '', ?, NULL, ?, ?)",
                &key_id, PLACES[0].as_str(), &name, now, now
            ))
            .await?;
        let event = Event::new("keys.rewrap_started", &key_id).with("rewrap", id);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    app.jobs.notify_waiters();
    started.map_err(|e| {
        e.if_taken(|| Error::Conflict("the keys are being wrapped anew already: look how far it is".into()))
    })
}

/// Adds a key to the key file; says its id. `None`: the key service rotates its keys itself.
pub async fn rotate(app: &App, actor: &Actor) -> Result<Option<String>> {
    actor.demand(Role::Admin, "rotating the key")?;
    let former = app.kms.active_key_id(&app.chance).await?;
    let Some(key_id) = app.kms.rotate(&app.chance).await? else { return Ok(None) };
    // The file is changed by now: the event tells of what is, and comes after it.
    let told: Result<()> = tx!(app.db, |tx| {
        let event = Event::new("keys.rotated", &key_id).with("former", former.as_str());
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    told.map(|()| Some(key_id))
}
