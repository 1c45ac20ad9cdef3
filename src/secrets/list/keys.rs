//! Reading the keys of a list along an index: a name or a time, and the id, of one environment after the other; the few rows that each
//! gives are then put in order. So an index is used whatever the set of open environments, and closed ones are never read.
use super::filter::{Due, Filter, Sort};
use crate::db::{Conn, Query, Value};
use crate::domain::enums::SyncStatus;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::secrets::row::Secret;
use crate::sql;

/// One statement reads so many environments.
const ENVIRONMENTS: usize = 100;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub at: At,
    pub id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    Name(String),
    Time(Utc),
}

impl Key {
    /// From a cursor's text. What cannot be read is the list's beginning.
    pub fn read(text: &str, sort: Sort) -> Option<Self> {
        let (at, id) = text.rsplit_once('~').unwrap_or((text, "0"));
        let id = id.parse().unwrap_or(0);
        let at = match sort {
            Sort::Name => At::Name(at.to_owned()),
            _ => At::Time(Utc::parse(at)?),
        };
        Some(Self { at, id })
    }

    /// Where a row stands in an order.
    pub fn of(secret: &Secret, sort: Sort) -> Self {
        let at = match sort {
            Sort::Name => At::Name(secret.name.clone()),
            Sort::Updated => At::Time(secret.updated_at),
            Sort::Due => At::Time(secret.next_rotation_at.unwrap_or(secret.created_at)),
            Sort::Expires => At::Time(secret.expires_at.unwrap_or(secret.created_at)),
        };
        Self { at, id: secret.id }
    }

    pub fn text(&self) -> String {
        match &self.at {
            At::Name(name) => format!("{name}~{}", self.id),
            At::Time(at) => format!("{at}~{}", self.id),
        }
    }

    fn value(&self) -> Value {
        match &self.at {
            At::Name(name) => name.into(),
            At::Time(at) => (*at).into(),
        }
    }
}

/// What an index can leave out by itself.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Within {
    pub status: Option<SyncStatus>,
    pub due: Option<(Due, Utc)>,
}

/// Up to `most` keys behind `from`, in the direction of reading.
pub(super) async fn keys(
    conn: &mut Conn,
    filter: &Filter,
    sort: Sort,
    within: Within,
    from: Option<&Key>,
    back: bool,
    most: usize,
) -> Result<Vec<Key>> {
    // Last changed first: the one order that goes down.
    let down = back != (sort == Sort::Updated);
    let limit = Value::from(i64::try_from(most).unwrap_or(i64::MAX));
    let mut found = Vec::new();
    for environments in filter.environments.chunks(ENVIRONMENTS) {
        let mut query = if sort == Sort::Name {
            sql!("SELECT id, name FROM secrets WHERE 1 = 0")
        } else {
            sql!("SELECT id, updated_at FROM secrets WHERE 1 = 0")
        };
        for environment in environments {
            query.push(first(sort), [(*environment).into(), filter.is_active().into()]);
            if let Some(status) = within.status {
                query.push(" AND sync_status = ?", [status.into()]);
            }
            if let Some((_, until)) = within.due {
                query.push(until_text(sort), [until.into()]);
            }
            if let Some(key) = from {
                query.push(beside(sort, down), [key.value(), key.value(), key.id.into()]);
            }
            query.push(order(sort, down), [limit.clone()]);
        }
        query.push(
            if down { " ORDER BY 2 DESC, 1 DESC LIMIT ?" } else { " ORDER BY 2, 1 LIMIT ?" },
            [limit.clone()],
        );
        found.extend(read(conn, query, sort).await?);
    }
    found.sort_unstable();
    if down {
        found.reverse();
    }
    found.truncate(most);
    Ok(found)
}

async fn read(conn: &mut Conn, query: Query, sort: Sort) -> Result<Vec<Key>> {
    if sort == Sort::Name {
        let rows: Vec<(i64, String)> = conn.all(query).await?;
        return Ok(rows.into_iter().map(|(id, name)| Key { at: At::Name(name), id }).collect());
    }
    let rows: Vec<(i64, Utc)> = conn.all(query).await?;
    Ok(rows.into_iter().map(|(id, at)| Key { at: At::Time(at), id }).collect())
}

fn first(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => {
            " UNION ALL SELECT * FROM (SELECT id, name FROM secrets WHERE environment_id = ? AND is_active = ?"
        }
        Sort::Updated => {
            " UNION ALL SELECT * FROM (SELECT id, updated_at FROM secrets WHERE environment_id = ? AND is_active = ?"
        }
        Sort::Due => {
            " UNION ALL SELECT * FROM (SELECT id, next_rotation_at FROM secrets WHERE environment_id = ? AND is_active = ? AND next_rotation_at IS NOT NULL"
        }
        Sort::Expires => {
            " UNION ALL SELECT * FROM (SELECT id, expires_at FROM secrets WHERE environment_id = ? AND is_active = ? AND expires_at IS NOT NULL"
        }
    }
}

fn until_text(sort: Sort) -> &'static str {
    if sort == Sort::Expires { " AND expires_at <= ?" } else { " AND next_rotation_at <= ?" }
}

fn beside(sort: Sort, down: bool) -> &'static str {
    match (sort, down) {
        (Sort::Name, false) => " AND name >= ? AND (name > ? OR id > ?)",
        (Sort::Name, true) => " AND name <= ? AND (name < ? OR id < ?)",
        (Sort::Updated, false) => " AND updated_at >= ? AND (updated_at > ? OR id > ?)",
        (Sort::Updated, true) => " AND updated_at <= ? AND (updated_at < ? OR id < ?)",
        (Sort::Due, false) => " AND next_rotation_at >= ? AND (next_rotation_at > ? OR id > ?)",
        (Sort::Due, true) => " AND next_rotation_at <= ? AND (next_rotation_at < ? OR id < ?)",
        (Sort::Expires, false) => " AND expires_at >= ? AND (expires_at > ? OR id > ?)",
        (Sort::Expires, true) => " AND expires_at <= ? AND (expires_at < ? OR id < ?)",
    }
}

fn order(sort: Sort, down: bool) -> &'static str {
    match (sort, down) {
        (Sort::Name, false) => " ORDER BY name, id LIMIT ?) AS part",
        (Sort::Name, true) => " ORDER BY name DESC, id DESC LIMIT ?) AS part",
        (Sort::Updated, false) => " ORDER BY updated_at, id LIMIT ?) AS part",
        (Sort::Updated, true) => " ORDER BY updated_at DESC, id DESC LIMIT ?) AS part",
        (Sort::Due, false) => " ORDER BY next_rotation_at, id LIMIT ?) AS part",
        (Sort::Due, true) => " ORDER BY next_rotation_at DESC, id DESC LIMIT ?) AS part",
        (Sort::Expires, false) => " ORDER BY expires_at, id LIMIT ?) AS part",
        (Sort::Expires, true) => " ORDER BY expires_at DESC, id DESC LIMIT ?) AS part",
    }
}
