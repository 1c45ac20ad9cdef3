//! Reading the keys of a list along an index: a name or a time, and the id, of one environment after the other; the few rows that each
//! gives are then put in order. So an index is used whatever the set of open environments, and closed ones are never read.
use super::filter::{Due, Sort};
use crate::db::{Conn, Query, Value};
use crate::domain::enums::SyncStatus;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::kit::page;
use crate::secrets::row::Secret;
use crate::secrets::search::Mark;
use crate::sql;

/// One statement reads so many environments.
const ENVIRONMENTS: usize = 100;
/// With the row that tells of a next page.
const LONGEST_PAGE: usize = page::LONGEST as usize + 1;

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

    pub fn mark(&self) -> Option<Mark> {
        match self.at {
            At::Name(_) => None,
            At::Time(at) => Some(Mark { at, id: self.id }),
        }
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

impl From<Mark> for Key {
    fn from(mark: Mark) -> Self {
        Self { at: At::Time(mark.at), id: mark.id }
    }
}

/// What an index can leave out by itself.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Within {
    pub status: Option<SyncStatus>,
    pub due: Option<(Due, Utc)>,
}

/// One reading of an index.
pub(super) struct Reach<'a> {
    pub environments: &'a [i64],
    pub active: bool,
    pub sort: Sort,
    pub within: Within,
    pub back: bool,
}

impl Reach<'_> {
    /// Last changed first: the one order that goes down.
    pub fn is_down(&self) -> bool {
        self.back != (self.sort == Sort::Updated)
    }

    /// Up to `most` keys behind `from`, in the direction of reading. They stand in the index itself: no row is fetched.
    pub async fn keys(&self, conn: &mut Conn, from: Option<&Key>, most: usize) -> Result<Vec<Key>> {
        let mut found = Vec::new();
        for environments in self.environments.chunks(ENVIRONMENTS) {
            let query = self.query(environments, from, most);
            if self.sort == Sort::Name {
                let rows: Vec<(i64, String)> = conn.all(query).await?;
                found.extend(rows.into_iter().map(|(id, name)| Key { at: At::Name(name), id }));
            } else {
                let rows: Vec<(i64, Utc)> = conn.all(query).await?;
                found.extend(rows.into_iter().map(|(id, at)| Key { at: At::Time(at), id }));
            }
        }
        found.sort_unstable();
        if self.is_down() {
            found.reverse();
        }
        found.truncate(most);
        Ok(found)
    }

    /// The first rows of each environment, and of these the first. No secret has the id 0.
    fn query(&self, environments: &[i64], from: Option<&Key>, most: usize) -> Query {
        let mut query = if self.sort == Sort::Name {
            sql!("SELECT id, name FROM secrets WHERE id = 0")
        } else {
            sql!("SELECT id, updated_at FROM secrets WHERE id = 0")
        };
        let column = column(self.sort);
        let down = self.is_down();
        for environment in environments {
            query.push(" UNION ALL SELECT * FROM (SELECT id, ", []).push(column, []);
            query.push(
                " FROM secrets WHERE environment_id = ? AND is_active = ?",
                [(*environment).into(), self.active.into()],
            );
            if let Some(status) = self.within.status {
                query.push(" AND sync_status = ?", [status.into()]);
            }
            if matches!(self.sort, Sort::Due | Sort::Expires) {
                query.push(" AND ", []).push(column, []).push(" IS NOT NULL", []);
            }
            if let Some((_, until)) = self.within.due {
                query.push(" AND ", []).push(column, []).push(" <= ?", [until.into()]);
            }
            if let Some(key) = from {
                let (reached, beyond, id) =
                    if down { (" <= ?", " < ?", " OR id < ?)") } else { (" >= ?", " > ?", " OR id > ?)") };
                query.push(" AND ", []).push(column, []).push(reached, [key.value()]);
                query
                    .push(" AND (", [])
                    .push(column, [])
                    .push(beyond, [key.value()])
                    .push(id, [key.id.into()]);
            }
            query.push(" ORDER BY ", []).push(column, []);
            limit(query.push(if down { " DESC, id DESC" } else { ", id" }, []), most).push(") AS part", []);
        }
        limit(query.push(if down { " ORDER BY 2 DESC, 1 DESC" } else { " ORDER BY 2, 1" }, []), most);
        query
    }
}

/// Pages have few lengths; windows have any.
fn limit(query: &mut Query, most: usize) -> &mut Query {
    if most <= LONGEST_PAGE {
        return query.push_number(" LIMIT ", most);
    }
    query.push(" LIMIT ?", [Value::from(i64::try_from(most).unwrap_or(i64::MAX))])
}

fn column(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => "name",
        Sort::Updated => "updated_at",
        Sort::Due => "next_rotation_at",
        Sort::Expires => "expires_at",
    }
}
