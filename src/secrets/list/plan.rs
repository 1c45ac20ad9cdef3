//! Which way a list is read, and its page.
use super::filter::{Filter, Sort};
use super::keys::{At, Key, Reach, Within};
use super::{along, few};
use crate::app::App;
use crate::db::{Conn, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::secrets::row::{Secret, select};
use crate::secrets::search::{self, Asked, LONG, Lead, SHORT};
use std::collections::HashMap;

/// Words on so few shelves are looked up there before a list by date is begun.
const NEAR: usize = 40;

/// Keys in the direction of reading, and where a reading that became too long stopped.
pub(super) struct Found {
    pub keys: Vec<Key>,
    pub cut: Option<Key>,
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Secret>> {
    let mut conn = app.db.read().await?;
    let reading = Reading {
        app,
        filter,
        asked: filter.asked(),
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
    let index = Reach {
        environments: &filter.environments,
        active: filter.is_active(),
        sort: due.sort(),
        within,
        back: false,
    };
    let found = index.keys(&mut app.db.read().await?, None, most).await?;
    i64::try_from(found.len()).map_err(Error::broken)
}

pub(super) struct Reading<'a> {
    pub app: &'a App,
    pub filter: &'a Filter,
    pub asked: Asked,
    pub now: Utc,
    pub from: Option<Key>,
    pub back: bool,
    pub want: usize,
}

impl Reading<'_> {
    async fn find(&self, conn: &mut Conn) -> Result<Found> {
        let Filter { sort, status, due, .. } = self.filter;
        // What the index of this order leaves out by itself.
        let within = Within {
            status: status.filter(|_| *sort == Sort::Name),
            due: due.filter(|due| due.sort() == *sort).map(|due| (due, due.until(self.now))),
        };
        let is_left = !self.asked.is_plain()
            || (status.is_some() && within.status.is_none())
            || (due.is_some() && within.due.is_none());
        if !is_left {
            return along::straight(conn, self, &self.index(*sort, within, self.back)).await;
        }
        let lead =
            if self.asked.is_plain() { None } else { Some(Lead::read(self.app, conn, &self.asked).await?) };
        if let Some(lead) = lead.as_ref().filter(|_| *sort == Sort::Name && status.is_none() && due.is_none())
        {
            return self.by_name(conn, lead).await;
        }
        if let Some(ids) = self.few(conn, lead.as_ref()).await? {
            return few::in_order(conn, self, ids).await;
        }
        if let (Some(lead), Some(order)) = (&lead, sort.dated()) {
            let found = along::dated(conn, self, lead, order).await?;
            // What is rare and stands everywhere: a whole list is worth a longer way, where it was not gone already.
            if found.cut.is_some()
                && lead.shelves() > NEAR
                && let Some(ids) = few::by_words(conn, self, lead, LONG).await?
            {
                return few::in_order(conn, self, ids).await;
            }
            return Ok(found);
        }
        let mut index = self.index(*sort, within, self.back);
        if let Some(lead) = &lead {
            index.environments = &lead.environments;
        }
        along::looking(conn, self, &index, lead.as_ref()).await
    }

    /// The narrower side, where there is one.
    async fn few(&self, conn: &mut Conn, lead: Option<&Lead>) -> Result<Option<Vec<i64>>> {
        if let Some(lead) = lead {
            let shelves = if self.filter.sort == Sort::Name { LONG } else { NEAR };
            let few = few::by_words(conn, self, lead, shelves).await?;
            if few.is_some() {
                return Ok(few);
            }
        }
        few::by_rows(conn, self, lead).await
    }

    async fn by_name(&self, conn: &mut Conn, lead: &Lead) -> Result<Found> {
        let from = self.from.as_ref().and_then(|key| match &key.at {
            At::Name(name) => Some((name.clone(), key.id)),
            At::Time(_) => None,
        });
        let reach = search::Reach { from: from.as_ref(), back: self.back, want: self.want, shelves: SHORT };
        let walked = search::by_name(self.app, conn, lead, reach).await?;
        let key = |(name, id)| Key { at: At::Name(name), id };
        Ok(Found { keys: walked.hits.into_iter().map(key).collect(), cut: walked.cut.map(key) })
    }

    pub fn index(&self, sort: Sort, within: Within, back: bool) -> Reach<'_> {
        let active = self.filter.is_active();
        Reach { environments: &self.filter.environments, active, sort, within, back }
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
