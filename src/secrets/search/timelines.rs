//! Makes the stretches of a whole environment anew, as a new edition: `refile` calls it.
use super::card::{self, Card, Source};
use super::dates::{Dated, Mark};
use super::pieces::STRETCHES;
use super::stretch::Set;
use crate::app::App;
use crate::db::{Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{sql, tx};
use std::collections::HashMap;

/// So many cards are read and stored in one unit.
const ROWS: usize = 3000;

/// The places of all cards in each order.
#[derive(Default)]
pub(super) struct Timelines([Vec<Mark>; 3]);

impl Timelines {
    pub fn note(&mut self, cards: &[Card]) {
        for (marks, order) in self.0.iter_mut().zip(Dated::ALL) {
            marks.extend(cards.iter().filter_map(|card| card.mark(order)));
        }
    }

    /// Gives the new edition, which nobody reads yet.
    pub async fn store(self, app: &App, environment: i64) -> Result<i64> {
        let last = sql!(
            "SELECT COALESCE(MAX(edition), 0) FROM search_stretches WHERE environment_id = ?",
            environment
        );
        let edition = app.db.read().await?.number(last).await? + 1;
        for (mut marks, order) in self.0.into_iter().zip(Dated::ALL) {
            marks.sort_unstable();
            let set = Set { environment, edition, order };
            for (part, marks) in marks.chunks(ROWS).enumerate() {
                let stored: Result<()> = tx!(app.db, |tx| store(tx, app.now(), set, marks, part == 0).await);
                stored?;
            }
        }
        Ok(edition)
    }
}

/// The cards of some places, as stretches. The first of all begins with nothing.
async fn store(tx: &mut Tx, now: Utc, set: Set, marks: &[Mark], is_first: bool) -> Result<()> {
    let mut query = card::sources();
    query.push_list(" AND id IN ", marks.iter().map(|mark| Value::from(mark.id)));
    let sources: Vec<Source> = tx.all(query).await?;
    let cards = card::cards(tx, &sources).await?;
    let mut by_id: HashMap<i64, Card> = cards.into_iter().map(|card| (card.id, card)).collect();
    // What has moved meanwhile gets a slip.
    let here = |mark: &Mark| by_id.remove(&mark.id).filter(|card| card.dates.of(set.order) == Some(mark.at));
    let cards: Vec<Card> = marks.iter().filter_map(here).collect();
    for (at, piece) in STRETCHES.of_new(&cards).into_iter().enumerate() {
        let low = if is_first && at == 0 { String::new() } else { set.low(piece) };
        set.add(tx, now, &low, piece).await?;
    }
    Ok(())
}
