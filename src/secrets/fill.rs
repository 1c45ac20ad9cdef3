//! Many new secrets at once, for demo data and for measuring: sealed, versioned, counted and recorded like each single one, but
//! with a few statements for hundreds. They get no copies and no slips: who calls this makes the search anew (`refile`).
use super::create::{Ready, created, prepare};
use super::input::CreateSecret;
use super::row::next_rotation;
use super::tallies;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Place};
use crate::kit::clock::Utc;
use crate::{sql, tx};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

pub async fn fill(app: &App, actor: &Actor, new: Vec<CreateSecret>) -> Result<()> {
    let mut ready = Vec::with_capacity(new.len());
    for new in new {
        ready.push(prepare(app, new).await?);
    }
    if ready.is_empty() {
        return Ok(());
    }
    tx!(app.db, |tx| {
        let now = app.now();
        let places = places(tx, actor, &ready).await?;
        insert_secrets(tx, now, actor, &ready).await?;
        let ids = ids(tx, &ready).await?;
        insert_versions(tx, now, actor, &ready, &ids).await?;
        for environment in places.keys() {
            let amount = ready.iter().filter(|r| r.new.environment_id == *environment).count();
            tallies::many_arrived(tx, now, *environment, i64::try_from(amount).map_err(Error::broken)?)
                .await?;
        }
        audit::record_all(app, tx, actor, events(&ready, &places, &ids)).await?;
        Ok(())
    })
}

async fn places(tx: &mut Tx, actor: &Actor, ready: &[Ready]) -> Result<BTreeMap<i64, Place>> {
    let mut places = BTreeMap::new();
    for Ready { new, .. } in ready {
        let place: &Place = match places.entry(new.environment_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(environments::enter_in(tx, actor, new.environment_id).await?)
            }
        };
        place.demand(actor, Act::Change, new.fields.secrecy_level)?;
        if place.environment.backends().next().is_some() {
            return Err(Error::Conflict(
                "secrets in bulk get no copies: the environment has a backend".into(),
            ));
        }
    }
    Ok(places)
}

async fn insert_secrets(tx: &mut Tx, now: Utc, actor: &Actor, ready: &[Ready]) -> Result<()> {
    let row = |r: &Ready| -> Vec<Value> {
        let (new, fields) = (&r.new, &r.new.fields);
        vec![
            (&r.uid).into(),
            new.name.as_str().into(),
            (&fields.display_name).into(),
            (&fields.description).into(),
            fields.secret_type.into(),
            fields.secrecy_level.into(),
            (&fields.service_name).into(),
            new.environment_id.into(),
            actor.id().into(),
            fields.expires_at.into(),
            fields.auto_rotate.into(),
            fields.rotation_interval_days.into(),
            next_rotation(now, fields.rotation_interval_days).into(),
            (&r.tags).into(),
            true.into(),
            now.into(),
            now.into(),
        ]
    };
    let mut query = sql!(
        "INSERT INTO secrets (uid, name, display_name, description, secret_type, secrecy_level, service_name, environment_id, creator_id,
           expires_at, auto_rotate, rotation_interval_days, next_rotation_at, tags, is_active, created_at, updated_at,
           aws_sync_status, vault_sync_status, sync_status, current_version, row_version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'not_configured', 'not_configured', 'not_configured', 1, 1)"
    );
    let more = ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'not_configured', 'not_configured', 'not_configured', 1, 1)";
    query.rows(more, ready.iter().map(row).collect());
    tx.exec(query).await.map(drop)
}

async fn ids(tx: &mut Tx, ready: &[Ready]) -> Result<HashMap<String, i64>> {
    let mut query = sql!("SELECT uid, id FROM secrets WHERE 1 = 1");
    query.push_list(" AND uid IN ", ready.iter().map(|r| Value::from(&r.uid)));
    Ok(tx.all::<(String, i64)>(query).await?.into_iter().collect())
}

async fn insert_versions(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    ready: &[Ready],
    ids: &HashMap<String, i64>,
) -> Result<()> {
    let row = |r: &Ready| -> Vec<Value> {
        let start = [ids.get(&r.uid).copied().into()];
        let end =
            [actor.id().into(), actor.name().into(), (&r.new.fields.reason).into(), now.into(), now.into()];
        start.into_iter().chain(r.version.values()).chain(end).collect()
    };
    let mut query = sql!(
        "INSERT INTO secret_versions (secret_id, number, ciphertext, nonce, wrapped_key, key_id, digest, length, author_id, author_name, reason, created_at, updated_at, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'current')"
    );
    query.rows(", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'current')", ready.iter().map(row).collect());
    tx.exec(query).await.map(drop)
}

fn events(ready: &[Ready], places: &BTreeMap<i64, Place>, ids: &HashMap<String, i64>) -> Vec<Event> {
    let event = |r: &Ready| {
        let event = created(&places[&r.new.environment_id].environment, r);
        match ids.get(&r.uid) {
            Some(id) => event.secret(*id),
            None => event,
        }
    };
    ready.iter().map(event).collect()
}
