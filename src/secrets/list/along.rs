//! Along an index, row by row where something must be looked at: until the page is full, or so many were looked at that it must do.
use super::keys::{Key, Reach, Within};
use super::plan::{Found, Reading};
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::secrets::search::{self, Dated, Lead, Span, Timeline};
use crate::sql;
use std::collections::HashSet;

/// So many rows of an index are looked at for one page.
const MOST: usize = 2000;
/// The first of its windows, and the largest.
const FIRST: usize = 200;
const LARGEST: usize = 1000;

/// Every row of the index stands in the list.
pub(super) async fn straight(conn: &mut Conn, reading: &Reading<'_>, index: &Reach<'_>) -> Result<Found> {
    let keys = index.keys(conn, reading.from.as_ref(), reading.want).await?;
    Ok(Found { keys, cut: None })
}

/// Those of its rows that pass every filter. `lead`: where the words may stand at all.
pub(super) async fn looking(
    conn: &mut Conn,
    reading: &Reading<'_>,
    index: &Reach<'_>,
    lead: Option<&Lead>,
) -> Result<Found> {
    let mut found = Found { keys: Vec::new(), cut: reading.from.clone() };
    let narrow = lead.filter(|lead| lead.is_narrow());
    let (mut window, mut looked_at) = (FIRST, 0);
    while looked_at < MOST {
        let from = found.cut.take();
        let some = index.keys(conn, from.as_ref(), window).await?;
        looked_at += some.len();
        let is_end = some.len() < window;
        let last = some.last().cloned();
        let mut ids: Vec<i64> = some.iter().map(|key| key.id).collect();
        if let Some(lead) = narrow.filter(|_| !ids.is_empty()) {
            ids = possible(conn, lead, ids).await?;
        }
        let fitting = fitting(conn, reading, lead, ids).await?;
        found.keys.extend(some.into_iter().filter(|key| fitting.contains(&key.id)));
        if is_end || found.keys.len() >= reading.want {
            found.keys.truncate(reading.want);
            return Ok(found);
        }
        found.cut = last;
        // As many as will do, by what was found so far, and some more.
        let missing = reading.want - found.keys.len();
        window = (missing * looked_at * 5 / 4 / found.keys.len().max(1)).clamp(FIRST, LARGEST);
        window = window.min(MOST.saturating_sub(looked_at));
    }
    Ok(found)
}

/// Those of a timeline that pass every filter: the words are looked for on it, what cards do not tell in the rows.
pub(super) async fn dated(
    conn: &mut Conn,
    reading: &Reading<'_>,
    lead: &Lead,
    order: Dated,
) -> Result<Found> {
    let (filter, now) = (reading.filter, reading.now);
    let due = filter.due.filter(|due| due.sort() == filter.sort);
    let span = Span {
        order,
        from: reading.from.as_ref().and_then(Key::mark),
        down: reading.index(filter.sort, Within::default(), reading.back).is_down(),
        until: due.map(|due| due.until(now)),
        want: reading.want,
    };
    let rows_tell = filter.status.is_some() || (filter.due.is_some() && due.is_none());
    let mut timeline = Timeline::new(conn, lead, span).await?;
    let mut keys: Vec<Key> = Vec::new();
    loop {
        let mut some = timeline.more(conn).await?;
        if rows_tell {
            let ids = some.iter().map(|mark| mark.id).collect();
            let fitting = fitting(conn, reading, Some(lead), ids).await?;
            some.retain(|mark| fitting.contains(&mark.id));
        }
        keys.extend(some.into_iter().map(Key::from));
        if keys.len() >= reading.want {
            keys.truncate(reading.want);
            return Ok(Found { keys, cut: None });
        }
        if timeline.is_over() {
            return Ok(Found { keys, cut: timeline.border().map(Key::from) });
        }
    }
}

/// Those whose names stand on a shelf that the words lead to: a name is cheaper to fetch than all texts.
async fn possible(conn: &mut Conn, lead: &Lead, ids: Vec<i64>) -> Result<Vec<i64>> {
    let mut query = sql!("SELECT id, environment_id, name FROM secrets WHERE 1 = 1");
    query.push_list(" AND id IN ", ids.into_iter().map(Value::from));
    let rows: Vec<(i64, i64, String)> = conn.all(query).await?;
    let may_be = |(id, environment, name): &(i64, i64, String)| lead.may_be(*environment, name, *id);
    Ok(rows.into_iter().filter(may_be).map(|(id, ..)| id).collect())
}

/// Which of some secrets pass every filter.
pub(super) async fn fitting(
    conn: &mut Conn,
    reading: &Reading<'_>,
    lead: Option<&Lead>,
    ids: Vec<i64>,
) -> Result<HashSet<i64>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let (filter, now) = (reading.filter, reading.now);
    if let Some(lead) = lead.filter(|_| !reading.asked.has_no_text()) {
        return search::fitting(conn, lead, ids, |query| filter.restrict(query, now)).await;
    }
    let mut query = sql!("SELECT id, environment_id FROM secrets WHERE 1 = 1");
    query.push_list(" AND id IN ", ids.into_iter().map(Value::from));
    filter.restrict(&mut query, now);
    let rows: Vec<(i64, i64)> = conn.all(query).await?;
    Ok(rows.into_iter().filter(|(_, environment)| filter.is_open(*environment)).map(|(id, _)| id).collect())
}
