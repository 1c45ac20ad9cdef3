//! tower-sessions' store in our own table. Only the SHA-256 of an id is kept; a session begins together with its audit event.
use crate::app::{App, Shared};
use crate::audit::{self, Event};
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::AuthMethod;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people;
use crate::{sql, tx};
use async_trait::async_trait;
use std::fmt;
use tower_sessions::SessionStore;
use tower_sessions::session::{self, Id, Record};
use tower_sessions::session_store;

/// What a session's record holds.
pub mod keys {
    pub const USER: &str = "user_id";
    /// The user's `auth_epoch` when it began: a later one ends it.
    pub const EPOCH: &str = "auth_epoch";
    pub const METHOD: &str = "method";
    /// The second factor: `app` or `recovery_code`.
    pub const SECOND: &str = "second_factor";
    pub const CLIENT: &str = "client";
    pub const AGENT: &str = "agent";
    pub const REQUEST: &str = "request_id";
    /// What the identity provider calls its own session of somebody who came through it (S41).
    pub const SESSION_INDEX: &str = "session_index";
    /// Who they are there, as the provider wants to hear it at logout: `NameId` in JSON.
    pub const NAME_ID: &str = "name_id";
    /// The audit event that its beginning is: a sign-in or a step-up.
    pub const EVENT: &str = "event";
}

#[derive(Clone)]
pub struct Store(pub Shared);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.insert(record).await.map_err(|e| failed(&e))
    }

    /// Stores nothing, and says that all is well: a new proof or role is a new session, and `signin::keep` is the one way to change one
    /// that has begun. The layer saves on its way out what `begin` has just stored, and could tell nobody what went wrong there.
    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.select(id).await.map_err(|e| failed(&e))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(|e| failed(&e))
    }
}

/// Its error has three kinds. `Backend` is what is away, and whatever else went wrong is `Encode`.
fn failed(e: &Error) -> session_store::Error {
    tracing::error!(error = ?e, "a session could not be read or stored");
    match e {
        Error::Unavailable { what, .. } => session_store::Error::Backend(what.clone()),
        e => session_store::Error::Encode(e.to_string()),
    }
}

/// The same on its way back: what is away is told as such.
pub fn store_error(e: session::Error) -> Error {
    match e {
        session::Error::Store(session_store::Error::Backend(what)) => Error::unavailable(what),
        e => Error::broken(e),
    }
}

impl Store {
    async fn insert(&self, record: &Record) -> Result<()> {
        let app = &*self.0;
        let text = |key: &str| record.data.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let user_id = record
            .data
            .get(keys::USER)
            .and_then(serde_json::Value::as_i64)
            .ok_or_else(|| Error::broken("a session without a user"))?;
        let trace = Trace { client: text(keys::CLIENT), request_id: text(keys::REQUEST), ..Trace::default() };
        let action = if text(keys::EVENT) == "session.proved" { "session.proved" } else { "session.started" };
        let data = serde_json::to_string(&record.data).map_err(Error::broken)?;
        let it = Start {
            hash: super::token_hash(&record.id.to_string()),
            user_id,
            data,
            expires_at: Utc::new(record.expiry_date),
            agent: text(keys::AGENT),
            index: record.data.get(keys::SESSION_INDEX).and_then(|v| v.as_str()).map(str::to_owned),
            method: text(keys::METHOD),
            second: record.data.get(keys::SECOND).and_then(|v| v.as_str()).map(str::to_owned),
            action,
            trace,
        };
        start(app, &it).await
    }

    async fn select(&self, id: &Id) -> Result<Option<Record>> {
        let hash = super::token_hash(&id.to_string());
        let query = sql!(
            "SELECT data, expires_at FROM sessions WHERE token_hash = ? AND expires_at > ?",
            hash,
            self.0.now()
        );
        let row: Option<(String, Utc)> = self.0.db.read().await?.maybe(query).await?;
        let Some((data, expires)) = row else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&data).map_err(Error::broken)?,
            expiry_date: expires.get(),
        }))
    }

    async fn remove(&self, id: &Id) -> Result<()> {
        let app = &*self.0;
        let hash = super::token_hash(&id.to_string());
        tx!(app.db, |tx| {
            tx.exec(sql!("DELETE FROM sessions WHERE token_hash = ?", &hash)).await?;
            Ok(())
        })
    }
}

/// A session that begins.
pub(super) struct Start {
    pub hash: String,
    pub user_id: i64,
    pub data: String,
    pub expires_at: Utc,
    pub agent: String,
    pub index: Option<String>,
    pub method: String,
    /// What was given beside a password.
    pub second: Option<String>,
    pub action: &'static str,
    pub trace: Trace,
}

/// Its row and its event.
pub(super) async fn start(app: &App, it: &Start) -> Result<()> {
    tx!(app.db, |tx| {
        let now = app.now();
        let user = people::by_id(tx, it.user_id).await?.ok_or(Error::NotFound)?;
        tx.insert(sql!(
            "INSERT INTO sessions (token_hash, user_id, data, last_seen_at, proved_at, expires_at, client_addr, user_agent, saml_session_index, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &it.hash, it.user_id, &it.data, now, now, it.expires_at, cut(&it.trace.client, 64), cut(&it.agent, 255), it.index.clone(), now, now
        ))
        .await?;
        tx.exec(sql!(
            "UPDATE users SET last_login_at = ?, failed_count = 0, updated_at = ? WHERE id = ?",
            now,
            now,
            it.user_id
        ))
        .await?;
        let mut event = Event::new(it.action, &user.username).with("method", it.method.as_str());
        if let Some(second) = &it.second {
            event = event.with("second_factor", second.as_str());
        }
        let actor = Actor::Person(user.person(now, it.trace.clone()));
        audit::record(app, tx, &actor, event).await?;
        let is_by_password = it.method == AuthMethod::Database.as_str();
        if user.is_break_glass && is_by_password && it.action == "session.started" {
            audit::record(app, tx, &actor, Event::new("session.break_glass", &user.username)).await?;
        }
        Ok(())
    })
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}
