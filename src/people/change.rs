//! Changes of an account. Each ends the account's sessions.
use super::epoch::{Whose, end_sessions};
use super::policy::spare_the_last_break_glass;
use super::row::{User, by_username, locked};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::{Actor, PROOF_TO_OPEN, PROOF_TO_SEND};
use crate::domain::enums::{AuthMethod, Role, Scope};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::{sql, tx};

const WHAT: &str = "managing accounts";

/// Accounts are an admin's, who has lately proved who they are.
pub(super) fn demand(app: &App, actor: &Actor) -> Result<()> {
    actor.demand_with(Scope::UsersWrite, Role::Admin, WHAT)?;
    actor.demand_proof(app.now(), PROOF_TO_SEND)
}

/// How somebody comes in is a person's work: a token that could give itself a password, or another token, would outlive its end.
pub(super) fn demand_in_person(app: &App, actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "deciding how somebody comes in")?;
    demand(app, actor)
}

/// The same for what took a while before it could be stored, inside the unit that stores it: whoever was disabled or demoted
/// meanwhile stores nothing. The account is held until the unit ends.
pub async fn demand_still(tx: &mut Tx, actor: &Actor, role: Role) -> Result<()> {
    let Some(id) = actor.id() else { return Ok(()) };
    let me = locked(tx, id).await?;
    // Its owner's role bounds a service account, which was asked for its own before.
    if me.is_active && me.role >= role && actor.role() >= role {
        Ok(())
    } else {
        Err(Error::Forbidden("your account was changed meanwhile: nothing was stored".into()))
    }
}

/// For the forms that lead to this.
pub fn demand_to_open(actor: &Actor, now: Utc) -> Result<()> {
    actor.demand(Role::Admin, WHAT)?;
    actor.demand_proof(now, PROOF_TO_OPEN)
}

pub async fn set_role(app: &App, actor: &Actor, username: &str, role: Role) -> Result<()> {
    set_role_as_seen(app, actor, username, role, None).await
}

/// The same, where a version of the account was seen: if it is another one by now, nothing is changed.
pub async fn set_role_as_seen(
    app: &App,
    actor: &Actor,
    username: &str,
    role: Role,
    seen: Option<&User>,
) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let user = target_as_seen(tx, actor, username, seen).await?;
        if user.auth_method == AuthMethod::Saml && actor.is_bound_by_roles() {
            return Err(Error::Conflict(
                "the groups of the identity provider decide about the role, at each sign-in: change them there".into(),
            ));
        }
        if user.role == Role::Admin && role != Role::Admin {
            spare_the_last(tx, &user).await?;
        }
        put_role(app, tx, actor, &user, role, None).await
    })
}

/// The new role, and with it the end of the sessions that still have the old one. `provider` says who decided, if it was nobody here.
pub(super) async fn put_role(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    role: Role,
    provider: Option<&str>,
) -> Result<()> {
    let now = app.now();
    tx.exec(sql!(
        "UPDATE users SET role = ?, is_break_glass = ?, updated_at = ? WHERE id = ?",
        role,
        user.is_break_glass && role == Role::Admin,
        now,
        user.id
    ))
    .await?;
    end_sessions(tx, now, Whose::Of(user.id)).await?;
    let mut event = Event::new("user.role_changed", &user.username)
        .with("from", user.role.as_str())
        .with("to", role.as_str());
    if let Some(provider) = provider {
        event = event.with("identity_provider", provider);
    }
    audit::record(app, tx, actor, event).await.map(drop)
}

pub async fn set_active(app: &App, actor: &Actor, username: &str, active: bool) -> Result<()> {
    set_active_as_seen(app, actor, username, active, None).await
}

pub async fn set_active_as_seen(
    app: &App,
    actor: &Actor,
    username: &str,
    active: bool,
    seen: Option<&User>,
) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let user = target_as_seen(tx, actor, username, seen).await?;
        if user.role == Role::Admin && !active {
            spare_the_last(tx, &user).await?;
        }
        let now = app.now();
        tx.exec(sql!("UPDATE users SET is_active = ?, updated_at = ? WHERE id = ?", active, now, user.id))
            .await?;
        end_sessions(tx, now, Whose::Of(user.id)).await?;
        let action = if active { "user.enabled" } else { "user.disabled" };
        audit::record(app, tx, actor, Event::new(action, &user.username)).await?;
        Ok(())
    })
}

/// The account to change, locked. Nobody changes their own role or state.
pub(super) async fn target(tx: &mut Tx, actor: &Actor, username: &str) -> Result<User> {
    let user = by_username(tx, &username.trim().to_ascii_lowercase()).await?.ok_or(Error::NotFound)?;
    if actor.id() == Some(user.id) {
        return Err(Error::Forbidden("nobody changes their own role or state".into()));
    }
    locked(tx, user.id).await
}

async fn target_as_seen(tx: &mut Tx, actor: &Actor, username: &str, seen: Option<&User>) -> Result<User> {
    let user = target(tx, actor, username).await?;
    if seen.is_some_and(|seen| seen.version() != user.version()) {
        return Err(Error::Conflict(
            "somebody else changed this account meanwhile: nothing was changed".into(),
        ));
    }
    Ok(user)
}

/// Before an admin is one no longer, or not one who can come in: somebody is left who manages this house, on every day.
pub(super) async fn spare_the_last(tx: &mut Tx, admin: &User) -> Result<()> {
    spare_the_last_admin(tx, admin.id).await?;
    spare_the_last_break_glass(tx, admin).await
}

async fn spare_the_last_admin(tx: &mut Tx, id: i64) -> Result<()> {
    // Locks the other admins, so that two admins cannot demote each other at the same moment. Whoever could not sign in
    // is no help.
    let others: Vec<(i64,)> = tx
        .all(sql!(
            "SELECT id FROM users WHERE role = 'admin' AND is_active = ? AND id <> ?
               AND (auth_method <> 'database' OR password_hash IS NOT NULL) ORDER BY id {lock}",
            true,
            id
        ))
        .await?;
    if others.is_empty() {
        Err(Error::Conflict("this is the last active admin: make another one first".into()))
    } else {
        Ok(())
    }
}
