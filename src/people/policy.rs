//! How people may sign in: by password too, or through the identity provider alone. Then break-glass accounts are the
//! way in for the day on which it is away.
use super::change::{demand_in_person, target};
use super::epoch::{Whose, end_sessions};
use super::row::{User, by_id};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Conn, Query, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::{Error, Result};
use crate::{sql, tx};

pub async fn is_sso_only(conn: &mut Conn) -> Result<bool> {
    Ok(conn.number(sql!("SELECT COUNT(*) FROM sign_in_policy WHERE sso_only = ?", true)).await? > 0)
}

/// Break-glass admins who can sign in now.
pub async fn able_to_break_glass(app: &App, actor: &Actor) -> Result<Vec<(i64, String)>> {
    actor.demand(Role::Admin, "looking at accounts")?;
    app.db.read().await?.all(able()).await
}

fn able() -> Query {
    sql!(
        "SELECT id, username FROM users WHERE is_break_glass = ? AND is_active = ? AND role = 'admin'
           AND auth_method = 'database' AND password_hash IS NOT NULL ORDER BY id",
        true,
        true
    )
}

/// Held until the unit ends, so that two of them cannot go at the same moment. The accounts are locked before the policy,
/// in each unit that needs both.
async fn locked_able(tx: &mut Tx) -> Result<Vec<(i64, String)>> {
    let mut query = able();
    query.push(" {lock}", []);
    tx.all(query).await
}

/// What stands in the way of single sign-on alone: whoever switches it on must not lock everybody out.
pub async fn why_not_sso_only(app: &App, actor: &Actor) -> Result<Option<String>> {
    let able = able_to_break_glass(app, actor).await?;
    why_not(&mut app.db.read().await?, actor, &able).await
}

async fn why_not(conn: &mut Conn, actor: &Actor, able: &[(i64, String)]) -> Result<Option<String>> {
    if able.is_empty() {
        let why = "nobody could come in while the identity provider is away: make an active admin with a password a break-glass account first";
        return Ok(Some(why.into()));
    }
    let Some(id) = actor.id() else { return Ok(None) };
    let user = by_id(conn, id).await?.ok_or(Error::NotFound)?;
    let why = "you are signed in by password: sign in through the identity provider as an admin, which shows that it lets one in, and switch it on then";
    Ok((user.auth_method != AuthMethod::Saml).then(|| why.into()))
}

/// On: passwords open break-glass accounts alone, and the sessions of all others who came by password end.
pub async fn set_sso_only(app: &App, actor: &Actor, on: bool) -> Result<()> {
    demand_in_person(app, actor)?;
    tx!(app.db, |tx| {
        if on {
            let able = locked_able(tx).await?;
            if let Some(why) = why_not(tx, actor, &able).await? {
                return Err(Error::Conflict(why));
            }
        }
        let now = app.now();
        let changed = tx
            .exec(sql!(
                "UPDATE sign_in_policy SET sso_only = ?, updated_at = ? WHERE id = 1 AND sso_only <> ?",
                on,
                now,
                on
            ))
            .await?;
        if changed == 0 {
            return Ok(());
        }
        if on {
            end_sessions(tx, now, Whose::ByPassword).await?;
        }
        let action = if on { "access.sso_only_on" } else { "access.sso_only_off" };
        audit::record(app, tx, actor, Event::new(action, "sign-in")).await.map(drop)
    })
}

/// Off ends the account's sessions: what they rest on may be gone.
pub async fn set_break_glass(app: &App, actor: &Actor, username: &str, on: bool) -> Result<()> {
    demand_in_person(app, actor)?;
    tx!(app.db, |tx| {
        let user = target(tx, actor, username).await?;
        if user.is_break_glass == on {
            return Ok(());
        }
        if !on {
            spare_the_last_break_glass(tx, &user).await?;
        } else if user.role != Role::Admin || user.auth_method != AuthMethod::Database {
            return Err(Error::Conflict(
                "only an admin who signs in by password can be a break-glass account".into(),
            ));
        }
        let now = app.now();
        tx.exec(sql!("UPDATE users SET is_break_glass = ?, updated_at = ? WHERE id = ?", on, now, user.id))
            .await?;
        if !on {
            end_sessions(tx, now, Whose::Of(user.id)).await?;
        }
        let action = if on { "user.break_glass_on" } else { "user.break_glass_off" };
        audit::record(app, tx, actor, Event::new(action, &user.username)).await.map(drop)
    })
}

/// While only single sign-on is open, one way in stays for the day on which it is away.
pub(super) async fn spare_the_last_break_glass(tx: &mut Tx, user: &User) -> Result<()> {
    if !user.is_break_glass {
        return Ok(());
    }
    let others = locked_able(tx).await?.iter().any(|(id, _)| *id != user.id);
    let on: Vec<(i64,)> =
        tx.all(sql!("SELECT id FROM sign_in_policy WHERE sso_only = ? {lock}", true)).await?;
    if others || on.is_empty() {
        Ok(())
    } else {
        Err(Error::Conflict(
            "this is the last break-glass admin, and only single sign-on is open: make another one first"
                .into(),
        ))
    }
}
