//! The narrower side: when a filter or the words leave few secrets, these are gathered whole and put in the order of the list.
use super::along;
use super::filter::Sort;
use super::keys::{At, Key, Within};
use super::plan::{Found, Reading};
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::secrets::search::{self, Lead};
use crate::sql;

/// Up to so many are gathered.
const FEW: usize = 1000;

/// What lists are ordered by: id, environment, name, last change, next rotation, expiry.
type Dates = (i64, i64, String, Utc, Option<Utc>, Option<Utc>);

/// Those that have the words, if they stand on no more than so many shelves and are few.
pub(super) async fn by_words(
    conn: &mut Conn,
    reading: &Reading<'_>,
    lead: &Lead,
    shelves: usize,
) -> Result<Option<Vec<i64>>> {
    if lead.shelves() > shelves {
        return Ok(None);
    }
    let reach = search::Reach { from: None, back: false, want: FEW + 1, shelves };
    let walked = search::by_name(reading.app, conn, lead, reach).await?;
    let is_whole = walked.cut.is_none() && walked.hits.len() <= FEW;
    Ok(is_whole.then(|| walked.hits.into_iter().map(|(_, id)| id).collect()))
}

/// Those that have the date or the status, if they are few. The date that a timeline goes by ends it by itself.
pub(super) async fn by_rows(
    conn: &mut Conn,
    reading: &Reading<'_>,
    lead: Option<&Lead>,
) -> Result<Option<Vec<i64>>> {
    let filter = reading.filter;
    let mut ways = Vec::new();
    if let Some(due) = filter.due.filter(|due| reading.asked.is_plain() || due.sort() != filter.sort) {
        ways.push((due.sort(), Within { status: None, due: Some((due, due.until(reading.now))) }));
    }
    if filter.status.is_some() {
        ways.push((Sort::Name, Within { status: filter.status, due: None }));
    }
    for (sort, within) in ways {
        let found = reading.index(sort, within, false).keys(conn, None, FEW + 1).await?;
        if found.len() <= FEW {
            let ids = found.into_iter().map(|key| key.id).collect();
            return Ok(Some(along::fitting(conn, reading, lead, ids).await?.into_iter().collect()));
        }
    }
    Ok(None)
}

/// Those that pass what rows tell, as the list orders them; without the date of the order they stand nowhere.
pub(super) async fn in_order(conn: &mut Conn, reading: &Reading<'_>, ids: Vec<i64>) -> Result<Found> {
    let filter = reading.filter;
    let mut query = sql!(
        "SELECT id, environment_id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1"
    );
    query.push_list(" AND id IN ", ids.into_iter().map(Value::from));
    filter.restrict(&mut query, reading.now);
    let rows: Vec<Dates> = conn.all(query).await?;
    let key = |(id, environment, name, updated, due, expires): Dates| {
        let at = match filter.sort {
            Sort::Name => At::Name(name),
            Sort::Updated => At::Time(updated),
            Sort::Due => At::Time(due?),
            Sort::Expires => At::Time(expires?),
        };
        filter.is_open(environment).then_some(Key { at, id })
    };
    let is_down = reading.index(filter.sort, Within::default(), reading.back).is_down();
    let is_behind =
        |key: &Key| reading.from.as_ref().is_none_or(|from| if is_down { key < from } else { key > from });
    let mut keys: Vec<Key> = rows.into_iter().filter_map(key).filter(is_behind).collect();
    keys.sort_unstable();
    if is_down {
        keys.reverse();
    }
    keys.truncate(reading.want);
    Ok(Found { keys, cut: None })
}
