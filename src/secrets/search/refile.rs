//! Makes the shelves of a whole environment anew, in the order of names: for data that came in bulk, and to mend what is stale. Searches go on
//! with the old shelves until the directory is exchanged. Meanwhile nothing is filed there (`hold.rs`): slips wait, and are filed on the
//! new shelves. It goes piece by piece, and begins anew when it was broken off.
use super::card::{Card, encode};
use super::directory::{self, Directory, Entry, new_shelf};
use super::filing::read_cards;
use super::grams::{self, Edits};
use super::hold::Hold;
use super::pieces::SHELVES;
use super::sweep::sweep;
use super::timelines::Timelines;
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::environments::{self, Environment};
use crate::kit::fault;
use crate::secrets::tallies::tallies;
use crate::tx;
use std::collections::HashSet;

const ROWS: usize = 3000;
const GRAMS: usize = 2000;
/// With so many bytes the grams that were gathered are stored: names without any likeness have very many.
const HEAVY: usize = 48 * 1024 * 1024;

/// Hears what is being done, how far it is, and of how much.
pub type Hears<'a> = &'a mut (dyn FnMut(&'static str, i64, i64) + Send);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refiled {
    pub secrets: i64,
    pub shelves: usize,
}

/// One at a time in each environment: another is a `Conflict`, until the process that began it is done or has died a minute ago.
pub async fn refile(app: &App, actor: &Actor, environment_id: i64, told: Hears<'_>) -> Result<Refiled> {
    actor.demand(Role::Admin, "making a search index anew")?;
    let environment = environments::enter(app, actor, environment_id).await?.environment;
    let mut hold = Hold::claim(app, actor, environment_id).await?;
    fault::point("refile_claimed");
    let made = make(app, actor, &environment, &mut hold, told).await;
    // From the exchange on the new index is in force, and its event says so: what fails then is only that something is left behind.
    if made.is_ok() {
        match clear_away(app, &hold).await {
            Ok(()) => return made,
            Err(error) => tracing::warn!(
                %error,
                environment = environment_id,
                "the new search index is in use, and something of the former one was left behind: keeper search refile clears it"
            ),
        }
    }
    if let Err(error) = hold.release(app).await {
        tracing::warn!(%error, "the search index is left alone until its lease ends");
    }
    made
}

async fn make(
    app: &App,
    actor: &Actor,
    environment: &Environment,
    hold: &mut Hold,
    told: Hears<'_>,
) -> Result<Refiled> {
    let old = sweep(app, hold).await?;
    let tallies = tallies(app).await?;
    let total = tallies.of(environment.id) + tallies.inactive(environment.id);
    let mut directory = Directory { shelves: Vec::new(), edition: old.edition + 1 };
    let dates = shelve(app, hold, &mut directory, total, told).await?;
    dates.store(app, hold, directory.edition, told).await?;
    fault::point("refile_made");
    exchange(app, actor, environment, hold, &directory).await?;
    fault::point("refile_exchanged");
    told("in force", hold.done, hold.done);
    Ok(Refiled { secrets: hold.done, shelves: directory.shelves.len() })
}

/// The former index, and the hold.
async fn clear_away(app: &App, hold: &Hold) -> Result<()> {
    sweep(app, hold).await?;
    fault::point("refile_swept");
    hold.end(app).await
}

/// The new shelves, which nobody reads yet, and the dates of their cards.
async fn shelve(
    app: &App,
    hold: &mut Hold,
    directory: &mut Directory,
    total: i64,
    told: Hears<'_>,
) -> Result<Timelines> {
    let mut edits: Option<Edits> = None;
    let mut dates = Timelines::default();
    let mut low = Some(String::new());
    while let Some(from) = low {
        let (cards, next) = read_from(app, hold.environment, &from).await?;
        dates.note(&cards);
        hold.done += i64::try_from(cards.len()).unwrap_or(0);
        for (piece, shelf) in store(app, hold, &cards).await? {
            let edits = edits.get_or_insert_with(|| Edits::from(shelf));
            edits.shelf(shelf, &HashSet::new(), &grams::of_shelf(piece.iter()));
            let low = if directory.shelves.is_empty() { String::new() } else { piece[0].name().to_owned() };
            directory.shelves.push(Entry { low, shelf });
        }
        fault::point("refile_shelved");
        if let Some(heavy) = edits.take_if(|edits| edits.weight() > HEAVY) {
            store_grams(app, hold, heavy).await?;
        }
        told("on shelves", hold.done, total);
        low = next;
    }
    if let Some(edits) = edits {
        store_grams(app, hold, edits).await?;
    }
    Ok(dates)
}

/// The next cards, and the name with which those after them begin.
async fn read_from(app: &App, environment_id: i64, from: &str) -> Result<(Vec<Card>, Option<String>)> {
    let mut cards = read_cards(&mut app.db.read().await?, environment_id, (from, None), ROWS + 1).await?;
    let next = if cards.len() > ROWS { cards.pop().map(|card| card.name().to_owned()) } else { None };
    Ok((cards, next))
}

async fn store<'a>(app: &App, hold: &Hold, cards: &'a [Card]) -> Result<Vec<(&'a [Card], i64)>> {
    let pieces = SHELVES.of_new(cards);
    let shelves: Vec<i64> = tx!(app.db, |tx| {
        hold.keep(tx, app.now()).await?;
        let mut shelves = Vec::new();
        for piece in &pieces {
            shelves.push(new_shelf(tx, app.now(), hold.environment, encode(piece.iter())).await?);
        }
        Ok(shelves)
    })?;
    Ok(pieces.into_iter().zip(shelves).collect())
}

async fn store_grams(app: &App, hold: &Hold, edits: Edits) -> Result<()> {
    for part in edits.split(GRAMS) {
        let stored: Result<()> = tx!(app.db, |tx| {
            directory::lock(tx).await?;
            hold.keep(tx, app.now()).await?;
            part.store(tx, app.now()).await
        });
        stored?;
    }
    Ok(())
}

/// The new directory takes the old one's place.
async fn exchange(
    app: &App,
    actor: &Actor,
    environment: &Environment,
    hold: &Hold,
    directory: &Directory,
) -> Result<()> {
    tx!(app.db, |tx| {
        let now = app.now();
        directory::lock(tx).await?;
        hold.keep(tx, now).await?;
        directory::write(tx, now, environment.id, directory).await?;
        let event = Event::new("environment.search_refiled", &environment.name)
            .environment(environment.id)
            .with("secrets", hold.done);
        audit::record(app, tx, actor, event).await?;
        fault::point("refile_in_exchange");
        Ok(())
    })
}
