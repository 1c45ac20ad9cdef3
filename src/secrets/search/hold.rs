//! Who makes an environment's index anew: a row that is held for a while, and drawn out by every unit of a refile. As long as it is held,
//! filing leaves the slips of that environment alone (`held`), so that whatever changes meanwhile is filed on the new shelves. The hold
//! of a process that died runs out: filing then goes on with the shelves that are in force, and the next refile begins anew.
//! That is not the lease of `lease.rs`, whose holder does one part and lets go: this one is drawn out by each unit, and a second caller is not
//! busy for a while but gets a `Conflict`.
use super::directory;
use crate::app::App;
use crate::db::{Query, Tx};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::{sql, tx};
use std::collections::BTreeSet;
use time::Duration;

/// Longer than a unit takes.
const LEASE: Duration = Duration::seconds(60);

/// The row and its token. A hold that was taken over is of another token, one that was ended of another row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    id: i64,
    token: i64,
    pub environment: i64,
    /// So many secrets are on new shelves.
    pub done: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    environment_id: i64,
    done: i64,
    lease_token: i64,
    lease_until: Option<Utc>,
    actor_name: String,
}

impl Hold {
    /// Under the lock of filing: a unit that files this environment has ended, and the next one sees the hold.
    pub async fn claim(app: &App, actor: &Actor, environment: i64) -> Result<Self> {
        let name: String = actor.name().chars().take(255).collect();
        tx!(app.db, |tx| {
            directory::lock(tx).await?;
            let now = app.now();
            let former = row(tx, environment).await?;
            match &former {
                Some(row) if row.lease_until.is_some_and(|until| until > now) => Err(busy(row)),
                Some(row) => {
                    let token = row.lease_token + 1;
                    tx.exec(sql!(
                        "UPDATE search_refilings SET done = 0, lease_token = ?, lease_until = ?, actor_name = ?, created_at = ?, updated_at = ? WHERE id = ?",
                        token, now.plus(LEASE), &name, now, now, row.id
                    ))
                    .await?;
                    Ok(Self { id: row.id, token, environment, done: 0 })
                }
                None => {
                    let id = tx
                        .insert(sql!(
                            "INSERT INTO search_refilings (environment_id, done, lease_token, lease_until, actor_name, created_at, updated_at)
                             VALUES (?, 0, 1, ?, ?, ?, ?)",
                            environment, now.plus(LEASE), &name, now, now
                        ))
                        .await?;
                    Ok(Self { id, token: 1, environment, done: 0 })
                }
            }
        })
    }

    /// Draws it out. Whoever has lost it is stopped here: filing has gone on with the former shelves, or another refile has begun.
    pub async fn keep(&self, tx: &mut Tx, now: Utc) -> Result<()> {
        let kept = sql!(
            "UPDATE search_refilings SET done = ?, lease_until = ?, updated_at = ? WHERE id = ? AND lease_token = ?",
            self.done,
            now.plus(LEASE),
            now,
            self.id,
            self.token
        );
        if tx.exec(kept).await? == 1 {
            return Ok(());
        }
        Err(Error::Conflict(
            "it took too long between two steps, and its search index was filed or begun anew meanwhile: begin again".into(),
        ))
    }

    /// It was broken off: filing goes on at once. The row stays and tells of what was left behind.
    pub async fn release(&self, app: &App) -> Result<()> {
        tx!(app.db, |tx| {
            let update = sql!(
                "UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ?",
                app.now(),
                self.id,
                self.token
            );
            tx.exec(update).await.map(drop)
        })
    }

    pub async fn end(&self, app: &App) -> Result<()> {
        tx!(app.db, |tx| {
            let delete =
                sql!("DELETE FROM search_refilings WHERE id = ? AND lease_token = ?", self.id, self.token);
            tx.exec(delete).await.map(drop)
        })
    }
}

fn busy(row: &Row) -> Error {
    let until = row.lease_until.map(Utc::to_seconds).unwrap_or_default();
    Error::Conflict(format!(
        "{} makes its search index anew already, and has filed {} secrets: wait for it. If it was killed, begin again after {until}",
        row.actor_name, row.done
    ))
}

async fn row(tx: &mut Tx, environment: i64) -> Result<Option<Row>> {
    let mut query = rows();
    query.push(" AND environment_id = ?", [environment.into()]);
    tx.maybe(query).await
}

fn rows() -> Query {
    sql!(
        "SELECT id, environment_id, done, lease_token, lease_until, actor_name FROM search_refilings WHERE 1 = 1"
    )
}

/// The environments whose slips are left alone. Filing asks under its lock; a hold that has run out is taken away for good, before anything
/// is filed there.
pub(super) async fn held(tx: &mut Tx, now: Utc) -> Result<BTreeSet<i64>> {
    let mut query = rows();
    query.push(" AND lease_until IS NOT NULL", []);
    let found: Vec<Row> = tx.all(query).await?;
    let mut held = BTreeSet::new();
    for row in found {
        // Only as it was read: it may have been drawn out since.
        let has_run_out = row.lease_until.is_some_and(|until| until <= now);
        let take = sql!(
            "UPDATE search_refilings SET lease_token = lease_token + 1, lease_until = NULL, updated_at = ?
             WHERE id = ? AND lease_token = ? AND lease_until <= ?",
            now,
            row.id,
            row.lease_token,
            now
        );
        if has_run_out && tx.exec(take).await? == 1 {
            tracing::warn!(
                environment = row.environment_id,
                "making a search index anew was broken off: what it left behind is cleared by keeper search refile"
            );
        } else {
            held.insert(row.environment_id);
        }
    }
    Ok(held)
}

/// How far it is: what was broken off, and what is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refiling {
    None,
    UnderWay,
    BrokenOff,
}

pub(super) async fn standing(tx: &mut Tx, now: Utc, environment: i64) -> Result<Refiling> {
    Ok(match row(tx, environment).await? {
        None => Refiling::None,
        Some(row) if row.lease_until.is_some_and(|until| until > now) => Refiling::UnderWay,
        Some(_) => Refiling::BrokenOff,
    })
}
