//! What is wrapped with which key, and how far a rewrap is.
use super::places::{PLACES, Place};
use crate::app::App;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Rewrap {
    pub id: i64,
    /// The key that everything is to be wrapped with.
    pub key_id: String,
    #[sqlx(try_from = "String")]
    pub(super) place: Place,
    pub(super) from_key: String,
    pub(super) after_id: i64,
    /// How many there were to do, once it was counted.
    pub total: Option<i64>,
    pub rewrapped: i64,
    pub failed: i64,
    state: String,
    /// What it waits for, if anything stands in the way.
    pub trouble: String,
    pub actor_name: String,
    pub ended_at: Option<Utc>,
    pub created_at: Utc,
}

impl Rewrap {
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }
}

/// The one that runs, or the last one that did.
pub async fn latest(app: &App) -> Result<Option<Rewrap>> {
    let query = sql!(
        "SELECT id, key_id, place, from_key, after_id, total, rewrapped, failed, state, trouble, actor_name, ended_at, created_at
         FROM rewraps ORDER BY id DESC LIMIT 1"
    );
    app.db.read().await?.maybe(query).await
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Failure {
    pub label: String,
    pub why: String,
}

/// What it could not wrap anew, the first of them.
pub async fn failures(app: &App, rewrap: i64) -> Result<Vec<Failure>> {
    let query =
        sql!("SELECT label, why FROM rewrap_failures WHERE rewrap_id = ? ORDER BY id LIMIT 50", rewrap);
    app.db.read().await?.all(query).await
}

/// So much of one place is wrapped with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub place: Place,
    pub key_id: String,
    /// More than `app::MANY` are told as one more.
    pub count: i64,
}

/// So many keys of one place are listed.
const KEYS: usize = 20;

pub async fn holdings(app: &App) -> Result<Vec<Holding>> {
    let mut found = Vec::new();
    for place in PLACES {
        let holder = place.holder();
        let mut after = String::new();
        for _ in 0..KEYS {
            let Some(key_id) = holder.next_key(&app.db, &after).await? else { break };
            let count = holder.count(&app.db, &key_id).await?;
            after.clone_from(&key_id);
            // Destroyed versions still name the key that they were wrapped with.
            if count > 0 {
                found.push(Holding { place, key_id, count });
            }
        }
    }
    Ok(found)
}
