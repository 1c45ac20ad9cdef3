//! Walking along the shelves in the order of names, until enough was found or the walk became too long.
use super::asked::Asked;
use super::card::{self, Source};
use super::directory::{self, Directory};
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::sql;
use std::collections::{HashMap, HashSet};

/// A walk reads so many shelves, and one of each environment.
const MOST_SHELVES: usize = 64;
const TRIES: u32 = 3;

/// A secret's place in the list.
pub(in crate::secrets) type Hit = (String, i64);

#[derive(Debug, Default)]
pub(in crate::secrets) struct Walked {
    /// In the direction of the walk.
    pub hits: Vec<Hit>,
    /// The walk became too long: it goes on behind this place.
    pub cut: Option<Hit>,
}

/// A shelf to look at: the names that it may hold.
struct Stop<'a> {
    environment: i64,
    shelf: i64,
    low: &'a str,
    high: Option<&'a str>,
}

/// Up to `want` secrets behind `from`, forwards or `back`.
pub(in crate::secrets) async fn by_name(
    conn: &mut Conn,
    asked: &Asked,
    from: Option<&Hit>,
    back: bool,
    want: usize,
) -> Result<Walked> {
    let environments = asked.environments();
    let mut directories = directory::read(conn, environments).await?;
    for _ in 0..TRIES {
        let walked = walk(conn, asked, &directories, from, back, want).await?;
        // A shelf that was cut under the walk has lost cards to a new one.
        let now = directory::read(conn, environments).await?;
        if now == directories {
            return Ok(walked);
        }
        directories = now;
    }
    walk(conn, asked, &directories, from, back, want).await
}

async fn walk(
    conn: &mut Conn,
    asked: &Asked,
    directories: &HashMap<i64, Directory>,
    from: Option<&Hit>,
    back: bool,
    want: usize,
) -> Result<Walked> {
    let slips: Vec<(i64,)> = conn.all(sql!("SELECT DISTINCT secret_id FROM search_slips")).await?;
    let slips: HashSet<i64> = slips.into_iter().map(|row| row.0).collect();
    let environments = asked.environments();
    let shelves = asked.shelves(conn, environments).await?;
    let stops = stops(directories, from, back, |environment, shelf| {
        shelves.get(&environment).is_none_or(|bits| bits.as_ref().is_none_or(|bits| bits.has(shelf)))
    });
    let behind = |hit: &Hit| from.is_none_or(|from| if back { hit < from } else { hit > from });
    let most = MOST_SHELVES + environments.len();
    let (mut hits, mut at, mut step) = (Vec::new(), 0, 2);
    let mut border = None;
    while at < stops.len() {
        let some = &stops[at..stops.len().min(at + step)];
        read(conn, some, asked, &slips, &mut hits, &behind).await?;
        at += some.len();
        step = (step * 2).min(16);
        // What lies before the next stop is all that there is before it.
        border = stops.get(at).and_then(|stop| if back { stop.high } else { Some(stop.low) });
        let certain = hits.iter().filter(|hit| is_certain(hit, border, back)).count();
        if certain >= want || at >= most {
            break;
        }
    }
    hits.extend(loose(conn, asked, environments, &slips).await?.into_iter().filter(behind));
    hits.retain(|hit| is_certain(hit, border, back));
    hits.sort_unstable();
    if back {
        hits.reverse();
    }
    let cut = border.filter(|_| hits.len() < want).map(|border| (border.to_owned(), 0));
    hits.truncate(want);
    Ok(Walked { hits, cut })
}

/// Those of `ids` that fit, by their rows.
pub(in crate::secrets) async fn fitting(conn: &mut Conn, asked: &Asked, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    for some in ids.chunks(1000) {
        let mut query = card::sources();
        query.push_list(" AND id IN ", some.iter().copied().map(Value::from));
        let sources: Vec<Source> = conn.all(query).await?;
        let cards = card::cards(conn, &sources).await?;
        let fits = cards.iter().filter(|(environment, card)| asked.fits_card(*environment, card));
        found.extend(fits.map(|(_, card)| card.id));
    }
    Ok(found)
}

fn is_certain(hit: &Hit, border: Option<&str>, back: bool) -> bool {
    border.is_none_or(|border| if back { hit.0.as_str() >= border } else { hit.0.as_str() < border })
}

fn stops<'a>(
    directories: &'a HashMap<i64, Directory>,
    from: Option<&Hit>,
    back: bool,
    may_hold: impl Fn(i64, i64) -> bool,
) -> Vec<Stop<'a>> {
    let mut stops = Vec::new();
    for (environment, directory) in directories {
        let here = from.map(|(name, _)| directory.place_of(name));
        let places = match (here, back) {
            (None, _) => 0..directory.0.len(),
            (Some(here), false) => here..directory.0.len(),
            (Some(here), true) => 0..(here + 1).min(directory.0.len()),
        };
        for place in places {
            let entry = &directory.0[place];
            if may_hold(*environment, entry.shelf) {
                let (low, high) = (entry.low.as_str(), directory.high(place));
                stops.push(Stop { environment: *environment, shelf: entry.shelf, low, high });
            }
        }
    }
    if back {
        // The open end first, then from the last name on.
        stops.sort_by(|a, b| (b.high.is_none(), b.high).cmp(&(a.high.is_none(), a.high)));
    } else {
        stops.sort_by(|a, b| a.low.cmp(b.low));
    }
    stops
}

async fn read(
    conn: &mut Conn,
    stops: &[Stop<'_>],
    asked: &Asked,
    slips: &HashSet<i64>,
    hits: &mut Vec<Hit>,
    behind: &impl Fn(&Hit) -> bool,
) -> Result<()> {
    let mut query = sql!("SELECT id, cards FROM search_shelves WHERE 1 = 1");
    query.push_list(" AND id IN ", stops.iter().map(|stop| Value::from(stop.shelf)));
    for (shelf, cards) in conn.all::<(i64, Vec<u8>)>(query).await? {
        let Some(stop) = stops.iter().find(|stop| stop.shelf == shelf) else { continue };
        for (id, traits, text) in card::each(&cards) {
            if asked.fits(stop.environment, traits, text) && !slips.contains(&id) {
                let name = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
                let hit = (String::from_utf8_lossy(name).into_owned(), id);
                if behind(&hit) {
                    hits.push(hit);
                }
            }
        }
    }
    Ok(())
}

/// Secrets with a slip stand on no shelf as they are now: they are read themselves.
async fn loose(
    conn: &mut Conn,
    asked: &Asked,
    environments: &[i64],
    slips: &HashSet<i64>,
) -> Result<Vec<Hit>> {
    let ids: Vec<i64> = slips.iter().copied().collect();
    let mut hits = Vec::new();
    for some in ids.chunks(1000) {
        let mut query = card::sources();
        query.push_list(" AND id IN ", some.iter().copied().map(Value::from));
        let mut sources: Vec<Source> = conn.all(query).await?;
        sources.retain(|source| environments.contains(&source.environment_id));
        let cards = card::cards(conn, &sources).await?;
        let fits = cards.iter().filter(|(environment, card)| asked.fits_card(*environment, card));
        hits.extend(fits.map(|(_, card)| (card.name().to_owned(), card.id)));
    }
    Ok(hits)
}
