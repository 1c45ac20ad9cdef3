//! Slips, and filing them: what changed is put on its shelf. `note` is called in the unit of each change, `file_changes` by the
//! worker. What is put there is what the row says now, so that filing may be repeated. Where an environment is made anew (`hold.rs`), its slips wait.
use super::card::{self, Card, Source};
use super::directory::{self, Directory, Entry, new_shelf};
use super::grams::{self, Edits};
use super::hold;
use super::pieces::SHELVES;
use super::stretch::Moves;
use crate::app::App;
use crate::db::{BATCH, Conn, Tx, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::{sql, tx, values};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What one unit takes at most, so that it holds up nobody.
const PLACES: usize = 8;
const SLIPS: i64 = 250;
const ROWS: usize = 4000;
/// With more slips than these a shelf is made anew from all rows that belong on it; with fewer, their cards are put in its place.
const FEW: usize = 32;

/// Says that the texts, traits or dates of secrets have changed, or (before their rows go) that they will be gone. Always a slip of its
/// own: one that is being filed has read the row already.
pub(in crate::secrets) async fn note(tx: &mut Tx, now: Utc, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(BATCH) {
        let mut query = sql!("SELECT id, environment_id, name FROM secrets WHERE 1 = 1");
        query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
        let secrets: Vec<(i64, i64, String)> = tx.all(query).await?;
        let insert = sql!(
            "INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
        );
        let row = |(id, environment_id, name)| values![id, environment_id, name, now, now];
        tx.insert_all(insert, secrets.into_iter().map(row).collect()).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Slip {
    id: i64,
    secret_id: i64,
    environment_id: i64,
    name: String,
}

/// Files some slips; how many. When it says 0, nothing is left but what waits for a refile.
pub async fn file_changes(app: &App) -> Result<usize> {
    let any: Option<(i64,)> =
        app.db.read().await?.maybe(sql!("SELECT id FROM search_slips ORDER BY id LIMIT 1")).await?;
    if any.is_none() {
        return Ok(0);
    }
    tx!(app.db, |tx| {
        directory::lock(tx).await?;
        let held = hold::held(tx, app.now()).await?;
        let mut query = sql!("SELECT id, secret_id, environment_id, name FROM search_slips WHERE 1 = 1");
        if !held.is_empty() {
            query.push_list(" AND environment_id NOT IN ", held.into_iter().map(Value::from));
        }
        query.push(" ORDER BY id LIMIT ?", [SLIPS.into()]);
        let slips: Vec<Slip> = tx.all(query).await?;
        let mut by_environment: BTreeMap<i64, Vec<Slip>> = BTreeMap::new();
        for slip in slips {
            by_environment.entry(slip.environment_id).or_default().push(slip);
        }
        let mut filing = Filing { now: app.now(), edits: Edits::default(), left: PLACES, done: Vec::new() };
        for (environment, slips) in by_environment {
            filing.environment(tx, environment, &slips).await?;
        }
        filing.edits.store(tx, filing.now).await?;
        let mut delete = sql!("DELETE FROM search_slips WHERE 1 = 1");
        delete.push_list(" AND id IN ", filing.done.iter().copied().map(Value::from));
        tx.exec(delete).await?;
        Ok(filing.done.len())
    })
}

struct Filing {
    now: Utc,
    edits: Edits,
    /// Shelves that this unit may still touch.
    left: usize,
    done: Vec<i64>,
}

impl Filing {
    async fn environment(&mut self, tx: &mut Tx, environment: i64, slips: &[Slip]) -> Result<()> {
        let mut directory = directory::read(tx, environment).await?;
        let before = directory.clone();
        if directory.shelves.is_empty() {
            let first = new_shelf(tx, self.now, environment, Vec::new()).await?;
            directory.shelves.push(Entry { low: String::new(), shelf: first });
        }
        let places: BTreeSet<usize> = slips.iter().map(|slip| directory.place_of(&slip.name)).collect();
        // From the last place on, so that a shelf which is cut moves none that is still to come.
        let places: Vec<usize> = places.into_iter().rev().take(self.left).collect();
        self.left -= places.len();
        let filed = |slip: &&Slip| places.contains(&before.place_of(&slip.name));
        self.done.extend(slips.iter().filter(filed).map(|slip| slip.id));
        let mut moves = Moves::default();
        for place in places {
            let here = slips.iter().filter(|slip| before.place_of(&slip.name) == place).collect::<Vec<_>>();
            self.refresh(tx, environment, &mut directory, (place, &here), &mut moves).await?;
        }
        moves.store(tx, self.now, environment, directory.edition).await?;
        if directory != before {
            directory::write(tx, self.now, environment, &directory).await?;
        }
        Ok(())
    }

    /// Puts what changed on one shelf, and cuts it when it has become too full.
    async fn refresh(
        &mut self,
        tx: &mut Tx,
        environment: i64,
        directory: &mut Directory,
        (place, slips): (usize, &[&Slip]),
        moves: &mut Moves,
    ) -> Result<()> {
        let Entry { low, shelf } = directory.shelves[place].clone();
        let old = tx.one::<(Vec<u8>,)>(sql!("SELECT cards FROM search_shelves WHERE id = ?", shelf)).await?;
        let old = card::decode(&old.0);
        let range = (low.as_str(), directory.high(place));
        // On an empty one everything may still be missing that belongs there.
        let mut cards = if old.is_empty() || slips.len() > FEW {
            read_cards(tx, environment, range, ROWS + 1).await?
        } else {
            amended(tx, environment, range, &old, slips).await?
        };
        let rest = if cards.len() > ROWS { cards.pop() } else { None };
        let pieces = SHELVES.of_grown(&cards);
        let first = pieces.first().copied().unwrap_or_default();
        // Most changes are of dates alone, which no gram tells.
        if !is_worded_alike(&old, first) {
            self.edits.shelf(shelf, &grams::of_shelf(old.iter()), &grams::of_shelf(first.iter()));
        }
        let update = sql!(
            "UPDATE search_shelves SET cards = ?, updated_at = ? WHERE id = ?",
            card::encode(first.iter()),
            self.now,
            shelf
        );
        tx.exec(update).await?;
        let mut more = Vec::new();
        for piece in pieces.iter().skip(1) {
            let another = new_shelf(tx, self.now, environment, card::encode(piece.iter())).await?;
            self.edits.shelf(another, &HashSet::new(), &grams::of_shelf(piece.iter()));
            more.push(Entry { low: piece[0].name().to_owned(), shelf: another });
        }
        if let Some(rest) = rest {
            // What was not read begins an empty shelf; what stood on the old one, or has a slip that ends here, comes by another slip.
            let stood = old.iter().filter(|card| card.name() >= rest.name()).map(|card| card.id);
            let noted =
                slips.iter().filter(|slip| slip.name.as_str() >= rest.name()).map(|slip| slip.secret_id);
            let later: BTreeSet<i64> = stood.chain(noted).collect();
            note(tx, self.now, &later.into_iter().collect::<Vec<_>>()).await?;
            let another = new_shelf(tx, self.now, environment, Vec::new()).await?;
            more.push(Entry { low: rest.name().to_owned(), shelf: another });
        }
        let next = place + 1;
        directory.shelves.splice(next..next, more);
        moves.note(old, &cards, &slips.iter().map(|slip| slip.secret_id).collect());
        Ok(())
    }
}

fn is_worded_alike(old: &[Card], new: &[Card]) -> bool {
    let alike = |(old, new): (&Card, &Card)| old.traits == new.traits && old.text == new.text;
    old.len() == new.len() && old.iter().zip(new).all(alike)
}

/// The cards of a shelf with those put anew that have a slip: what is gone, or lies elsewhere by now, is taken away.
async fn amended(
    tx: &mut Tx,
    environment: i64,
    (low, high): (&str, Option<&str>),
    old: &[Card],
    slips: &[&Slip],
) -> Result<Vec<Card>> {
    let ids: BTreeSet<i64> = slips.iter().map(|slip| slip.secret_id).collect();
    let mut query = card::sources();
    query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
    let mut sources: Vec<Source> = tx.all(query).await?;
    sources.retain(|source| source.environment_id == environment);
    let new = card::cards(tx, &sources).await?;
    let belongs = |card: &Card| low <= card.name() && high.is_none_or(|high| card.name() < high);
    let others = old.iter().filter(|card| !ids.contains(&card.id)).cloned();
    let mut cards: Vec<Card> = others.chain(new.into_iter().filter(belongs)).collect();
    cards.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(cards)
}

/// The cards of an environment from one name on, up to another.
pub(super) async fn read_cards(
    conn: &mut Conn,
    environment: i64,
    (low, high): (&str, Option<&str>),
    most: usize,
) -> Result<Vec<Card>> {
    let mut query = card::sources();
    query.push(" AND environment_id = ? AND name >= ?", [environment.into(), low.into()]);
    if let Some(high) = high {
        query.push(" AND name < ?", [high.into()]);
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    query.push(" ORDER BY name LIMIT ?", [most.into()]);
    let sources: Vec<Source> = conn.all(query).await?;
    card::cards(conn, &sources).await
}
