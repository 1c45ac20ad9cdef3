//! Stretches: the cards of one environment once more, in the order of a date, some hundred in each. Filing keeps them; `timeline` reads
//! them. No grams lead to them: what changed last has everything in it, so a search by date reads on until its page is full.
use super::card::{self, Card};
use super::dates::{Dated, Mark};
use super::pieces::STRETCHES;
use crate::db::Tx;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// A stretch with fewer cards is joined to the one before it.
const FEW: usize = 30;

/// The stretches of one environment in one order. A whole new set has a new edition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set {
    pub environment: i64,
    pub edition: i64,
    pub order: Dated,
}

/// What filing one shelf has changed: cards that were on it, and cards that are.
#[derive(Default)]
pub(super) struct Moves {
    gone: Vec<Card>,
    here: Vec<Card>,
}

impl Moves {
    /// Cards with a slip are put there once more in any case: a refile may have read them while they were otherwise for a moment.
    pub fn note(&mut self, old: Vec<Card>, new: &[Card], slipped: &HashSet<i64>) {
        let kept: HashSet<i64> = {
            let by_id: BTreeMap<i64, &Card> = new.iter().map(|card| (card.id, card)).collect();
            let is_same = |card: &&Card| by_id.get(&card.id) == Some(card) && !slipped.contains(&card.id);
            old.iter().filter(is_same).map(|card| card.id).collect()
        };
        self.gone.extend(old.into_iter().filter(|card| !kept.contains(&card.id)));
        self.here.extend(new.iter().filter(|card| !kept.contains(&card.id)).cloned());
    }

    /// Puts them into each order of dates.
    pub async fn store(&self, tx: &mut Tx, now: Utc, environment: i64, edition: i64) -> Result<()> {
        for order in Dated::ALL {
            let mut edits: Edits<'_> = BTreeMap::new();
            edits.extend(self.gone.iter().filter_map(|card| Some((card.mark(order)?, None))));
            edits.extend(
                self.here.iter().filter_map(|card| Some((card.mark(order)?, Some(Cow::Borrowed(card))))),
            );
            Set { environment, edition, order }.edit(tx, now, edits).await?;
        }
        Ok(())
    }
}

/// At each place, the card that stands there from now on, or none.
type Edits<'a> = BTreeMap<Mark, Option<Cow<'a, Card>>>;

impl Set {
    /// From the last place on, so that a stretch that is cut moves none that is still to come.
    async fn edit(self, tx: &mut Tx, now: Utc, mut edits: Edits<'_>) -> Result<()> {
        while let Some((last, _)) = edits.last_key_value() {
            let found: Option<(i64, String, Vec<u8>)> = tx
                .maybe(sql!(
                    "SELECT id, low, cards FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ? AND low <= ? ORDER BY low DESC LIMIT 1",
                    self.environment,
                    self.edition,
                    self.order.number(),
                    last.to_string()
                ))
                .await?;
            let Some((id, low, bytes)) = found else {
                // The first stretch begins with nothing.
                self.add(tx, now, "", &[]).await?;
                continue;
            };
            let edits_here = match Mark::parse(&low) {
                Some(low) => edits.split_off(&low),
                None => std::mem::take(&mut edits),
            };
            let cards = card::decode(&bytes).into_iter();
            let mut cards: BTreeMap<Mark, Card> =
                cards.filter_map(|card| Some((card.mark(self.order)?, card))).collect();
            for (mark, card) in edits_here {
                match card {
                    Some(card) => drop(cards.insert(mark, card.into_owned())),
                    None => drop(cards.remove(&mark)),
                }
            }
            if cards.len() < FEW && !low.is_empty() {
                tx.exec(sql!("DELETE FROM search_stretches WHERE id = ?", id)).await?;
                edits.extend(cards.into_iter().map(|(mark, card)| (mark, Some(Cow::Owned(card)))));
                continue;
            }
            self.replace(tx, now, id, cards.into_values().collect()).await?;
        }
        Ok(())
    }

    async fn replace(self, tx: &mut Tx, now: Utc, id: i64, cards: Vec<Card>) -> Result<()> {
        let pieces = STRETCHES.of_grown(&cards);
        let first = pieces.first().copied().unwrap_or_default();
        let update = sql!(
            "UPDATE search_stretches SET cards = ?, updated_at = ? WHERE id = ?",
            card::encode(first.iter()),
            now,
            id
        );
        tx.exec(update).await?;
        for piece in pieces.iter().skip(1) {
            self.add(tx, now, &self.low(piece), piece).await?;
        }
        Ok(())
    }

    /// Where a stretch with these cards begins.
    pub fn low(self, cards: &[Card]) -> String {
        cards.first().and_then(|card| card.mark(self.order)).map(|mark| mark.to_string()).unwrap_or_default()
    }

    pub async fn add(self, tx: &mut Tx, now: Utc, low: &str, cards: &[Card]) -> Result<()> {
        let insert = sql!(
            "INSERT INTO search_stretches (environment_id, edition, dates, low, cards, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            self.environment,
            self.edition,
            self.order.number(),
            low,
            card::encode(cards.iter()),
            now,
            now
        );
        tx.insert(insert).await.map(drop)
    }
}
