//! Creating, changing and deleting sources: admins' work.
use super::input::SaveSource;
use super::password;
use super::rights::demand;
use super::row::{Source, find, find_locked, secrets_of};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::seal::Sealed;
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::{sql, tx};

pub async fn create(app: &App, actor: &Actor, environment_id: i64, new: SaveSource) -> Result<i64> {
    let place = environments::enter(app, actor, environment_id).await?;
    demand(app, actor, &place, &new.reason)?;
    let given = new.password.as_ref().ok_or_else(|| Error::invalid("password", "is required"))?;
    let sealed = password::seal(app, environment_id, &new.address, given).await?;
    let made: Result<i64> = tx!(app.db, |tx| {
        let now = app.now();
        let place = environments::enter_in(tx, actor, environment_id).await?;
        demand(app, actor, &place, &new.reason)?;
        demand_free_name(tx, environment_id, &new, 0).await?;
        let at = &new.address;
        let id = tx
            .insert(sql!(
                "INSERT INTO sources (environment_id, name, engine, host, port, database_name, tls, authority, user_name, ciphertext, nonce, wrapped_key, key_id,
                   row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                environment_id, new.name.as_str(), at.engine.as_str(), &at.host, at.port, &new.database_name, at.tls.as_str(), &at.authority, &at.user_name,
                sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(), &sealed.key_id, now, now
            ))
            .await?;
        let label = format!("{}/{}", place.environment.name, new.name);
        let event = told(Event::new("source.created", label).environment(environment_id), &new);
        audit::record(app, tx, actor, event).await?;
        Ok(id)
    });
    made.map_err(|e| e.if_taken(taken))
}

/// Without a password the stored one is kept, if it goes where it went before.
pub async fn update(app: &App, actor: &Actor, id: i64, new: SaveSource) -> Result<()> {
    let seen = find(app, actor, id).await?;
    demand(app, actor, &seen.place, &new.reason)?;
    let sealed = match &new.password {
        Some(given) => Some(password::seal(app, seen.source.environment_id, &new.address, given).await?),
        None => None,
    };
    let saved: Result<()> = tx!(app.db, |tx| {
        let found = find_locked(tx, actor, id).await?;
        let old = &found.source;
        demand(app, actor, &found.place, &new.reason)?;
        demand_unmoved(old, new.row_version)?;
        if sealed.is_none() && old.address != new.address {
            return Err(Error::invalid(
                "password",
                "is asked for anew when the server, the user or the TLS changes: the stored one is not sent elsewhere",
            ));
        }
        if old.address.engine != new.address.engine && !secrets_of(tx, id, 1).await?.is_empty() {
            return Err(Error::invalid(
                "engine",
                "cannot be changed while secrets are changed at this source: make another one for them",
            ));
        }
        demand_free_name(tx, old.environment_id, &new, id).await?;
        store(app, tx, id, &new, sealed.as_ref()).await?;
        let event = Event::new("source.updated", found.label()).environment(old.environment_id);
        let event = told(event, &new).with("changed", changed(old, &new));
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    saved.map_err(|e| e.if_taken(taken))
}

pub async fn delete(app: &App, actor: &Actor, id: i64, row_version: i64, why: &str) -> Result<()> {
    tx!(app.db, |tx| {
        let found = find_locked(tx, actor, id).await?;
        demand(app, actor, &found.place, why)?;
        demand_unmoved(&found.source, row_version)?;
        if let Some((_, name)) = secrets_of(tx, id, 1).await?.first() {
            return Err(Error::Conflict(format!(
                "secrets are changed at this source, such as {name}: give them another strategy or none first"
            )));
        }
        tx.exec(sql!("DELETE FROM sources WHERE id = ?", id)).await?;
        let event = Event::new("source.deleted", found.label()).environment(found.source.environment_id);
        audit::record(app, tx, actor, event.because(why.trim())).await?;
        Ok(())
    })
}

fn demand_unmoved(old: &Source, row_version: i64) -> Result<()> {
    if old.row_version == row_version {
        return Ok(());
    }
    Err(Error::Conflict("somebody else changed this source meanwhile: nothing of yours was stored".into()))
}

async fn demand_free_name(tx: &mut Tx, environment_id: i64, new: &SaveSource, id: i64) -> Result<()> {
    let query = sql!(
        "SELECT id FROM sources WHERE environment_id = ? AND name = ? AND id <> ?",
        environment_id,
        new.name.as_str(),
        id
    );
    match tx.maybe::<(i64,)>(query).await? {
        Some(_) => Err(taken()),
        None => Ok(()),
    }
}

fn taken() -> Error {
    Error::invalid("name", "is taken by another source of this environment")
}

async fn store(app: &App, tx: &mut Tx, id: i64, new: &SaveSource, sealed: Option<&Sealed>) -> Result<()> {
    let at = &new.address;
    let mut update = sql!(
        "UPDATE sources SET name = ?, engine = ?, host = ?, port = ?, database_name = ?, tls = ?, authority = ?, user_name = ?, row_version = row_version + 1, updated_at = ?",
        new.name.as_str(),
        at.engine.as_str(),
        &at.host,
        at.port,
        &new.database_name,
        at.tls.as_str(),
        &at.authority,
        &at.user_name,
        app.now()
    );
    if let Some(sealed) = sealed {
        let values = [
            Value::from(sealed.ciphertext.clone()),
            sealed.nonce.clone().into(),
            sealed.wrapped_key.clone().into(),
            Value::from(&sealed.key_id),
        ];
        update.push(", ciphertext = ?, nonce = ?, wrapped_key = ?, key_id = ?", values);
    }
    update.push(" WHERE id = ?", [Value::from(id)]);
    tx.exec(update).await.map(|_| ())
}

fn told(event: Event, new: &SaveSource) -> Event {
    let at = &new.address;
    event
        .with("engine", at.engine.as_str())
        .with("server", format!("{}:{}", at.host, at.port))
        .with("tls", at.tls.as_str())
        .with("user", at.user_name.as_str())
        .because(&new.reason)
}

fn changed(old: &Source, new: &SaveSource) -> Vec<&'static str> {
    let (was, is) = (&old.address, &new.address);
    [
        ("name", old.name != new.name.as_str()),
        ("engine", was.engine != is.engine),
        ("host", was.host != is.host),
        ("port", was.port != is.port),
        ("database_name", old.database_name != new.database_name),
        ("tls", was.tls != is.tls),
        ("authority", was.authority != is.authority),
        ("user_name", was.user_name != is.user_name),
        ("password", new.password.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}
