//! The person behind a session id: asked of the database at each request, so that an end is felt in the very next one.
use super::store::keys;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::User;
use crate::{sql, tx};
use sha2::{Digest, Sha256};
use time::Duration;

const IDLE: Duration = Duration::minutes(30);
/// `last_seen_at` is written at most this often: an ordinary GET writes nothing.
const SEEN_AGAIN: Duration = Duration::minutes(1);

const ENDING: &str = "ending somebody’s sessions";

#[derive(Clone)]
pub struct Current {
    pub user: User,
    pub session_id: i64,
    pub token_hash: String,
    pub proved_at: Utc,
}

impl Current {
    pub fn actor(&self, trace: Trace) -> Actor {
        Actor::Person(self.user.person(self.proved_at, trace))
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: i64,
    last_seen_at: Utc,
    proved_at: Utc,
    expires_at: Utc,
    data: String,
    #[sqlx(flatten)]
    user: User,
}

pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Nobody, unless the session is alive, its user is active, and nothing has ended the user's sessions since it began.
pub async fn current(app: &App, token: &str) -> Result<Option<Current>> {
    live(app, token_hash(token)).await
}

/// The same by the hash of its token, which is all that is kept of it.
pub(super) async fn live(app: &App, hash: String) -> Result<Option<Current>> {
    let now = app.now();
    // Both in one statement: it is asked at every request.
    let query = sql!(
        "SELECT s.id AS session_id, s.last_seen_at, s.proved_at, s.expires_at, s.data,
           u.id, u.username, u.email, u.display_name, u.auth_method, u.role, u.identity_provider, u.saml_subject_id, u.is_active,
           u.is_break_glass, u.auth_epoch, u.failed_count, u.failed_at, u.last_login_at, u.created_at, u.updated_at
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?",
        &hash
    );
    let Some(row) = app.db.read().await?.maybe::<Row>(query).await? else { return Ok(None) };
    if row.expires_at <= now || now.since(row.last_seen_at) > IDLE {
        return Ok(None);
    }
    let data: serde_json::Value = serde_json::from_str(&row.data).unwrap_or_default();
    if !row.user.is_active || data[keys::EPOCH].as_i64() != Some(row.user.auth_epoch) {
        return Ok(None);
    }
    if now.since(row.last_seen_at) > SEEN_AGAIN {
        let seen: Result<()> = tx!(app.db, |tx| {
            tx.exec(sql!(
                "UPDATE sessions SET last_seen_at = ?, updated_at = ? WHERE id = ?",
                now,
                now,
                row.session_id
            ))
            .await?;
            Ok(())
        });
        if let Err(error) = seen {
            tracing::warn!(%error, "last_seen_at could not be stored");
        }
    }
    Ok(Some(Current {
        user: row.user,
        session_id: row.session_id,
        token_hash: hash,
        proved_at: row.proved_at,
    }))
}

/// Ends one session, with its audit event.
pub async fn sign_out(app: &App, actor: &Actor, current: &Current) -> Result<()> {
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM sessions WHERE id = ?", current.session_id)).await?;
        audit::record(app, tx, actor, Event::new("session.ended", &current.user.username)).await?;
        Ok(())
    })
}

/// Takes an old session away before a new one takes its place: the new one carries the audit event.
pub async fn forget(app: &App, token_hash: &str) -> Result<()> {
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM sessions WHERE token_hash = ?", token_hash)).await?;
        Ok(())
    })
}

/// This very session goes on, while all others of the account end.
pub async fn keep(app: &App, current: &Current, epoch: i64) -> Result<()> {
    tx!(app.db, |tx| {
        let row: Option<(String,)> =
            tx.maybe(sql!("SELECT data FROM sessions WHERE id = ? {lock}", current.session_id)).await?;
        let Some((data,)) = row else { return Ok(()) };
        let mut data: serde_json::Value = serde_json::from_str(&data).map_err(Error::broken)?;
        data[keys::EPOCH] = epoch.into();
        tx.exec(sql!(
            "UPDATE sessions SET data = ?, updated_at = ? WHERE id = ?",
            data.to_string(),
            app.now(),
            current.session_id
        ))
        .await?;
        Ok(())
    })
}

/// One of a person's sessions, as the account page lists it.
#[derive(sqlx::FromRow)]
pub struct Session {
    pub id: i64,
    pub client_addr: String,
    pub user_agent: String,
    pub created_at: Utc,
    pub last_seen_at: Utc,
}

pub async fn sessions_of(app: &App, user_id: i64) -> Result<Vec<Session>> {
    let now = app.now();
    let query = sql!(
        "SELECT id, client_addr, user_agent, created_at, last_seen_at FROM sessions
         WHERE user_id = ? AND expires_at > ? AND last_seen_at > ? ORDER BY last_seen_at DESC LIMIT 50",
        user_id,
        now,
        now.minus(IDLE)
    );
    app.db.read().await?.all(query).await
}

/// Ends one of one's own sessions, or all but this one.
pub async fn end_session(app: &App, actor: &Actor, current: &Current, id: Option<i64>) -> Result<()> {
    let me = current.user.id;
    tx!(app.db, |tx| {
        let query = if let Some(id) = id {
            sql!("DELETE FROM sessions WHERE user_id = ? AND id = ?", me, id)
        } else {
            sql!("DELETE FROM sessions WHERE user_id = ? AND id <> ?", me, current.session_id)
        };
        let ended = tx.exec(query).await?;
        if ended == 0 {
            return if id.is_some() { Err(Error::NotFound) } else { Ok(()) };
        }
        tell_of_end(app, tx, actor, &current.user, ended).await
    })
}

/// An admin ends one of somebody's sessions.
pub async fn end_session_of(app: &App, actor: &Actor, user: &User, id: i64) -> Result<()> {
    actor.demand(Role::Admin, ENDING)?;
    tx!(app.db, |tx| {
        match tx.exec(sql!("DELETE FROM sessions WHERE user_id = ? AND id = ?", user.id, id)).await? {
            0 => Err(Error::NotFound),
            ended => tell_of_end(app, tx, actor, user, ended).await,
        }
    })
}

/// An admin ends everything that somebody has open.
pub async fn end_sessions_of(app: &App, actor: &Actor, user: &User) -> Result<()> {
    actor.demand(Role::Admin, ENDING)?;
    tx!(app.db, |tx| {
        let ended = tx.exec(sql!("DELETE FROM sessions WHERE user_id = ?", user.id)).await?;
        super::saml::forget_arrivals(tx, user.id).await?;
        tell_of_end(app, tx, actor, user, ended).await
    })
}

async fn tell_of_end(app: &App, tx: &mut Tx, actor: &Actor, user: &User, ended: u64) -> Result<()> {
    let event = Event::new("session.ended", &user.username).with("sessions", ended);
    audit::record(app, tx, actor, event).await.map(drop)
}

/// Takes away the rows of sessions that ended by their age, and of sign-ins that never came back. The worker calls it.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.now();
    let idle = now.minus(IDLE);
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM sessions WHERE expires_at <= ? OR last_seen_at <= ?", now, idle)).await?;
        Ok(())
    })?;
    super::saml::sweep(app).await
}
