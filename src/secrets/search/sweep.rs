//! Takes away shelves and stretches that are not in force: the former ones when a new directory has taken their place, and what a refile
//! left behind that was broken off.
use super::directory::{self, Directory};
use super::grams;
use super::hold::Hold;
use crate::app::App;
use crate::db::Value;
use crate::domain::error::Result;
use crate::kit::fault;
use crate::{sql, tx};
use std::collections::HashSet;

/// So many in one unit.
const FEW: usize = 200;
const LOOKED_AT: i64 = 1000;

/// Gives what is in force. Nobody else adds or takes away shelves of an environment that is held.
pub(super) async fn sweep(app: &App, hold: &Hold) -> Result<Directory> {
    let directory = directory::read(&mut app.db.read().await?, hold.environment).await?;
    let in_force: HashSet<i64> = directory.shelves.iter().map(|entry| entry.shelf).collect();
    let (mut after, mut any_gone) = (0, false);
    loop {
        let query = sql!(
            "SELECT id FROM search_shelves WHERE environment_id = ? AND id > ? ORDER BY id LIMIT ?",
            hold.environment,
            after,
            LOOKED_AT
        );
        let shelves: Vec<(i64,)> = app.db.read().await?.all(query).await?;
        let Some((last,)) = shelves.last() else { break };
        after = *last;
        let gone: Vec<i64> =
            shelves.into_iter().map(|row| row.0).filter(|id| !in_force.contains(id)).collect();
        any_gone |= !gone.is_empty();
        for some in gone.chunks(FEW) {
            let mut delete = sql!("DELETE FROM search_shelves WHERE 1 = 1");
            delete.push_list(" AND id IN ", some.iter().copied().map(Value::from));
            take_away(app, hold, &delete).await?;
        }
    }
    if any_gone {
        forget(app, hold).await?;
    }
    loop {
        let query = sql!(
            "SELECT id FROM search_stretches WHERE environment_id = ? AND edition <> ? LIMIT ?",
            hold.environment,
            directory.edition,
            LOOKED_AT
        );
        let gone: Vec<(i64,)> = app.db.read().await?.all(query).await?;
        if gone.is_empty() {
            return Ok(directory);
        }
        for some in gone.chunks(FEW) {
            let mut delete = sql!("DELETE FROM search_stretches WHERE 1 = 1");
            delete.push_list(" AND id IN ", some.iter().map(|row| Value::from(row.0)));
            take_away(app, hold, &delete).await?;
        }
    }
}

/// No gram leads to shelves that are not there any more. What is broken off is done by the next sweep that takes a shelf away: until then
/// some grams are longer than they need to be, and nobody goes where they lead, for no directory has it.
async fn forget(app: &App, hold: &Hold) -> Result<()> {
    let mut after = String::new();
    loop {
        let last: Option<String> = tx!(app.db, |tx| {
            directory::lock(tx).await?;
            hold.keep(tx, app.now()).await?;
            grams::cut(tx, app.now(), &after).await
        })?;
        fault::point("refile_forgotten");
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

async fn take_away(app: &App, hold: &Hold, delete: &crate::db::Query) -> Result<()> {
    tx!(app.db, |tx| {
        hold.keep(tx, app.now()).await?;
        tx.exec(delete.clone()).await.map(drop)
    })
}
