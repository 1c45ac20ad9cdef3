//! The next few rows. They are changed in the unit that stores the place that they end at: what is killed before its end is done again, and
//! nothing is done or counted twice. The lease keeps processes from doing the same.
use super::list::DataMigration;
use super::row::{Row, find, rows};
use crate::db::Db;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::fault;
use crate::lease::{Lease, Step, Table};
use crate::{leased, sql, tx};
use time::Duration;

/// So many at once: it holds up nobody.
const FEW: i64 = 500;
static DATA_MIGRATIONS: Table = leased!("data_migrations", Duration::seconds(20));

/// On a schema that is this binary's.
pub async fn work(db: &Db, now: Utc) -> Result<Step> {
    let Some(which) = next(db, now).await? else { return Ok(Step::Idle) };
    let Some(row) = find(db, which).await? else { return Ok(Step::Busy) };
    let Some(lease) = DATA_MIGRATIONS.claim(db, now, row.id).await? else { return Ok(Step::Busy) };
    // Read once more: it may have moved before the lease was ours.
    let Some(row) = find(db, which).await? else { return Ok(Step::Busy) };
    let part = step(db, now, which, &row, &lease).await;
    lease.ended(db, now, part).await
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

async fn step(db: &Db, now: Utc, which: DataMigration, row: &Row, lease: &Lease) -> Result<()> {
    if row.total.is_none() {
        return count(db, now, which, row.id, lease).await;
    }
    fault::point("data_before_unit");
    let has_ended = tx!(db, |tx| {
        let walked = which.step(tx, now, row.after_id, FEW).await?;
        let update = if let Some((rows, end)) = walked {
            sql!(
                "UPDATE data_migrations SET after_id = ?, done = done + ?, updated_at = ? WHERE id = ?",
                end,
                rows,
                now,
                row.id
            )
        } else {
            sql!(
                "UPDATE data_migrations SET state = 'done', ended_at = ?, updated_at = ? WHERE id = ?",
                now,
                now,
                row.id
            )
        };
        tx.exec(update).await?;
        lease.let_go(tx, now).await?;
        fault::point("data_in_unit");
        Ok(walked.is_none())
    })?;
    fault::point("data_after_unit");
    if has_ended {
        tracing::info!(name = which.as_str(), "data are in their present form");
    }
    Ok(())
}

/// How many there are, once.
async fn count(db: &Db, now: Utc, which: DataMigration, id: i64, lease: &Lease) -> Result<()> {
    let total = which.count(db).await?;
    tx!(db, |tx| {
        tx.exec(sql!("UPDATE data_migrations SET total = ?, updated_at = ? WHERE id = ?", total, now, id))
            .await?;
        lease.let_go(tx, now).await
    })
}
