//! Is an index as its secrets are? A few shelves of an environment are held against the rows that belong on them, and some cards of these
//! against their grams and stretches: the first, the last, and others each time. What came in bulk and was never filed shows on every shelf; a
//! single stale card only when its shelf is drawn. `keeper check` asks.
use super::card::{self, Card};
use super::dates::Dated;
use super::directory::{self, Directory, Entry};
use super::filing::read_cards;
use super::grams;
use super::hold::{Refiling, standing};
use crate::app::{App, MANY};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::environments;
use crate::{sql, tx};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Of one shelf; a whole one has fewer.
const ROWS: usize = 1000;
/// So many grams are asked for at once.
const GRAMS: usize = 500;
/// So many cards of a shelf are looked for in the orders of dates.
const DATED: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    pub shelves: usize,
    /// So many of them were looked at …
    pub seen: usize,
    /// … with so many secrets.
    pub secrets: usize,
    /// The names of those that are not filed as they are, and have no slip that would mend it.
    pub wrong: Vec<String>,
    /// Changes that wait to be filed. More than `app::MANY` are told as one more.
    pub waiting: i64,
    pub refiling: Refiling,
}

/// Under the lock of filing, so that no slip goes away between two readings.
pub async fn glance(app: &App, actor: &Actor, environment_id: i64) -> Result<Glance> {
    actor.demand(Role::Admin, "looking into a search index")?;
    environments::enter(app, actor, environment_id).await?;
    let drawn = [app.chance.below(u32::MAX)?, app.chance.below(u32::MAX)?];
    tx!(app.db, |tx| {
        directory::lock(tx).await?;
        let directory = directory::read(tx, environment_id).await?;
        let shelves = directory.shelves.len();
        let mut places = BTreeSet::from([0, shelves.saturating_sub(1)]);
        places.extend(drawn.iter().map(|drawn| usize::try_from(*drawn).unwrap_or(0) % shelves.max(1)));
        let mut look =
            Look { environment: environment_id, directory: &directory, secrets: 0, differ: BTreeMap::new() };
        for place in &places {
            look.at(tx, *place).await?;
        }
        let waiting = sql!(
            "SELECT COUNT(*) FROM (SELECT id FROM search_slips WHERE environment_id = ? LIMIT ?) AS few",
            environment_id,
            MANY + 1
        );
        Ok(Glance {
            shelves,
            seen: if shelves == 0 { 0 } else { places.len() },
            secrets: look.secrets,
            waiting: tx.number(waiting).await?,
            refiling: standing(tx, app.now(), environment_id).await?,
            wrong: look.wrong(tx).await?,
        })
    })
}

struct Look<'a> {
    environment: i64,
    directory: &'a Directory,
    secrets: usize,
    /// Filed otherwise than they are: ids and names.
    differ: BTreeMap<i64, String>,
}

impl Look<'_> {
    async fn at(&mut self, tx: &mut Tx, place: usize) -> Result<()> {
        // Without a directory nothing is filed, wherever it would stand.
        let first = Entry { low: String::new(), shelf: 0 };
        let Entry { low, shelf } = self.directory.shelves.get(place).unwrap_or(&first);
        let stored: Option<(Vec<u8>,)> =
            tx.maybe(sql!("SELECT cards FROM search_shelves WHERE id = ?", *shelf)).await?;
        let filed = stored.map(|(bytes,)| card::decode(&bytes)).unwrap_or_default();
        let range = (low.as_str(), self.directory.high(place));
        let rows = read_cards(tx, self.environment, range, ROWS).await?;
        self.secrets += rows.len();
        self.compare(&filed, &rows);
        self.grams(tx, *shelf, &filed).await?;
        let step = (filed.len() / DATED).max(1);
        for card in filed.iter().step_by(step).take(DATED) {
            self.dates(tx, card).await?;
        }
        Ok(())
    }

    fn compare(&mut self, filed: &[Card], rows: &[Card]) {
        // What was not read is not known to be gone.
        let last = if rows.len() == ROWS { rows.last().map(Card::name) } else { None };
        let by_id: HashMap<i64, &Card> = filed.iter().map(|card| (card.id, card)).collect();
        let there: HashSet<i64> = rows.iter().map(|card| card.id).collect();
        let changed = rows.iter().filter(|row| by_id.get(&row.id) != Some(row));
        let gone = filed
            .iter()
            .filter(|card| !there.contains(&card.id) && last.is_none_or(|last| card.name() <= last));
        self.differ.extend(changed.chain(gone).map(|card| (card.id, card.name().to_owned())));
    }

    async fn grams(&mut self, tx: &mut Tx, at: i64, filed: &[Card]) -> Result<()> {
        let needed: Vec<String> = grams::of_shelf(filed.iter()).into_iter().collect();
        let mut missing = HashSet::new();
        for some in needed.chunks(GRAMS) {
            let known = grams::look_up(tx, some.iter().map(String::as_str)).await?;
            let leads = |gram: &&String| known.get(*gram).is_some_and(|bits| bits.has(at));
            missing.extend(some.iter().filter(|gram| !leads(gram)));
        }
        if !missing.is_empty() {
            let lacks = |card: &&Card| {
                grams::of_shelf(std::iter::once(*card)).iter().any(|gram| missing.contains(gram))
            };
            let cards = filed.iter().filter(lacks).map(|card| (card.id, card.name().to_owned()));
            self.differ.extend(cards);
        }
        Ok(())
    }

    async fn dates(&mut self, tx: &mut Tx, card: &Card) -> Result<()> {
        for order in Dated::ALL {
            let Some(mark) = card.mark(order) else { continue };
            let query = sql!(
                "SELECT cards FROM search_stretches WHERE environment_id = ? AND edition = ? AND dates = ? AND low <= ? ORDER BY low DESC LIMIT 1",
                self.environment,
                self.directory.edition,
                order.number(),
                mark.to_string()
            );
            let stored: Option<(Vec<u8>,)> = tx.maybe(query).await?;
            if !stored.is_some_and(|(bytes,)| card::decode(&bytes).contains(card)) {
                self.differ.insert(card.id, card.name().to_owned());
            }
        }
        Ok(())
    }

    /// Without those that have a slip: these wait to be filed.
    async fn wrong(mut self, tx: &mut Tx) -> Result<Vec<String>> {
        let mut query = sql!("SELECT secret_id FROM search_slips WHERE 1 = 1");
        query.push_list(" AND secret_id IN ", self.differ.keys().copied().map(Value::from));
        for (id,) in tx.all::<(i64,)>(query).await? {
            self.differ.remove(&id);
        }
        Ok(self.differ.into_values().collect())
    }
}
