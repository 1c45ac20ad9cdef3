//! Every night from 02:00 UTC on, each secret that is somewhere besides in Keeper is verified once: in the order of their ids, a few
//! at a time. One row tells how far the night is; whoever moves it has those few, so that each has one turn, however many processes
//! there are. A night that no process saw begins when one is there again.
use super::verify::verify;
use crate::app::App;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sync::Stores;
use crate::{sql, tx};
use time::Duration;

const DAY: i64 = 24 * 60 * 60;
const BEGINS: i64 = 2 * 60 * 60;
/// So many are asked about at once …
const FEW: usize = 4;
/// … and no others before this has passed, in any process: with three places each, 360 calls a minute and no more.
const PAUSE: Duration = Duration::seconds(2);

/// The next few, if it is their time; gives which.
pub async fn verify_next(app: &App, stores: &Stores) -> Result<Vec<i64>> {
    let few = claim(app).await?;
    let asked = few.iter().map(|id| one(app, stores, *id));
    futures_util::future::join_all(asked).await;
    Ok(few)
}

/// One that cannot be verified now keeps no other from it, and has its turn the next night.
async fn one(app: &App, stores: &Stores, id: i64) {
    match verify(app, stores, &Actor::System, id).await {
        Ok(()) => {}
        Err(Error::Conflict(why)) => tracing::info!(secret = id, why, "not verified"),
        Err(error) => tracing::warn!(%error, secret = id, "a secret could not be verified"),
    }
}

async fn claim(app: &App) -> Result<Vec<i64>> {
    let now = app.now();
    // Looked at before a unit of writing is begun: most of the time there is nothing to do.
    let query = sql!("SELECT next_at FROM verify_rounds WHERE id = 1");
    match app.db.read().await?.one::<(Option<Utc>,)>(query).await?.0 {
        None => return begin(app, now).await.map(|()| Vec::new()),
        Some(at) if at > now => return Ok(Vec::new()),
        Some(_) => {}
    }
    tx!(app.db, |tx| {
        let query =
            sql!("SELECT after_secret_id FROM verify_rounds WHERE id = 1 AND next_at <= ? {skip}", now);
        let Some((after,)) = tx.maybe::<(i64,)>(query).await? else { return Ok(Vec::new()) };
        let few = few_after(tx, after).await?;
        let (after, next_at) = match few.last() {
            Some(last) if few.len() == FEW => (*last, now.plus(PAUSE)),
            _ => (0, next_night(now)),
        };
        tx.exec(sql!(
            "UPDATE verify_rounds SET after_secret_id = ?, next_at = ?, updated_at = ? WHERE id = 1",
            after,
            next_at,
            now
        ))
        .await?;
        Ok(few)
    })
}

async fn begin(app: &App, now: Utc) -> Result<()> {
    let at = next_night(now);
    tx!(app.db, |tx| {
        let update = sql!(
            "UPDATE verify_rounds SET next_at = ?, updated_at = ? WHERE id = 1 AND next_at IS NULL",
            at,
            now
        );
        tx.exec(update).await.map(drop)
    })
}

/// What rests is left alone, and so is what a rotation is about to prove.
async fn few_after(tx: &mut Tx, after: i64) -> Result<Vec<i64>> {
    let query = sql!(
        "SELECT s.id FROM secrets s JOIN environments e ON e.id = s.environment_id
         WHERE s.id > ? AND s.is_active = ? AND e.is_active = ?
           AND (EXISTS (SELECT 1 FROM secret_sources u WHERE u.secret_id = s.id) OR EXISTS (SELECT 1 FROM copies c WHERE c.secret_id = s.id))
           AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status = 'running')
         ORDER BY s.id LIMIT ?",
        after,
        true,
        true,
        i64::try_from(FEW).map_err(Error::broken)?
    );
    Ok(tx.all::<(i64,)>(query).await?.into_iter().map(|row| row.0).collect())
}

fn next_night(now: Utc) -> Utc {
    let passed = (now.unix() - BEGINS).rem_euclid(DAY);
    now.plus(Duration::seconds(DAY - passed))
}
