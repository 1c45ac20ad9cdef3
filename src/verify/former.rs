//! What an older release has found stands under no environment, and is missing in the list of what differs until it is verified again, which
//! of a secret whose backend was switched off is never. It is put under its environment here.
use super::row::Finding;
use crate::db::{Db, Tx, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::BTreeMap;

#[derive(sqlx::FromRow)]
struct Former {
    id: i64,
    environment_id: i64,
    #[sqlx(try_from = "String")]
    outcome: Finding,
    home: i64,
}

pub async fn count_findings(db: &Db) -> Result<i64> {
    db.read().await?.number(sql!("SELECT COUNT(*) FROM verifications")).await
}

/// The next rows behind `after`: how many these were, and the last one's id. What stands under an environment already is passed over.
pub async fn place_former(tx: &mut Tx, now: Utc, after: i64, most: i64) -> Result<Option<(i64, i64)>> {
    let query = sql!(
        "SELECT v.id, v.environment_id, v.outcome, s.environment_id AS home FROM verifications v JOIN secrets s ON s.id = v.secret_id
         WHERE v.id > ? ORDER BY v.id LIMIT ?",
        after,
        most
    );
    let rows: Vec<Former> = tx.all(query).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let mut alike: BTreeMap<(i64, bool), Vec<i64>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.environment_id == 0) {
        alike.entry((row.home, row.outcome.is_drift())).or_default().push(row.id);
    }
    for ((home, is_drift), ids) in alike {
        // What was verified again meanwhile is another row.
        let mut update = sql!(
            "UPDATE verifications SET environment_id = ?, is_drift = ?, updated_at = ? WHERE environment_id = 0",
            home,
            is_drift,
            now
        );
        update.push_list(" AND id IN ", ids.into_iter().map(Value::from));
        tx.exec(update).await?;
    }
    Ok(Some((i64::try_from(rows.len()).map_err(Error::broken)?, last)))
}
