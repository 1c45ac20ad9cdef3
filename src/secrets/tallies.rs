//! How many secrets each environment has in each state, without counting them. Every statement that moves a secret from one
//! state to another goes through `counted`, in its own unit. A tally is the sum of additions and subtractions, so that units
//! which change different secrets never wait for each other; the worker adds them up (`settle_tallies`).
use crate::app::App;
use crate::db::{Query, Tx, Value};
use crate::domain::enums::SyncStatus;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::{sql, tx};
use std::collections::BTreeMap;

/// More rows than this are added up; so many are read on each page.
const MOST_ROWS: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
struct Stand {
    environment_id: i64,
    is_active: bool,
    sync_status: String,
}

/// The sums, as pages ask for them.
#[derive(Debug, Default, Clone)]
pub struct Tallies(BTreeMap<(i64, bool, String), i64>);

impl Tallies {
    /// Active secrets of one environment in one state.
    pub fn with(&self, environment_id: i64, status: SyncStatus) -> i64 {
        self.0.get(&(environment_id, true, status.as_str().to_owned())).copied().unwrap_or(0)
    }

    /// Active secrets of one environment.
    pub fn of(&self, environment_id: i64) -> i64 {
        self.sum(environment_id, true)
    }

    /// Secrets of one environment that are switched off.
    pub fn inactive(&self, environment_id: i64) -> i64 {
        self.sum(environment_id, false)
    }

    /// Active secrets with a copy that failed or drifted.
    pub fn failing(&self, environment_id: i64) -> i64 {
        self.with(environment_id, SyncStatus::Failed) + self.with(environment_id, SyncStatus::OutOfSync)
    }

    fn sum(&self, environment_id: i64, active: bool) -> i64 {
        self.0.iter().filter(|((id, on, _), _)| *id == environment_id && *on == active).map(|(_, n)| n).sum()
    }
}

pub async fn tallies(app: &App) -> Result<Tallies> {
    let mut sums = BTreeMap::new();
    for (_, stand, amount) in rows(app).await? {
        *sums.entry((stand.environment_id, stand.is_active, stand.sync_status)).or_default() += amount;
    }
    sums.retain(|_, sum| *sum != 0);
    Ok(Tallies(sums))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    #[sqlx(flatten)]
    stand: Stand,
    amount: i64,
}

async fn rows(app: &App) -> Result<Vec<(i64, Stand, i64)>> {
    let query = sql!("SELECT id, environment_id, is_active, sync_status, amount FROM secret_tallies");
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.stand, row.amount)).collect())
}

/// Runs a statement on the rows of secrets that the caller holds, at most `BATCH` of them, and keeps the tallies.
pub(super) async fn counted(tx: &mut Tx, now: Utc, ids: &[i64], statement: Query) -> Result<()> {
    let mut moved = stands(tx, ids).await?;
    for amount in moved.values_mut() {
        *amount = -*amount;
    }
    tx.exec(statement).await?;
    for (stand, amount) in stands(tx, ids).await? {
        *moved.entry(stand).or_default() += amount;
    }
    for (stand, amount) in moved.iter().filter(|(_, amount)| **amount != 0) {
        add(tx, now, stand, *amount).await?;
    }
    Ok(())
}

/// So many secrets of one environment were just stored, active and without copies.
pub(super) async fn arrived(tx: &mut Tx, now: Utc, environment_id: i64, amount: usize) -> Result<()> {
    let sync_status = SyncStatus::NotConfigured.as_str().to_owned();
    let amount = i64::try_from(amount).map_err(Error::broken)?;
    add(tx, now, &Stand { environment_id, is_active: true, sync_status }, amount).await
}

/// How many of these secrets stand where.
async fn stands(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<Stand, i64>> {
    let mut query = sql!("SELECT environment_id, is_active, sync_status FROM secrets WHERE 1 = 1");
    query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
    let mut stands = BTreeMap::new();
    for stand in tx.all::<Stand>(query).await? {
        *stands.entry(stand).or_default() += 1;
    }
    Ok(stands)
}

async fn add(tx: &mut Tx, now: Utc, stand: &Stand, amount: i64) -> Result<()> {
    tx.insert(sql!(
        "INSERT INTO secret_tallies (environment_id, is_active, sync_status, amount, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
        stand.environment_id, stand.is_active, &stand.sync_status, amount, now, now
    ))
    .await
    .map(drop)
}

/// Adds the rows up when they have become many. Whoever finds that another has done it meanwhile leaves it at that.
pub async fn settle_tallies(app: &App) -> Result<()> {
    let rows = rows(app).await?;
    if rows.len() <= MOST_ROWS {
        return Ok(());
    }
    // Not more of them in one statement than every engine takes.
    let some = &rows[..rows.len().min(5000)];
    let mut sums: BTreeMap<&Stand, i64> = BTreeMap::new();
    for (_, stand, amount) in some {
        *sums.entry(stand).or_default() += amount;
    }
    let done: Result<()> = tx!(app.db, |tx| {
        let now = app.now();
        let mut query = sql!("DELETE FROM secret_tallies WHERE 1 = 1");
        query.push_list(" AND id IN ", some.iter().map(|(id, ..)| Value::from(*id)));
        if tx.exec(query).await? != some.len() as u64 {
            return Err(Error::Conflict("the tallies were added up by another process".into()));
        }
        for (stand, amount) in sums.iter().filter(|(_, amount)| **amount != 0) {
            add(tx, now, stand, *amount).await?;
        }
        Ok(())
    });
    match done {
        Err(Error::Conflict(_)) => Ok(()),
        done => done,
    }
}
