//! Makes the stretches of a whole environment anew, as a new edition: `refile` calls it.
use super::card::{self, Card, Source};
use super::dates::{Dated, Mark};
use super::hold::Hold;
use super::pieces::STRETCHES;
use super::refile::Hears;
use super::stretch::Set;
use crate::app::App;
use crate::db::{Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::kit::fault;
use crate::tx;
use std::collections::HashMap;

/// So many cards are read at once, and stored in one unit.
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

    /// As an edition that nobody reads yet.
    pub async fn store(self, app: &App, hold: &Hold, edition: i64, told: Hears<'_>) -> Result<()> {
        let count = |marks: &[Mark]| i64::try_from(marks.len()).unwrap_or(0);
        let (mut done, total) = (0, self.0.iter().map(|marks| count(marks)).sum());
        for (mut marks, order) in self.0.into_iter().zip(Dated::ALL) {
            marks.sort_unstable();
            let set = Set { environment: hold.environment, edition, order };
            for (part, marks) in marks.chunks(ROWS).enumerate() {
                let read = read(app, set, marks).await?;
                let stored: Result<()> = tx!(app.db, |tx| {
                    hold.keep(tx, app.now()).await?;
                    store(tx, app.now(), set, &read, part == 0).await
                });
                stored?;
                fault::point("refile_dated");
                done += count(marks);
                told("in the orders of dates", done, total);
            }
        }
        Ok(())
    }
}

/// The cards that stand at some places. What has moved meanwhile has a slip.
async fn read(app: &App, set: Set, marks: &[Mark]) -> Result<Vec<Card>> {
    let mut conn = app.db.read().await?;
    let mut query = card::sources();
    query.push_list(" AND id IN ", marks.iter().map(|mark| Value::from(mark.id)));
    let sources: Vec<Source> = conn.all(query).await?;
    let cards = card::cards(&mut conn, &sources).await?;
    let mut by_id: HashMap<i64, Card> = cards.into_iter().map(|card| (card.id, card)).collect();
    let here = |mark: &Mark| by_id.remove(&mark.id).filter(|card| card.dates.of(set.order) == Some(mark.at));
    Ok(marks.iter().filter_map(here).collect())
}

/// As stretches. The first of all begins with nothing.
async fn store(tx: &mut Tx, now: Utc, set: Set, cards: &[Card], is_first: bool) -> Result<()> {
    for (at, piece) in STRETCHES.of_new(cards).into_iter().enumerate() {
        let low = if is_first && at == 0 { String::new() } else { set.low(piece) };
        set.add(tx, now, &low, piece).await?;
    }
    Ok(())
}
