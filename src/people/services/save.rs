//! Making and changing service accounts: an admin's work, done in person.
use super::input::SaveService;
use super::row::{Account, hold};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::{Actor, PROOF_TO_OPEN, PROOF_TO_SEND};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::row::{User, by_username};
use crate::{sql, tx, values};
use std::collections::BTreeSet;

const WHAT: &str = "managing service accounts";
/// At the machine itself an operator may name anybody.
const OTHERS: &str =
    "must be you: a program acts in its owner’s name, and nobody makes one that acts in another’s";

/// A token never makes tokens, whatever its scopes and whoever its owner: one that leaked could outlive its end.
pub(super) fn demand(app: &App, actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, WHAT)?;
    actor.demand_proof(app.now(), PROOF_TO_SEND)
}

/// For the forms that lead to this.
pub fn demand_to_open(actor: &Actor, now: Utc) -> Result<()> {
    actor.demand(Role::Admin, WHAT)?;
    actor.demand_proof(now, PROOF_TO_OPEN)
}

pub async fn create(app: &App, actor: &Actor, new: SaveService) -> Result<i64> {
    demand(app, actor)?;
    let made: Result<i64> = tx!(app.db, |tx| {
        let now = app.now();
        let owner = owner(tx, actor, &new).await?;
        demand_existing(tx, &new).await?;
        let id = tx
            .insert(sql!(
                "INSERT INTO service_accounts (name, description, owner_id, role, scopes, all_environments, is_active, created_by, row_version, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                new.name.as_str(), &new.description, owner.id, new.role, new.scopes_text(), new.environments.is_none(), true, by(actor), now, now
            ))
            .await?;
        set_environments(tx, now, id, new.environments.as_ref()).await?;
        audit::record(app, tx, actor, told("service.created", &new)).await?;
        Ok(id)
    });
    made.map_err(|e| {
        e.if_taken(|| Error::invalid("name", "is taken: choose another, or change that account"))
    })
}

pub async fn update(app: &App, actor: &Actor, id: i64, new: SaveService) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let now = app.now();
        let old = hold(tx, id).await?;
        demand_same(&old, &new)?;
        let owner = owner(tx, actor, &new).await?;
        demand_existing(tx, &new).await?;
        let revoked = if owner.id == old.owner_id { 0 } else { revoke_all(tx, now, id).await? };
        tx.exec(sql!(
            "UPDATE service_accounts SET description = ?, owner_id = ?, role = ?, scopes = ?, all_environments = ?,
               row_version = row_version + 1, updated_at = ? WHERE id = ?",
            &new.description,
            owner.id,
            new.role,
            new.scopes_text(),
            new.environments.is_none(),
            now,
            id
        ))
        .await?;
        tx.exec(sql!("DELETE FROM service_account_environments WHERE service_account_id = ?", id)).await?;
        set_environments(tx, now, id, new.environments.as_ref()).await?;
        let event = told("service.changed", &new).with("tokens_revoked", revoked);
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// Off: its tokens open nothing, from the very next request. On: those that have not ended open again.
pub async fn set_active(app: &App, actor: &Actor, id: i64, active: bool) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let account = hold(tx, id).await?;
        if account.is_active == active {
            return Ok(()); // said twice
        }
        tx.exec(sql!(
            "UPDATE service_accounts SET is_active = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
            active,
            app.now(),
            id
        ))
        .await?;
        let action = if active { "service.switched_on" } else { "service.switched_off" };
        audit::record(app, tx, actor, Event::new(action, &account.name)).await.map(drop)
    })
}

fn demand_same(old: &Account, new: &SaveService) -> Result<()> {
    if old.row_version != new.row_version {
        return Err(Error::Conflict(
            "somebody else changed this service account meanwhile: look at it again".into(),
        ));
    }
    if old.name != new.name.as_str() {
        return Err(Error::invalid("name", "cannot be changed: the audit log knows it by this name"));
    }
    Ok(())
}

/// Whoever takes an account over gets none of the tokens that others hold.
async fn revoke_all(tx: &mut Tx, now: Utc, id: i64) -> Result<u64> {
    tx.exec(sql!(
        "UPDATE service_tokens SET revoked_at = ?, updated_at = ? WHERE service_account_id = ? AND revoked_at IS NULL AND expires_at > ?",
        now,
        now,
        id,
        now
    ))
    .await
}

/// Somebody who is there, and may be what the account is to be. On the pages nobody but oneself: by a program that acts in another
/// admin's name one would approve what one asked for, and come behind doors that are closed.
async fn owner(tx: &mut Tx, actor: &Actor, new: &SaveService) -> Result<User> {
    let owner = by_username(tx, new.owner.as_str()).await?.filter(|user| user.is_active);
    let Some(owner) = owner else {
        return Err(Error::invalid("owner", "must be the user name of an active account"));
    };
    if actor.id().is_some_and(|me| me != owner.id) {
        return Err(Error::invalid("owner", OTHERS));
    }
    if owner.role < new.role {
        let why = format!("is more than its owner is: {} is a {}", owner.username, owner.role);
        return Err(Error::invalid("role", &why));
    }
    Ok(owner)
}

async fn demand_existing(tx: &mut Tx, new: &SaveService) -> Result<()> {
    let Some(wanted) = &new.environments else { return Ok(()) };
    let mut query = sql!("SELECT id FROM environments WHERE 1 = 1");
    query.push_list(" AND id IN ", wanted.iter().copied().map(Value::from));
    let there: Vec<(i64,)> = tx.all(query).await?;
    if there.len() == wanted.len() {
        Ok(())
    } else {
        Err(Error::invalid("environments", "hold one that does not exist"))
    }
}

async fn set_environments(tx: &mut Tx, now: Utc, id: i64, wanted: Option<&BTreeSet<i64>>) -> Result<()> {
    let rows = wanted.into_iter().flatten().map(|environment| values![id, *environment, now, now]).collect();
    let insert = sql!(
        "INSERT INTO service_account_environments (service_account_id, environment_id, created_at, updated_at) VALUES (?, ?, ?, ?)"
    );
    tx.insert_all(insert, rows).await
}

/// Who made it, by the name that the audit log has.
pub(super) fn by(actor: &Actor) -> String {
    actor.name().chars().take(255).collect()
}

fn told(action: &'static str, new: &SaveService) -> Event {
    let event = Event::new(action, new.name.as_str())
        .with("owner", new.owner.as_str())
        .with("role", new.role.as_str())
        .with("scopes", new.scopes_text());
    match &new.environments {
        None => event.with("environments", "all"),
        Some(chosen) => event.with("environments", chosen.iter().copied().collect::<Vec<_>>()),
    }
}
