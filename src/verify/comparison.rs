//! Rows of `comparisons`: all copies of one environment are compared, at night or because somebody asked for it.
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Query, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role, Scope, SecrecyLevel, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act};
use crate::kit::clock::Utc;
use crate::secrets::Tallies;
use crate::{secrets, sql, tx};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Comparison {
    pub environment_id: i64,
    /// Empty: Keeper itself, at night.
    pub asked_by: String,
    /// Every value is read back, even where nothing has changed since it was last read.
    pub is_whole: bool,
    pub(super) after_name: String,
    /// Secrets that were to be compared when it began.
    pub total: i64,
    pub compared: i64,
    /// Of them, those that differ somewhere, and those of which some place did not answer.
    pub different: i64,
    pub unknown: i64,
    /// Secrets that lie in Keeper's own folders and are no copies.
    pub added: i64,
    pub(super) stalls: i64,
    given_up: String,
    /// Why added ones were not looked for somewhere.
    pub unlisted: String,
    pub(super) lease_token: i64,
    pub began_at: Utc,
    pub ended_at: Option<Utc>,
}

impl Comparison {
    /// Backends that did not answer, several times in a row: they are asked no more until the next one.
    pub fn given_up(&self) -> Vec<Backend> {
        self.given_up.split(',').filter_map(|name| name.parse().ok()).collect()
    }

    pub(super) fn spelled(backends: &[Backend]) -> String {
        backends.iter().map(|backend| backend.as_str()).collect::<Vec<_>>().join(",")
    }
}

pub(super) fn select() -> Query {
    sql!(
        "SELECT environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted, lease_token, began_at, ended_at
         FROM comparisons WHERE 1 = 1"
    )
}

/// The one that runs, or the last one that did.
pub async fn latest(app: &App, environment_id: i64) -> Result<Option<Comparison>> {
    let mut query = select();
    query.push(" AND environment_id = ?", [environment_id.into()]);
    app.db.read().await?.maybe(query).await
}

/// "Compare all now."
pub async fn compare_all(app: &App, actor: &Actor, environment_id: i64, is_whole: bool) -> Result<()> {
    actor.demand_with(Scope::SecretsSync, Role::Manager, "comparing all copies")?;
    let tallies = secrets::tallies(app).await?;
    let begun = tx!(app.db, |tx| {
        let place = environments::enter_in(tx, actor, environment_id).await?;
        place.demand_under(Scope::SecretsSync, actor, Act::Change, SecrecyLevel::Internal)?;
        if place.environment.backends().next().is_none() {
            return Err(Error::Conflict("the environment has no backend: there are no copies".into()));
        }
        let by: String = actor.name().chars().take(255).collect();
        let total = kept(&tallies, environment_id);
        if !begin(tx, app.now(), environment_id, &Wish { by: &by, is_whole, total }).await? {
            return Err(under_way());
        }
        let event = Event::new("environment.comparison_requested", &place.environment.name)
            .environment(environment_id)
            .with("whole", is_whole);
        audit::record(app, tx, actor, event).await.map(drop)
    });
    app.jobs.notify_waiters();
    begun.map_err(|e| e.if_taken(under_way))
}

fn under_way() -> Error {
    Error::Conflict("a comparison is under way: look how far it is".into())
}

pub(super) struct Wish<'a> {
    pub by: &'a str,
    pub is_whole: bool,
    pub total: i64,
}

/// How many secrets of an environment are somewhere besides in Keeper, as far as it is counted.
pub(super) fn kept(tallies: &Tallies, environment_id: i64) -> i64 {
    tallies.of(environment_id) - tallies.with(environment_id, SyncStatus::NotConfigured)
}

/// False: one is under way.
pub(super) async fn begin(tx: &mut Tx, now: Utc, environment_id: i64, wish: &Wish<'_>) -> Result<bool> {
    let known = sql!("SELECT next_at FROM comparisons WHERE environment_id = ? {lock}", environment_id);
    match tx.maybe::<(Option<Utc>,)>(known).await? {
        Some((Some(_),)) => return Ok(false),
        Some((None,)) => {}
        None => {
            tx.insert(sql!(
                "INSERT INTO comparisons (environment_id, asked_by, is_whole, after_name, total, compared, different, unknown, added, stalls, given_up, unlisted,
                   lease_token, next_at, began_at, ended_at, created_at, updated_at) VALUES (?, '', ?, '', 0, 0, 0, 0, 0, 0, '', '', 0, NULL, ?, ?, ?, ?)",
                environment_id, false, now, now, now, now
            ))
            .await?;
        }
    }
    tx.exec(sql!(
        "UPDATE comparisons SET asked_by = ?, is_whole = ?, after_name = '', total = ?, compared = 0, different = 0, unknown = 0, added = 0, stalls = 0, given_up = '',
           unlisted = '', lease_token = lease_token + 1, next_at = ?, began_at = ?, ended_at = NULL, updated_at = ? WHERE environment_id = ?",
        wish.by, wish.is_whole, wish.total, now, now, now, environment_id
    ))
    .await?;
    Ok(true)
}
