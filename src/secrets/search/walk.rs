//! Walking along the shelves in the order of names, until enough was found or the walk became too long.
use super::asked::Asked;
use super::card;
use super::lead::Lead;
use super::rows;
use super::way::{Border, Stop, Way};
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::sql;

/// A walk reads so many shelves, and one of each environment …
pub(in crate::secrets) const SHORT: usize = 64;
/// … or so many when it should come to its end.
pub(in crate::secrets) const LONG: usize = 256;
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
    conn: &mut Conn,
    asked: &Asked,
    lead: &Lead,
    reach: Reach<'_>,
) -> Result<Walked> {
    let mut walked = walk(conn, asked, lead, reach).await?;
    let mut anew: Option<Lead> = None;
    for _ in 0..TRIES {
        // A shelf that was cut under the walk has lost cards to a new one.
        if anew.as_ref().unwrap_or(lead).is_still(conn, asked).await? {
            break;
        }
        let lead = anew.insert(Lead::read(conn, asked).await?);
        walked = walk(conn, asked, lead, reach).await?;
    }
    Ok(walked)
}

async fn walk(conn: &mut Conn, asked: &Asked, lead: &Lead, reach: Reach<'_>) -> Result<Walked> {
    let mut way = Way::new(lead, reach);
    let (mut hits, mut step, mut left) = (Vec::new(), 2, reach.shelves + lead.environments.len());
    let mut border = way.border();
    while border != Border::End && left > 0 {
        let stops = way.take(lead, step.min(left));
        left -= stops.len();
        step = (step * 2).min(16);
        hits.extend(read(conn, &stops, asked, lead).await?.into_iter().filter(|hit| reach.is_behind(hit)));
        border = way.border();
        if hits.iter().filter(|hit| border.is_certain(hit, reach.back)).count() >= reach.want {
            break;
        }
    }
    // Secrets with a slip stand on no shelf as they are now: they are read themselves.
    let loose = rows::named(conn, asked, &lead.slips).await?;
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
    Ok(Walked { hits, cut })
}

async fn read(conn: &mut Conn, stops: &[Stop], asked: &Asked, lead: &Lead) -> Result<Vec<Hit>> {
    let mut query = sql!("SELECT id, cards FROM search_shelves WHERE 1 = 1");
    query.push_list(" AND id IN ", stops.iter().map(|stop| Value::from(stop.shelf)));
    let mut hits = Vec::new();
    for (shelf, cards) in conn.all::<(i64, Vec<u8>)>(query).await? {
        let Some(stop) = stops.iter().find(|stop| stop.shelf == shelf) else { continue };
        let lines = card::each(&cards).filter(|line| lead.shows(asked, stop.environment, line));
        hits.extend(lines.map(|line| (line.name(), line.id)));
    }
    Ok(hits)
}
