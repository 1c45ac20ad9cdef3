//! The next few rows. They are changed in the unit that stores the place that they end at: what is killed before its end is done again, and
//! nothing is done or counted twice. The lease keeps processes from doing the same.
use super::list::DataMigration;
use super::row::rows;
use crate::db::Db;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::fault;
use crate::{sql, tx};
use time::Duration;

/// So many at once: it holds up nobody.
const FEW: i64 = 500;
/// Longer than a unit takes.
const LEASE: Duration = Duration::seconds(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Everything is in its present form.
    Idle,
    /// Another process does it.
    Busy,
    /// A part was done.
    Done,
}

struct Claimed {
    which: DataMigration,
    after: i64,
    total: Option<i64>,
    token: i64,
}

/// On a schema that is this binary's.
pub async fn work(db: &Db, now: Utc) -> Result<Step> {
    let Some(which) = next(db, now).await? else { return Ok(Step::Idle) };
    let Some(claimed) = claim(db, now, which).await? else { return Ok(Step::Busy) };
    match step(db, now, &claimed).await {
        Ok(()) => Ok(Step::Done),
        Err(e) => {
            release(db, now, &claimed, &e).await?;
            Err(e)
        }
    }
}

/// The first that is not done; it is begun if it has not been.
async fn next(db: &Db, now: Utc) -> Result<Option<DataMigration>> {
    let rows = rows(db).await?;
    for which in DataMigration::ALL.iter().copied() {
        match rows.iter().find(|row| row.name == which.as_str()) {
            Some(row) if row.ended_at.is_some() => {}
            Some(_) => return Ok(Some(which)),
            None if db.schema().await?.has(which.since()) => {
                begin(db, now, which).await?;
                return Ok(Some(which));
            }
            None => {}
        }
    }
    Ok(None)
}

async fn begin(db: &Db, now: Utc, which: DataMigration) -> Result<()> {
    let begun = tx!(db, |tx| {
        tx.insert(sql!(
            "INSERT INTO data_migrations (name, after_id, done, total, state, lease_token, lease_until, trouble, ended_at, created_at, updated_at)
             VALUES (?, 0, 0, NULL, 'running', 0, NULL, '', NULL, ?, ?)",
            which.as_str(),
            now,
            now
        ))
        .await
    });
    match begun {
        Ok(_) => {
            tracing::info!(name = which.as_str(), "data are brought into their present form");
            Ok(())
        }
        // Another process has begun it meanwhile.
        Err(Error::Taken) => Ok(()),
        Err(e) => Err(e),
    }
}

async fn claim(db: &Db, now: Utc, which: DataMigration) -> Result<Option<Claimed>> {
    tx!(db, |tx| {
        let query = sql!(
            "SELECT after_id, total, lease_token FROM data_migrations WHERE name = ? AND state = 'running' AND (lease_until IS NULL OR lease_until <= ?) {skip}",
            which.as_str(),
            now
        );
        let Some((after, total, token)) = tx.maybe::<(i64, Option<i64>, i64)>(query).await? else {
            return Ok(None);
        };
        tx.exec(sql!(
            "UPDATE data_migrations SET lease_token = ?, lease_until = ?, updated_at = ? WHERE name = ?",
            token + 1,
            now.plus(LEASE),
            now,
            which.as_str()
        ))
        .await?;
        Ok(Some(Claimed { which, after, total, token: token + 1 }))
    })
}

/// What stands in the way is told; whoever comes next tries again.
async fn release(db: &Db, now: Utc, claimed: &Claimed, why: &Error) -> Result<()> {
    let trouble: String = why.to_string().chars().take(500).collect();
    tx!(db, |tx| {
        let update = sql!(
            "UPDATE data_migrations SET trouble = ?, lease_until = NULL, updated_at = ? WHERE name = ? AND lease_token = ?",
            &trouble,
            now,
            claimed.which.as_str(),
            claimed.token
        );
        tx.exec(update).await.map(drop)
    })
}

async fn step(db: &Db, now: Utc, claimed: &Claimed) -> Result<()> {
    if claimed.total.is_none() {
        return count(db, now, claimed).await;
    }
    let (which, name) = (claimed.which, claimed.which.as_str());
    fault::point("data_before_unit");
    let ended = tx!(db, |tx| {
        let walked = which.step(tx, now, claimed.after, FEW).await?;
        let update = if let Some((rows, end)) = walked {
            sql!(
                "UPDATE data_migrations SET after_id = ?, done = done + ?, trouble = '', lease_until = NULL, updated_at = ?
                 WHERE name = ? AND state = 'running' AND lease_token = ?",
                end, rows, now, name, claimed.token
            )
        } else {
            sql!(
                "UPDATE data_migrations SET state = 'done', trouble = '', lease_until = NULL, ended_at = ?, updated_at = ?
                 WHERE name = ? AND state = 'running' AND lease_token = ?",
                now, now, name, claimed.token
            )
        };
        let moved = tx.exec(update).await?;
        fault::point("data_in_unit");
        if moved == 1 {
            return Ok(walked.is_none());
        }
        Err(Error::Conflict(
            "another process brings the data into their present form: the lease was taken over".into(),
        ))
    })?;
    fault::point("data_after_unit");
    if ended {
        tracing::info!(name, "data are in their present form");
    }
    Ok(())
}

/// How many there are, once.
async fn count(db: &Db, now: Utc, claimed: &Claimed) -> Result<()> {
    let total = claimed.which.count(db).await?;
    tx!(db, |tx| {
        let update = sql!(
            "UPDATE data_migrations SET total = ?, lease_until = NULL, updated_at = ? WHERE name = ? AND lease_token = ?",
            total,
            now,
            claimed.which.as_str(),
            claimed.token
        );
        tx.exec(update).await.map(drop)
    })
}
