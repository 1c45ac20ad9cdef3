//! New secrets as rows: each with its first version, its slip for the search and the jobs of its copies. A form stores one of them
//! and whoever brings many stores a thousand, and both do it here.
use super::input::CreateSecret;
use super::make::{NewValue, make};
use super::row::next_rotation;
use super::status::{self, DueCopy};
use super::versions::{self, NewVersion, add_versions, seal_all};
use super::{search, tallies};
use crate::app::App;
use crate::audit::Event;
use crate::db::{BATCH, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::Backend;
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::{sql, values};
use std::collections::HashMap;

/// A new secret with its value sealed, ready for the unit that stores it.
pub struct Ready {
    pub new: CreateSecret,
    uid: String,
    version: NewVersion,
    tags: String,
    /// The backends that it is kept out of from the beginning.
    unlinked: Vec<Backend>,
}

impl Ready {
    /// Of a key pair that was made elsewhere.
    pub fn with_public_half(mut self, half: Option<String>) -> Self {
        self.version = self.version.with_public_half(half);
        self
    }

    /// What is there is left alone.
    pub fn kept_out_of(mut self, backend: Backend) -> Self {
        self.unlinked.push(backend);
        self
    }
}

/// Before the unit: it may ask a KMS across the network.
pub async fn prepare(app: &App, mut new: CreateSecret) -> Result<Ready> {
    let uid = hex::encode(app.chance.bytes::<16>()?);
    // The value goes no further than this.
    let value = std::mem::replace(&mut new.value, NewValue::Generated(None));
    let made = make(app, value, new.fields.policy.clone(), new.fields.secret_type).await?;
    let version = versions::seal_version(app, &uid, new.environment_id, 1, &made.value).await?;
    let version = version.with_public_half(made.public);
    let tags = new.fields.tags_json()?;
    Ok(Ready { new, uid, version, tags, unlinked: Vec::new() })
}

pub async fn prepare_all(app: &App, new: Vec<CreateSecret>) -> Result<Vec<Ready>> {
    seal_all(new.into_iter().map(|new| prepare(app, new)).collect()).await
}

/// Stores them with everything that hangs on them but the events; gives the ids, in the order of `ready`. Whoever calls this has
/// asked for the right to it, and whether names and paths are free.
pub async fn insert_all(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    environment: &Environment,
    ready: &[Ready],
) -> Result<Vec<i64>> {
    let ids = insert_rows(tx, now, actor, environment, ready).await?;
    search::note(tx, now, &ids).await?;
    let due = ids.iter().zip(ready).map(|(id, ready)| DueCopy {
        id: *id,
        service: &ready.new.fields.service_name,
        name: ready.new.name.as_str(),
        version: 1,
        unlinked: &ready.unlinked,
    });
    status::queue(tx, now, environment, &due.collect::<Vec<_>>()).await?;
    Ok(ids)
}

/// Without slips and copies.
pub(super) async fn insert_rows(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    environment: &Environment,
    ready: &[Ready],
) -> Result<Vec<i64>> {
    let insert = sql!(
        "INSERT INTO secrets (uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id,
           aws_sync_status, vault_sync_status, sync_status, aws_unlinked, vault_unlinked, expires_at, auto_rotate, rotation_interval_days, next_rotation_at, policy,
           window_days, window_from, window_to, window_zone, tags,
           is_active, current_version, row_version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'not_configured', 'not_configured', 'not_configured', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?)"
    );
    let row = |ready: &Ready| {
        let fields = &ready.new.fields;
        let window = fields.window_columns();
        values![
            &ready.uid,
            ready.new.name.as_str(),
            &fields.display_name,
            &fields.description,
            fields.secret_type,
            fields.secrecy_level,
            &fields.service_name,
            environment.id,
            actor.id(),
            ready.unlinked.contains(&Backend::Aws),
            ready.unlinked.contains(&Backend::Vault),
            fields.expires_at,
            fields.auto_rotate,
            fields.rotation_interval_days,
            next_rotation(now, fields.rotation_interval_days, fields.window.as_ref()),
            fields.policy_text(),
            window.days(),
            window.window_from,
            window.window_to,
            window.window_zone,
            &ready.tags,
            true,
            now,
            now
        ]
    };
    tx.insert_all(insert, ready.iter().map(row).collect()).await?;
    let ids = ids_of(tx, ready).await?;
    let versions: Vec<_> = ids
        .iter()
        .zip(ready)
        .map(|(id, ready)| (*id, &ready.version, ready.new.fields.reason.as_str()))
        .collect();
    add_versions(tx, now, actor, &versions).await?;
    tallies::arrived(tx, now, environment.id, ready.len()).await?;
    Ok(ids)
}

/// The events that tell of them.
pub fn created(environment: &Environment, ids: &[i64], ready: &[Ready]) -> Vec<Event> {
    let event = |(id, ready): (&i64, &Ready)| {
        let (name, fields) = (&ready.new.name, &ready.new.fields);
        Event::new("secret.created", format!("{}/{name}", environment.name))
            .environment(environment.id)
            .secret(*id)
            .with("version", 1)
            .with("secret_type", fields.secret_type.as_str())
            .with("secrecy_level", fields.secrecy_level.as_str())
            .because(&fields.reason)
    };
    ids.iter().zip(ready).map(event).collect()
}

/// No engine gives the ids of many new rows in the same way; the uids are known, and they are unique.
async fn ids_of(tx: &mut Tx, ready: &[Ready]) -> Result<Vec<i64>> {
    let mut by_uid: HashMap<String, i64> = HashMap::with_capacity(ready.len());
    for batch in ready.chunks(BATCH) {
        let mut query = sql!("SELECT uid, id FROM secrets WHERE 1 = 1");
        query.push_list(" AND uid IN ", batch.iter().map(|ready| Value::from(&ready.uid)));
        by_uid.extend(tx.all::<(String, i64)>(query).await?);
    }
    let lost = || Error::broken("a secret that was just stored is not there");
    ready.iter().map(|ready| by_uid.get(&ready.uid).copied().ok_or_else(lost)).collect()
}
