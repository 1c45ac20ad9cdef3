//! Reading the log: newest first, by keyset on the number, within what the reader may see.
use crate::app::App;
use crate::db::Value;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::sql;
use time::Duration;

#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub environment_id: Option<i64>,
    pub secret_id: Option<i64>,
    pub actor_id: Option<i64>,
    pub actor_name: Option<String>,
    pub action: Option<String>,
    /// Any of these; empty: every action.
    pub actions: Vec<&'static str>,
    pub outcome: Option<String>,
    pub since: Option<Utc>,
    pub until: Option<Utc>,
    /// Environments that the reader may see; `None` is the whole log.
    pub within: Option<Vec<i64>>,
    /// Beside the event with this number.
    pub cursor: Cursor,
    pub limit: u32,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Line {
    pub seq: i64,
    pub at: Utc,
    pub actor_kind: String,
    pub actor_name: String,
    pub action: String,
    pub outcome: String,
    pub environment_id: Option<i64>,
    pub secret_id: Option<i64>,
    pub target: String,
    pub payload: String,
    pub chain: String,
}

impl Line {
    /// The event's own details, as "key: value" pairs.
    pub fn details(&self) -> Vec<(String, String)> {
        let payload: serde_json::Value = serde_json::from_str(&self.payload).unwrap_or_default();
        let Some(detail) = payload["detail"].as_object() else { return Vec::new() };
        let text = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        detail.iter().map(|(key, value)| (key.replace('_', " "), text(value))).collect()
    }

    /// The same as they are kept.
    pub fn detail_json(&self) -> serde_json::Value {
        let mut payload: serde_json::Value = serde_json::from_str(&self.payload).unwrap_or_default();
        payload["detail"].take()
    }

    /// One of the details, by its key with blanks: `from version`.
    pub fn detail(&self, key: &str) -> Option<String> {
        self.details().into_iter().find(|(name, _)| name == key).map(|(_, text)| text)
    }

    pub fn reason(&self) -> Option<String> {
        self.detail("reason")
    }
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Line>> {
    let mut query = sql!(
        "SELECT seq, at, actor_kind, actor_name, action, outcome, environment_id, secret_id, target, payload, chain FROM audit_events WHERE 1 = 1"
    );
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    let filters: [(&'static str, Option<Value>); 8] = [
        (" AND environment_id = ?", filter.environment_id.map(Value::from)),
        (" AND secret_id = ?", filter.secret_id.map(Value::from)),
        (" AND actor_id = ?", filter.actor_id.map(Value::from)),
        (" AND actor_name = ?", text(&filter.actor_name)),
        (" AND action = ?", text(&filter.action)),
        (" AND outcome = ?", text(&filter.outcome)),
        (" AND at >= ?", filter.since.map(Value::from)),
        (" AND at < ?", filter.until.map(Value::from)),
    ];
    for (text, value) in filters {
        if let Some(value) = value {
            query.push(text, [value]);
        }
    }
    if !filter.actions.is_empty() {
        query.push_list(" AND action IN ", filter.actions.iter().copied().map(Value::from));
    }
    if let Some(ids) = &filter.within {
        query.push_list(" AND environment_id IN ", ids.iter().copied().map(Value::from));
    }
    let limit = filter.limit.clamp(1, 200);
    let back = filter.cursor.is_back();
    if let Some(seq) = filter.cursor.number() {
        query.push(if back { " AND seq > ?" } else { " AND seq < ?" }, [Value::from(seq)]);
    }
    query.push(if back { " ORDER BY seq" } else { " ORDER BY seq DESC" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(limit) + 1)]);
    let rows = app.db.read().await?.all(query).await?;
    let size = usize::try_from(limit).map_err(Error::broken)?;
    Ok(Page::of(rows, size, &filter.cursor, |line: &Line| line.seq.to_string()))
}

/// How many events each of the last `days` days had, oldest first, for the dashboard's chart.
pub async fn by_day(app: &App, days: i64) -> Result<Vec<(Utc, i64)>> {
    let today = Utc::new(app.now().get().replace_time(time::Time::MIDNIGHT));
    let mut conn = app.db.read().await?;
    let mut starts: Vec<(Utc, i64)> = Vec::new();
    for back in (0..days).rev() {
        let start = today.minus(Duration::days(back));
        // The first number at or after the start of the day: one step down the index on `at`, whatever the
        // size of the log and however many events share that time (ids grow as numbers do).
        let first: Option<(i64,)> = conn
            .maybe(sql!("SELECT seq FROM audit_events WHERE at >= ? ORDER BY at, id LIMIT 1", start))
            .await?;
        starts.push((start, first.map_or(-1, |row| row.0)));
    }
    let head = conn.number(sql!("SELECT seq FROM audit_head WHERE id = 1")).await?;
    let begins: Vec<i64> =
        starts.iter().map(|s| if s.1 < 0 { head + 1 } else { s.1 }).chain([head + 1]).collect();
    Ok(starts.iter().enumerate().map(|(i, (day, _))| (*day, begins[i + 1] - begins[i])).collect())
}
