//! Walking along the shelves in the order of names, until enough was found or the walk became too long.
use super::card;
use super::lead::{Lead, TRIES};
use super::rows;
use super::way::{Border, Stop, Way};
use crate::app::App;
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::sql;

/// A walk reads so many shelves, and one of each environment …
pub(in crate::secrets) const SHORT: usize = 64;
/// … or so many when it should come to its end.
pub(in crate::secrets) const LONG: usize = 256;
/// So many shelves are read at once.
const WIDEST: usize = 24;

/// A secret's place in the list.
pub(in crate::secrets) type Hit = (String, i64);

#[derive(Debug)]
pub(in crate::secrets) struct Walked {
    /// In the direction of the walk.
    pub hits: Vec<Hit>,
    /// The walk became too long: it goes on behind this place.
    pub cut: Option<Hit>,
}

/// How far: up to `want` secrets behind `from`, forwards or `back`, on up to so many shelves.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct Reach<'a> {
    pub from: Option<&'a Hit>,
    pub back: bool,
    pub want: usize,
    pub shelves: usize,
}

impl Reach<'_> {
    fn is_behind(&self, hit: &Hit) -> bool {
        self.from.is_none_or(|from| if self.back { hit < from } else { hit > from })
    }
}

pub(in crate::secrets) async fn by_name(
    app: &App,
    conn: &mut Conn,
    lead: &Lead,
    reach: Reach<'_>,
) -> Result<Walked> {
    let mut anew: Option<Lead> = None;
    let mut tries = 0;
    loop {
        tries += 1;
        let lead = anew.as_ref().unwrap_or(lead);
        if let Some(walked) = walk(conn, lead, reach, tries == TRIES).await? {
            return Ok(walked);
        }
        anew = Some(Lead::read(app, conn, &lead.asked).await?);
    }
}

/// `None`: shelves were cut under the walk, and it is not to go on `anyway`.
async fn walk(conn: &mut Conn, lead: &Lead, reach: Reach<'_>, anyway: bool) -> Result<Option<Walked>> {
    let mut way = Way::new(lead, reach);
    let most = reach.shelves + lead.environments.len();
    // Nothing is certain before the first shelf of each environment was read.
    let (mut hits, mut step, mut seen) = (Vec::new(), (lead.environments.len() + 1).min(WIDEST), 0);
    let mut border = way.border();
    while border != Border::End && seen < most {
        let stops = way.take(lead, step.min(most - seen));
        seen += stops.len();
        let (read, is_whole) = read(conn, &stops, lead).await?;
        if !is_whole && !anyway {
            return Ok(None);
        }
        hits.extend(read.into_iter().filter(|hit| reach.is_behind(hit)));
        border = way.border();
        let certain = hits.iter().filter(|hit| border.is_certain(hit, reach.back)).count();
        if certain >= reach.want {
            break;
        }
        // As many as will do, by what was found so far, and one more of each environment.
        let missing = (reach.want - certain) * seen / hits.len().max(1);
        step = (missing + lead.environments.len()).clamp(2, WIDEST);
    }
    // Secrets with a slip stand on no shelf as they are now: they are read themselves.
    let loose = rows::named(conn, lead).await?;
    hits.extend(loose.into_iter().filter(|hit| reach.is_behind(hit)));
    hits.retain(|hit| border.is_certain(hit, reach.back));
    hits.sort_unstable();
    if reach.back {
        hits.reverse();
    }
    let cut = match border {
        Border::At(border) if hits.len() < reach.want => Some((border.to_owned(), 0)),
        _ => None,
    };
    hits.truncate(reach.want);
    Ok(Some(Walked { hits, cut }))
}

/// What is found on some shelves, and whether the directories that led to them were still in force at that very moment.
async fn read(conn: &mut Conn, stops: &[Stop], lead: &Lead) -> Result<(Vec<Hit>, bool)> {
    let mut query = sql!(
        "SELECT search_shelves.id, cards, serial FROM search_shelves
         JOIN search_directories ON search_directories.environment_id = search_shelves.environment_id WHERE 1 = 1"
    );
    query.push_list(" AND search_shelves.id IN ", stops.iter().map(|stop| Value::from(stop.shelf)));
    let shelves: Vec<(i64, Vec<u8>, i64)> = conn.all(query).await?;
    let (mut hits, mut still) = (Vec::new(), 0);
    for (shelf, cards, serial) in &shelves {
        let Some(stop) = stops.iter().find(|stop| stop.shelf == *shelf) else { continue };
        still += usize::from(lead.is_still(stop.environment, *serial));
        let lines = card::each(cards).filter(|line| lead.shows(stop.environment, line));
        hits.extend(lines.map(|line| (line.name(), line.id)));
    }
    Ok((hits, still == stops.len()))
}
