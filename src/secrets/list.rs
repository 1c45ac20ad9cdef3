//! Lists: filters, and pages by keyset. Only what lies in environments whose door is open to the reader.
use super::row::{Secret, select};
use super::terms;
use crate::app::App;
use crate::db::{Query, Value};
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::Page;
use crate::sql;
use std::collections::HashMap;
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
    pub after: Option<String>,
    pub limit: u32,
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Secret>> {
    let mut query = select();
    restrict(&mut query, filter, app.now());
    let cursor = filter.after.as_deref().map(|after| after.rsplit_once('~').unwrap_or((after, "0")));
    let cursor = cursor.map(|(key, id)| (key.to_owned(), id.parse::<i64>().unwrap_or(0)));
    match filter.sort {
        Sort::Name => {
            if let Some((name, id)) = cursor {
                query.push(
                    " AND s.name >= ? AND (s.name > ? OR s.id > ?)",
                    [name.clone().into(), name.into(), id.into()],
                );
            }
            query.push(" ORDER BY s.name, s.id LIMIT ?", [limit(filter)]);
        }
        Sort::Updated => {
            if let Some((at, id)) = time_cursor(cursor) {
                query.push(
                    " AND s.updated_at <= ? AND (s.updated_at < ? OR s.id < ?)",
                    [at.into(), at.into(), id.into()],
                );
            }
            query.push(" ORDER BY s.updated_at DESC, s.id DESC LIMIT ?", [limit(filter)]);
        }
        Sort::Due => {
            query.push(" AND s.next_rotation_at IS NOT NULL", []);
            if let Some((at, id)) = time_cursor(cursor) {
                query.push(
                    " AND s.next_rotation_at >= ? AND (s.next_rotation_at > ? OR s.id > ?)",
                    [at.into(), at.into(), id.into()],
                );
            }
            query.push(" ORDER BY s.next_rotation_at, s.id LIMIT ?", [limit(filter)]);
        }
    }
    let rows = app.db.read().await?.all(query).await?;
    let sort = filter.sort;
    Ok(Page::of(rows, filter.limit as usize, move |secret: &Secret| key(secret, sort)))
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

/// How many match, counted to `most` and no further: a dashboard says "200+", and never walks a million rows.
pub async fn tally(app: &App, filter: &Filter, most: i64) -> Result<i64> {
    let mut query = sql!("SELECT COUNT(*) FROM (SELECT s.id FROM secrets s WHERE 1 = 1");
    restrict(&mut query, filter, app.now());
    query.push(" LIMIT ?) AS counted", [Value::from(most)]);
    app.db
        .read()
        .await?
        .number(query)
        .await
        .map_err(|e| if matches!(e, Error::NotFound) { Error::broken("a count without a row") } else { e })
}

/// How many active secrets of each environment have a copy that failed or drifted.
pub async fn failing(app: &App) -> Result<HashMap<i64, i64>> {
    let query = sql!(
        "SELECT environment_id, COUNT(*) FROM secrets WHERE sync_status IN ('failed', 'out_of_sync') AND is_active = ? GROUP BY environment_id",
        true
    );
    Ok(app.db.read().await?.all::<(i64, i64)>(query).await?.into_iter().collect())
}
