//! Keeper's own keys as a service provider. One is active and signs; a next one is shown to providers before it is used, and a
//! former one still opens what was encrypted for it: so a change of keys needs no moment at which both sides act at once.
use super::save::demand;
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::{Query, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, spelled};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people;
use crate::remote::saml::{NewKey, ServiceKey};
use crate::{sql, tx};
use std::sync::Arc;

spelled!(KeyState {
    Next = "next",
    Active = "active",
    Former = "former",
});

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Key {
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub state: KeyState,
    /// DER in base64.
    pub certificate: String,
    pub fingerprint: String,
    pub expires_at: Utc,
    pub created_at: Utc,
}

#[derive(sqlx::FromRow)]
struct SealedKey {
    id: i64,
    certificate: String,
    fingerprint: String,
    #[sqlx(flatten)]
    sealed: Sealed,
}

/// What it is sealed for: the key of this certificate and of no other.
pub(super) fn context(fingerprint: &str) -> Context<'_> {
    Context::ServiceKey { fingerprint }
}

/// The active one first, as the alphabet has it: active, former, next.
pub async fn list(app: &App) -> Result<Vec<Key>> {
    let query = sql!(
        "SELECT id, state, certificate, fingerprint, expires_at, created_at FROM saml_keys ORDER BY state, id"
    );
    app.db.read().await?.all(query).await
}

fn select_sealed() -> Query {
    sql!(
        "SELECT id, certificate, fingerprint, ciphertext, nonce, wrapped_key, key_id FROM saml_keys WHERE 1 = 1"
    )
}

/// The active one, opened; `None` where there is none.
pub async fn signing_key(app: &App) -> Result<Option<Arc<ServiceKey>>> {
    let mut query = select_sealed();
    query.push(" AND state = 'active' ORDER BY id LIMIT 1", []);
    match app.db.read().await?.maybe::<SealedKey>(query).await? {
        Some(row) => row.open(app).await.map(Some),
        None => Ok(None),
    }
}

/// All, opened, the active one first.
pub async fn service_keys(app: &App) -> Result<Vec<Arc<ServiceKey>>> {
    let mut query = select_sealed();
    query.push(" ORDER BY state, id", []);
    let mut keys = Vec::new();
    let (mut failed, rows) = (None, app.db.read().await?.all::<SealedKey>(query).await?);
    for row in rows {
        let fingerprint = row.fingerprint.clone();
        // One that does not open, a former one say, is no reason not to try the others.
        match row.open(app).await {
            Ok(key) => keys.push(key),
            Err(error) => {
                tracing::warn!(%error, fingerprint, "a key of Keeper's for SAML does not open");
                failed = Some(error);
            }
        }
    }
    match failed {
        Some(error) if keys.is_empty() => Err(error),
        _ => Ok(keys),
    }
}

impl SealedKey {
    /// Once, and kept, like Keeper's other keys: a row never changes its key, so what was made of it stays right.
    async fn open(self, app: &App) -> Result<Arc<ServiceKey>> {
        if let Some(key) = app.memo.get::<ServiceKey>(self.id, 1) {
            return Ok(key);
        }
        let private = seal::open(&app.kms, &context(&self.fingerprint), &self.sealed).await?;
        let key = ServiceKey::open(&private, &self.certificate)
            .map_err(|fault| Error::broken(fault.to_string()))?;
        let key = Arc::new(key);
        app.memo.put(self.id, 1, &key);
        Ok(key)
    }
}

/// The first key, where there is none yet.
pub(super) async fn ensure(app: &App, actor: &Actor) -> Result<()> {
    if list(app).await?.is_empty() { make_one(app, actor, true).await } else { Ok(()) }
}

/// One more: the first is active at once, another one waits until the providers know it.
pub async fn make(app: &App, actor: &Actor) -> Result<()> {
    make_one(app, actor, false).await
}

