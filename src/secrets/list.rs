//! Lists: filters, and pages by keyset. Only what lies in environments whose door is open to the reader.
use super::row::{Secret, select};
use super::terms;
use crate::app::App;
use crate::db::{Query, Value};
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::sql;
use time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Name,
    /// Last changed first.
    Updated,
    /// Next due first; those without a date are left out.
    Due,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Overdue,
    /// Within 14 days, or overdue.
    Soon,
    /// Expires within 30 days, or has expired.
    Expiring,
}

#[derive(Debug, Default, Clone)]
pub struct Filter {
    /// The environments that are open to the reader, or the one of them that was asked for.
    pub environments: Vec<i64>,
    pub q: String,
    pub secret_type: Option<SecretType>,
    pub level: Option<SecrecyLevel>,
    pub status: Option<SyncStatus>,
    pub tag: String,
    pub due: Option<Due>,
    /// `None`: active ones alone. `Some(false)`: inactive ones alone.
    pub active: Option<bool>,
    pub sort: Sort,
    pub cursor: Cursor,
    pub limit: u32,
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Secret>> {
    let mut query = select();
    restrict(&mut query, filter, app.now());
    let back = filter.cursor.is_back();
    let cursor = filter.cursor.key().map(|key| key.rsplit_once('~').unwrap_or((key, "0")));
    let cursor = cursor.map(|(key, id)| (key.to_owned(), id.parse::<i64>().unwrap_or(0)));
    match filter.sort {
        Sort::Name => {
            if let Some((name, id)) = cursor {
                let beside = if back {
                    " AND s.name <= ? AND (s.name < ? OR s.id < ?)"
                } else {
                    " AND s.name >= ? AND (s.name > ? OR s.id > ?)"
                };
                query.push(beside, [name.clone().into(), name.into(), id.into()]);
            }
            query.push(if back { " ORDER BY s.name DESC, s.id DESC" } else { " ORDER BY s.name, s.id" }, []);
        }
        Sort::Updated => {
            if let Some((at, id)) = time_cursor(cursor) {
                let beside = if back {
                    " AND s.updated_at >= ? AND (s.updated_at > ? OR s.id > ?)"
                } else {
                    " AND s.updated_at <= ? AND (s.updated_at < ? OR s.id < ?)"
                };
                query.push(beside, [at.into(), at.into(), id.into()]);
            }
            query.push(
                if back { " ORDER BY s.updated_at, s.id" } else { " ORDER BY s.updated_at DESC, s.id DESC" },
                [],
            );
        }
        Sort::Due => {
            query.push(" AND s.next_rotation_at IS NOT NULL", []);
            if let Some((at, id)) = time_cursor(cursor) {
                let beside = if back {
                    " AND s.next_rotation_at <= ? AND (s.next_rotation_at < ? OR s.id < ?)"
                } else {
                    " AND s.next_rotation_at >= ? AND (s.next_rotation_at > ? OR s.id > ?)"
                };
                query.push(beside, [at.into(), at.into(), id.into()]);
            }
            query.push(
                if back {
                    " ORDER BY s.next_rotation_at DESC, s.id DESC"
                } else {
                    " ORDER BY s.next_rotation_at, s.id"
                },
                [],
            );
        }
    }
    query.push(" LIMIT ?", [limit(filter)]);
    let rows = app.db.read().await?.all(query).await?;
    let sort = filter.sort;
    Ok(Page::of(rows, filter.limit as usize, &filter.cursor, move |secret: &Secret| key(secret, sort)))
}

fn restrict(query: &mut Query, filter: &Filter, now: Utc) {
    query.push(" AND s.is_active = ?", [filter.active.unwrap_or(true).into()]);
    query.push_list(" AND s.environment_id IN ", filter.environments.iter().copied().map(Value::from));
    if let Some(kind) = filter.secret_type {
        query.push(" AND s.secret_type = ?", [kind.into()]);
    }
    if let Some(level) = filter.level {
        query.push(" AND s.secrecy_level = ?", [level.into()]);
    }
    if let Some(status) = filter.status {
        query.push(" AND s.sync_status = ?", [status.into()]);
    }
    if !filter.tag.is_empty() {
        let tag: String = filter.tag.to_lowercase().chars().take(64).collect();
        query.push(
            " AND EXISTS (SELECT 1 FROM secret_terms g WHERE g.secret_id = s.id AND g.term = ?)",
            [tag.into()],
        );
    }
    let until = |days| Value::from(now.plus(Duration::days(days)));
    match filter.due {
        Some(Due::Overdue) => query.push(" AND s.next_rotation_at <= ?", [until(0)]),
        Some(Due::Soon) => query.push(" AND s.next_rotation_at <= ?", [until(14)]),
        Some(Due::Expiring) => query.push(" AND s.expires_at <= ?", [until(30)]),
        None => query,
    };
    terms::restrict(query, &filter.q);
}

fn limit(filter: &Filter) -> Value {
    Value::from(i64::from(filter.limit) + 1)
}

fn time_cursor(cursor: Option<(String, i64)>) -> Option<(Utc, i64)> {
    cursor.and_then(|(at, id)| Utc::parse(&at).map(|at| (at, id)))
}

fn key(secret: &Secret, sort: Sort) -> String {
    match sort {
        Sort::Name => format!("{}~{}", secret.name, secret.id),
        Sort::Updated => format!("{}~{}", secret.updated_at, secret.id),
        Sort::Due => format!("{}~{}", secret.next_rotation_at.unwrap_or(secret.created_at), secret.id),
    }
}

/// How many match, counted to `most` and no further: a dashboard says "1000+", and never walks a million rows.
pub async fn tally(app: &App, filter: &Filter, most: i64) -> Result<i64> {
    let mut query = sql!("SELECT s.id FROM secrets s WHERE 1 = 1");
    restrict(&mut query, filter, app.now());
    query.push(" LIMIT ?", [Value::from(most)]);
    let rows: Vec<(i64,)> = app.db.read().await?.all(query).await?;
    i64::try_from(rows.len()).map_err(Error::broken)
}
