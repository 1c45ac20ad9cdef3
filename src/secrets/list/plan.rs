//! Which way a list is read, and its page.
use super::filter::{Filter, Sort};
use super::keys::{At, Key, Within, keys};
use crate::app::App;
use crate::db::{Conn, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::secrets::row::{Secret, select};
use crate::secrets::search::{self, Asked};
use crate::sql;
use std::collections::{HashMap, HashSet};

/// Up to so many secrets are gathered and put in order.
const FEW: usize = 1000;
/// One reading of an index whose rows must be looked at, and how many of them there are.
const WINDOW: usize = 400;
const ROUNDS: usize = 5;

/// What lists are ordered by: id, name, last change, next rotation, expiry.
type Dates = (i64, String, Utc, Option<Utc>, Option<Utc>);

/// Keys in the direction of reading, and where a reading that became too long stopped.
struct Found {
    keys: Vec<Key>,
    cut: Option<Key>,
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Secret>> {
    let mut conn = app.db.read().await?;
    let asked = filter.asked().within(&mut conn, &filter.environments).await?;
    let reading = Reading {
        filter,
        asked,
        now: app.now(),
        from: filter.cursor.key().and_then(|key| Key::read(key, filter.sort)),
        back: filter.cursor.is_back(),
        want: filter.limit as usize + 1,
    };
    let found = reading.find(&mut conn).await?;
    page(&mut conn, filter, found).await
}

/// How many have such a date, counted to `most` and no further: a dashboard says "1000+", and never walks a million rows.
pub async fn tally(app: &App, filter: &Filter, most: usize) -> Result<i64> {
    let Some(due) = filter.due else { return Err(Error::broken("only dates are counted so")) };
    let within = Within { status: None, due: Some((due, due.until(app.now()))) };
    let mut conn = app.db.read().await?;
    let found = keys(&mut conn, filter, due.sort(), within, None, false, most).await?;
    i64::try_from(found.len()).map_err(Error::broken)
}

struct Reading<'a> {
    filter: &'a Filter,
    asked: Asked,
    now: Utc,
    from: Option<Key>,
    back: bool,
    want: usize,
}

impl Reading<'_> {
    async fn find(&self, conn: &mut Conn) -> Result<Found> {
        let Filter { sort, status, due, .. } = self.filter;
        let by_text = !self.asked.is_plain();
        if *sort == Sort::Name && status.is_none() && due.is_none() {
            return self.by_name(conn).await;
        }
        // What the index of this order leaves out by itself.
        let within = Within {
            status: status.filter(|_| *sort == Sort::Name),
            due: due.filter(|due| due.sort() == *sort).map(|due| (due, due.until(self.now))),
        };
        let is_left = by_text
            || (status.is_some() && within.status.is_none())
            || (due.is_some() && within.due.is_none());
        if is_left && let Some(ids) = self.few(conn).await? {
            return self.in_order(conn, &ids).await;
        }
        self.along(conn, within, is_left).await
    }

    async fn by_name(&self, conn: &mut Conn) -> Result<Found> {
        let from = self.from.as_ref().and_then(|key| match &key.at {
            At::Name(name) => Some((name.clone(), key.id)),
            At::Time(_) => None,
        });
        let walked = search::by_name(conn, &self.asked, from.as_ref(), self.back, self.want).await?;
        let key = |(name, id)| Key { at: At::Name(name), id };
        Ok(Found { keys: walked.hits.into_iter().map(key).collect(), cut: walked.cut.map(key) })
    }

    /// All candidates by one of the filters, if they are few.
    async fn few(&self, conn: &mut Conn) -> Result<Option<Vec<i64>>> {
        if !self.asked.is_plain() {
            let walked = search::by_name(conn, &self.asked, None, false, FEW + 1).await?;
            if walked.cut.is_none() && walked.hits.len() <= FEW {
                return Ok(Some(walked.hits.into_iter().map(|(_, id)| id).collect()));
            }
        }
        let mut ways = Vec::new();
        if let Some(due) = self.filter.due {
            ways.push((due.sort(), Within { status: None, due: Some((due, due.until(self.now))) }));
        }
        if self.filter.status.is_some() {
            ways.push((Sort::Name, Within { status: self.filter.status, due: None }));
        }
        for (sort, within) in ways {
            let found = keys(conn, self.filter, sort, within, None, false, FEW + 1).await?;
            if found.len() <= FEW {
                return Ok(Some(found.into_iter().map(|key| key.id).collect()));
            }
        }
        Ok(None)
    }

    /// The candidates that fit, as the list orders them.
    async fn in_order(&self, conn: &mut Conn, ids: &[i64]) -> Result<Found> {
        let down = self.back != (self.filter.sort == Sort::Updated);
        let mut keys: Vec<Key> = Vec::new();
        let fitting = self.fitting(conn, ids).await?;
        for (key, id) in self.keys_of(conn, &fitting).await? {
            let key = Key { at: key, id };
            let is_behind = |from: &Key| if down { key < *from } else { key > *from };
            if self.from.as_ref().is_none_or(is_behind) {
                keys.push(key);
            }
        }
        keys.sort_unstable();
        if down {
            keys.reverse();
        }
        keys.truncate(self.want);
        Ok(Found { keys, cut: None })
    }

    /// Where candidates stand in the order; those without the date of the order stand nowhere.
    async fn keys_of(&self, conn: &mut Conn, ids: &HashSet<i64>) -> Result<Vec<(At, i64)>> {
        let mut query =
            sql!("SELECT id, name, updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1");
        query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
        let rows: Vec<Dates> = conn.all(query).await?;
        let key = |(id, name, updated, due, expires): Dates| {
            let at = match self.filter.sort {
                Sort::Name => At::Name(name),
                Sort::Updated => At::Time(updated),
                Sort::Due => At::Time(due?),
                Sort::Expires => At::Time(expires?),
            };
            Some((at, id))
        };
        Ok(rows.into_iter().filter_map(key).collect())
    }

    /// Along the index of the order, row by row where something must be looked at.
    async fn along(&self, conn: &mut Conn, within: Within, is_left: bool) -> Result<Found> {
        let window = if is_left { WINDOW } else { self.want };
        let mut found = Found { keys: Vec::new(), cut: self.from.clone() };
        for _ in 0..ROUNDS {
            let from = found.cut.take();
            let some =
                keys(conn, self.filter, self.filter.sort, within, from.as_ref(), self.back, window).await?;
            let is_end = some.len() < window;
            let last = some.last().cloned();
            let ids: Vec<i64> = some.iter().map(|key| key.id).collect();
            let fitting = if is_left { self.fitting(conn, &ids).await? } else { ids.into_iter().collect() };
            found.keys.extend(some.into_iter().filter(|key| fitting.contains(&key.id)));
            if is_end || found.keys.len() >= self.want {
                found.keys.truncate(self.want);
                return Ok(found);
            }
            found.cut = last;
        }
        Ok(found)
    }

    /// Which of some secrets pass every filter.
    async fn fitting(&self, conn: &mut Conn, ids: &[i64]) -> Result<HashSet<i64>> {
        let mut query = sql!("SELECT id, environment_id FROM secrets WHERE 1 = 1");
        query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
        self.filter.restrict(&mut query, self.now);
        let rows: Vec<(i64, i64)> = conn.all(query).await?;
        let open = rows.into_iter().filter(|(_, environment)| self.filter.is_open(*environment));
        let ids: Vec<i64> = open.map(|(id, _)| id).collect();
        if self.asked.has_no_text() {
            return Ok(ids.into_iter().collect());
        }
        search::fitting(conn, &self.asked, &ids).await
    }
}

/// Keys first, then their rows: MariaDB would else carry whole rows through its sorting.
async fn page(conn: &mut Conn, filter: &Filter, found: Found) -> Result<Page<Secret>> {
    let limit = filter.limit as usize;
    let ids = found.keys.iter().map(|key| Value::from(key.id));
    let mut query = select();
    query.push_list(" AND id IN ", ids);
    let mut rows: HashMap<i64, Secret> = HashMap::new();
    if !found.keys.is_empty() {
        let open = conn
            .all(query)
            .await?
            .into_iter()
            .filter(|secret: &Secret| filter.is_open(secret.environment_id));
        rows.extend(open.map(|secret| (secret.id, secret)));
    }
    let items: Vec<Secret> = found.keys.iter().filter_map(|key| rows.remove(&key.id)).collect();
    let is_full = items.len() > limit;
    let mut page = Page::of(items, limit, &filter.cursor, |secret| Key::of(secret, filter.sort).text());
    if let Some(cut) = found.cut.filter(|_| !is_full) {
        page.is_cut = true;
        match filter.cursor {
            Cursor::Before(_) => page.previous = Some(cut.text()),
            _ => page.next = Some(cut.text()),
        }
    }
    Ok(page)
}
