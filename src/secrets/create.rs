//! A new secret: its first version, its copies' jobs and the audit event, or nothing.
use super::input::CreateSecret;
use super::row::next_rotation;
use super::versions::NewVersion;
use super::{search, status, tallies, versions};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Environment};
use crate::{sql, tx};

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

/// A new secret with its value sealed, ready for the unit that stores it.
pub struct Ready {
    pub(super) new: CreateSecret,
    pub(super) uid: String,
    pub(super) version: NewVersion,
    pub(super) tags: String,
}

/// Before the unit: it may ask a KMS across the network.
pub async fn prepare(app: &App, new: CreateSecret) -> Result<Ready> {
    let uid = hex::encode(app.chance.bytes::<16>()?);
    let version = versions::seal_version(app, &uid, new.environment_id, 1, &new.value).await?;
    let tags = new.fields.tags_json()?;
    Ok(Ready { new, uid, version, tags })
}

/// Stores it with its version, its slip for the search, its jobs and its event. Whoever calls this has asked for the right to it.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    environment: &Environment,
    ready: &Ready,
) -> Result<i64> {
    let Ready { new, uid, version, tags } = ready;
    let (now, fields) = (app.now(), &new.fields);
    demand_free_name(tx, environment, new.name.as_str()).await?;
    demand_free_paths(tx, environment, &fields.service_name, new.name.as_str()).await?;
    let next = next_rotation(now, fields.rotation_interval_days);
    let id = tx
            .insert(sql!(
                "INSERT INTO secrets (uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id,
                   aws_sync_status, vault_sync_status, sync_status, expires_at, auto_rotate, rotation_interval_days, next_rotation_at, tags,
                   is_active, current_version, row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'not_configured', 'not_configured', 'not_configured', ?, ?, ?, ?, ?, ?, 1, 1, ?, ?)",
                uid, new.name.as_str(), &fields.display_name, &fields.description, fields.secret_type, fields.secrecy_level, &fields.service_name,
                environment.id, actor.id(), fields.expires_at, fields.auto_rotate, fields.rotation_interval_days, next, tags, true, now, now
            ))
            .await?;
    versions::add_version(tx, now, actor, id, version, &fields.reason).await?;
    tallies::arrived(tx, now, id).await?;
    search::note(tx, now, id).await?;
    status::queue(tx, now, environment, id, &fields.service_name, new.name.as_str(), 1).await?;
    let mut event = created(environment, ready).secret(id);
    if !fields.reason.is_empty() {
        event = event.with("reason", fields.reason.as_str());
    }
    audit::record(app, tx, actor, event).await?;
    Ok(id)
}

/// The event of a new secret, without its id and the reason.
pub(super) fn created(environment: &Environment, ready: &Ready) -> Event {
    let fields = &ready.new.fields;
    Event::new("secret.created", format!("{}/{}", environment.name, ready.new.name))
        .environment(environment.id)
        .with("version", 1)
        .with("secret_type", fields.secret_type.as_str())
        .with("secrecy_level", fields.secrecy_level.as_str())
}

/// Inactive secrets keep their name (S33).
async fn demand_free_name(tx: &mut Tx, environment: &Environment, name: &str) -> Result<()> {
    let query =
        sql!("SELECT is_active FROM secrets WHERE environment_id = ? AND name = ?", environment.id, name);
    match tx.maybe::<(bool,)>(query).await? {
        None => Ok(()),
        Some((true,)) => Err(taken(environment)),
        Some((false,)) => {
            let text = format!(
                "already exists in {} as a deactivated secret: restore that one, or choose another name",
                environment.display_name
            );
            Err(Error::invalid("name", &text))
        }
    }
}

fn taken(environment: &Environment) -> Error {
    Error::invalid("name", &format!("already exists in {}", environment.display_name))
}

/// Two secrets never share a place in a backend.
async fn demand_free_paths(tx: &mut Tx, environment: &Environment, service: &str, name: &str) -> Result<()> {
    for backend in environment.backends() {
        let path = environment.path(backend, service, name);
        let query = sql!(
            "SELECT s.id FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE s.environment_id = ? AND c.backend = ? AND c.remote_path = ?",
            environment.id,
            backend,
            &path
        );
        if tx.maybe::<(i64,)>(query).await?.is_some() {
            return Err(Error::invalid(
                "name",
                &format!("would share the path {path} in {} with another secret", backend.title()),
            ));
        }
    }
    Ok(())
}
