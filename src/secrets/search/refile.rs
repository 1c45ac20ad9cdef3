//! Makes the shelves of a whole environment anew, in the order of names: for data that came in bulk. Searches go on with the
//! old shelves until the directory is exchanged.
use super::card::{self, Card};
use super::directory::{self, Directory, Entry, new_shelf};
use super::filing::read_cards;
use super::grams::{self, Edits};
use super::pieces::SHELVES;
use super::timelines::Timelines;
use crate::app::App;
use crate::db::Value;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{sql, tx};
use std::collections::HashSet;
use time::Duration;

const ROWS: usize = 3000;
const GRAMS: usize = 2000;
/// Longer than a unit takes: what was stored before this span is seen by every later reading.
const LATE: Duration = Duration::minutes(1);

pub async fn refile(app: &App, environment_id: i64) -> Result<()> {
    let began = app.now();
    let mut directory = Directory::default();
    let mut edits = Edits::default();
    let mut dates = Timelines::default();
    let mut low = Some(String::new());
    while let Some(from) = low {
        let (cards, next) = read_from(app, environment_id, &from).await?;
        dates.note(&cards);
        for (piece, shelf) in store(app, environment_id, &cards).await? {
            edits.shelf(shelf, &HashSet::new(), &grams::of_shelf(piece.iter()));
            let low = if directory.shelves.is_empty() { String::new() } else { piece[0].name().to_owned() };
            directory.shelves.push(Entry { low, shelf });
        }
        low = next;
    }
    directory.edition = dates.store(app, environment_id).await?;
    for part in edits.split(GRAMS) {
        let stored: Result<()> = tx!(app.db, |tx| {
            directory::lock(tx).await?;
            part.store(tx, app.now()).await
        });
        stored?;
    }
    exchange(app, environment_id, &directory, began).await
}

/// The next cards, and the name with which those after them begin.
async fn read_from(app: &App, environment_id: i64, from: &str) -> Result<(Vec<Card>, Option<String>)> {
    let mut cards: Vec<Card> =
        tx!(app.db, |tx| read_cards(tx, environment_id, (from, None), ROWS + 1).await)?;
    let next = if cards.len() > ROWS { cards.pop().map(|card| card.name().to_owned()) } else { None };
    Ok((cards, next))
}

async fn store<'a>(app: &App, environment_id: i64, cards: &'a [Card]) -> Result<Vec<(&'a [Card], i64)>> {
    let pieces = SHELVES.of_new(cards);
    let shelves: Vec<i64> = tx!(app.db, |tx| {
        let mut shelves = Vec::new();
        for piece in &pieces {
            shelves.push(new_shelf(tx, app.now(), environment_id, card::encode(piece.iter())).await?);
        }
        Ok(shelves)
    })?;
    Ok(pieces.into_iter().zip(shelves).collect())
}

/// The new directory takes the old one's place. What changed meanwhile may have been filed on old shelves: it gets a slip.
async fn exchange(app: &App, environment_id: i64, directory: &Directory, began: Utc) -> Result<()> {
    let exchanged: Result<()> = tx!(app.db, |tx| {
        let now = app.now();
        directory::lock(tx).await?;
        let old = directory::read(tx, environment_id).await?;
        let slips = sql!(
            "INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at)
             SELECT id, environment_id, name, ?, ? FROM secrets WHERE environment_id = ? AND is_active IN (?, ?) AND updated_at >= ?",
            now,
            now,
            environment_id,
            true,
            false,
            began.minus(LATE)
        );
        tx.exec(slips).await?;
        directory::write(tx, now, environment_id, directory).await?;
        tx.exec(sql!(
            "DELETE FROM search_stretches WHERE environment_id = ? AND edition <> ?",
            environment_id,
            directory.edition
        ))
        .await?;
        for some in old.shelves.chunks(500) {
            let mut delete = sql!("DELETE FROM search_shelves WHERE 1 = 1");
            delete.push_list(" AND id IN ", some.iter().map(|entry| Value::from(entry.shelf)));
            tx.exec(delete).await?;
        }
        Ok(())
    });
    exchanged
}
