//! Every night from 02:00 UTC on each environment's copies and sources are compared, however many processes there are: whoever moves
//! the one row begins them all. A night that no process saw begins when one is there again.
use super::comparison::{Wish, begin, kept};
use crate::app::App;
use crate::db::Tx;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{secrets, sql, tx};
use time::Duration;

const DAY: i64 = 24 * 60 * 60;
const BEGINS: i64 = 2 * 60 * 60;

pub(super) async fn begin_due(app: &App) -> Result<()> {
    let now = app.now();
    // Looked at before a unit of writing is begun: most of the time there is nothing to do.
    let query = sql!("SELECT next_at FROM verify_rounds WHERE id = 1");
    let at = app.db.read().await?.one::<(Option<Utc>,)>(query).await?.0;
    if at.is_some_and(|at| at > now) {
        return Ok(());
    }
    let tallies = secrets::tallies(app).await?;
    tx!(app.db, |tx| {
        let query = sql!("SELECT next_at FROM verify_rounds WHERE id = 1 {skip}");
        let Some((stored,)) = tx.maybe::<(Option<Utc>,)>(query).await? else { return Ok(()) };
        if stored.is_some_and(|at| at <= now) {
            for id in with_places(tx).await? {
                let wish = Wish { by: "", is_whole: false, total: kept(&tallies, id) };
                begin(tx, now, id, &wish).await?;
            }
        }
        if stored.is_none_or(|at| at <= now) {
            let update = sql!(
                "UPDATE verify_rounds SET next_at = ?, updated_at = ? WHERE id = 1",
                next_night(now),
                now
            );
            tx.exec(update).await?;
        }
        Ok(())
    })
}

async fn with_places(tx: &mut Tx) -> Result<Vec<i64>> {
    let query = sql!(
        "SELECT e.id FROM environments e WHERE e.is_active = ?
           AND (e.aws_enabled = ? OR e.vault_enabled = ? OR EXISTS (SELECT 1 FROM sources o WHERE o.environment_id = e.id)) ORDER BY e.id",
        true,
        true,
        true
    );
    Ok(tx.all::<(i64,)>(query).await?.into_iter().map(|row| row.0).collect())
}

fn next_night(now: Utc) -> Utc {
    let passed = (now.unix() - BEGINS).rem_euclid(DAY);
    now.plus(Duration::seconds(DAY - passed))
}

/// At night a secret's values are read back whole every seventh time; on the other nights, where nothing has changed since.
pub(super) fn is_whole_turn(secret_id: i64, now: Utc) -> bool {
    (secret_id + now.unix().div_euclid(DAY)).rem_euclid(7) == 0
}