/// `first`: somebody else may have made it meanwhile, and then all is well.
async fn make_one(app: &App, actor: &Actor, first: bool) -> Result<()> {
    demand(app, actor)?;
    let host = app.settings.public_url.host_str().unwrap_or("keeper").to_owned();
    let now = app.now();
    // Making a pair of numbers takes a while, and nothing else shall wait for it.
    let made =
        tokio::task::spawn_blocking(move || ServiceKey::generate(&host, now)).await.map_err(Error::broken)?;
    let new = made.map_err(|fault| Error::broken(fault.to_string()))?;
    let sealed = seal::seal(&app.kms, &app.chance, &context(&new.fingerprint), &new.private).await?;
    tx!(app.db, |tx| {
        people::demand_still(tx, actor, Role::Admin).await?;
        let states = states(tx).await?;
        if first && !states.is_empty() {
            return Ok(());
        }
        let under_way = || Error::Conflict("a change of keys is under way: end it first".into());
        let state = state_of_new(&states).ok_or_else(under_way)?;
        insert(tx, now, state, &new, &sealed).await?;
        let event = Event::new("saml_key.made", short(&new.fingerprint))
            .with("fingerprint", new.fingerprint.as_str())
            .with("state", state.as_str());
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// The first is active at once, a second one waits; a third there is not.
fn state_of_new(states: &[KeyState]) -> Option<KeyState> {
    match states {
        [] => Some(KeyState::Active),
        [KeyState::Active] => Some(KeyState::Next),
        _ => None,
    }
}

/// Whether one more may be made now.
pub fn may_make(keys: &[Key]) -> bool {
    let states: Vec<KeyState> = keys.iter().map(|key| key.state).collect();
    state_of_new(&states).is_some()
}

/// From now on Keeper signs with the next one; the former one still opens.
pub async fn use_next(app: &App, actor: &Actor) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        people::demand_still(tx, actor, Role::Admin).await?;
        states(tx).await?;
        let now = app.now();
        let found: Option<(i64, String)> =
            tx.maybe(sql!("SELECT id, fingerprint FROM saml_keys WHERE state = 'next' {lock}")).await?;
        let (id, fingerprint) =
            found.ok_or_else(|| Error::Conflict("there is no next key: make one first".into()))?;
        tx.exec(sql!("UPDATE saml_keys SET state = 'former', updated_at = ? WHERE state = 'active'", now))
            .await?;
        tx.exec(sql!("UPDATE saml_keys SET state = 'active', updated_at = ? WHERE id = ?", now, id)).await?;
        audit::record(
            app,
            tx,
            actor,
            Event::new("saml_key.used", short(&fingerprint)).with("fingerprint", fingerprint.as_str()),
        )
        .await
        .map(drop)
    })
}

/// Takes the former key away, or the next one that was not used.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        people::demand_still(tx, actor, Role::Admin).await?;
        states(tx).await?;
        let query = sql!("SELECT state, fingerprint FROM saml_keys WHERE id = ? {lock}", id);
        let (state, fingerprint): (String, String) = tx.one(query).await?;
        if state == KeyState::Active.as_str() {
            return Err(Error::Conflict(
                "this is the key that Keeper signs with: use another one first".into(),
            ));
        }
        tx.exec(sql!("DELETE FROM saml_keys WHERE id = ?", id)).await?;
        audit::record(
            app,
            tx,
            actor,
            Event::new("saml_key.removed", short(&fingerprint)).with("fingerprint", fingerprint.as_str()),
        )
        .await
        .map(drop)
    })
}

/// As pages name a key.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..16).unwrap_or(fingerprint)
}

/// One change of keys at a time: a row that is always there is held until the unit ends, since none of `saml_keys` may be there yet.
async fn states(tx: &mut Tx) -> Result<Vec<KeyState>> {
    tx.one::<(i64,)>(sql!("SELECT id FROM system_keys ORDER BY id LIMIT 1 {lock}")).await?;
    let rows: Vec<(String,)> = tx.all(sql!("SELECT state FROM saml_keys ORDER BY id {lock}")).await?;
    rows.into_iter()
        .map(|(state,)| state.parse().map_err(|_| Error::broken("a key of Keeper's has no known state")))
        .collect()
}

async fn insert(tx: &mut Tx, now: Utc, state: KeyState, new: &NewKey, sealed: &Sealed) -> Result<i64> {
    tx.insert(sql!(
        "INSERT INTO saml_keys (state, certificate, fingerprint, expires_at, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        state.as_str(), &new.certificate, &new.fingerprint, new.expires_at, sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(),
        &sealed.key_id, now, now
    ))
    .await
}
