//! Rotations, newest first, by keyset on the id, within the environments that are open to the reader.
use super::row::{Rotation, select};
use crate::app::App;
use crate::db::Value;
use crate::domain::enums::RotationStatus;
use crate::domain::error::Result;
use crate::domain::rules::{asked, environment_asked, id_asked};
use crate::environments::Place;
use crate::kit::page::{self, Cursor, Page};
use serde::Deserialize;

/// As an address says it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ListInput {
    pub environment: String,
    pub secret: String,
    pub status: String,
    pub after: String,
    pub before: String,
    pub limit: Option<u32>,
}

#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub environments: Vec<i64>,
    pub secret: Option<i64>,
    pub status: Option<RotationStatus>,
    pub cursor: Cursor,
    pub limit: u32,
}

impl ListInput {
    pub fn filter(&self, places: &[Place]) -> Result<Filter> {
        let open = places.iter().map(|place| place.environment.id);
        let wanted = environment_asked(&self.environment)?;
        let status = asked::<RotationStatus>("status", &self.status)?;
        let environments = open.filter(|id| wanted.is_none_or(|wanted| wanted == *id)).collect();
        Ok(Filter {
            environments,
            secret: id_asked("secret", &self.secret)?,
            status,
            cursor: Cursor::read(&self.after, &self.before),
            limit: page::limit(self.limit),
        })
    }
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Rotation>> {
    let mut query = select();
    query.push_list(" AND environment_id IN ", filter.environments.iter().copied().map(Value::from));
    if let Some(secret) = filter.secret {
        query.push(" AND secret_id = ?", [secret.into()]);
    }
    if let Some(status) = filter.status {
        query.push(" AND status = ?", [status.into()]);
    }
    let back = filter.cursor.is_back();
    if let Some(id) = filter.cursor.number() {
        query.push(if back { " AND id > ?" } else { " AND id < ?" }, [id.into()]);
    }
    query.push(if back { " ORDER BY id" } else { " ORDER BY id DESC" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(filter.limit) + 1)]);
    let rows = app.db.read().await?.all(query).await?;
    Ok(Page::of(rows, filter.limit as usize, &filter.cursor, |rotation: &Rotation| rotation.id.to_string()))
}

/// The last few of one secret.
pub async fn of_secret(app: &App, secret_id: i64, limit: u32) -> Result<Vec<Rotation>> {
    let mut query = select();
    query.push(" AND secret_id = ? ORDER BY id DESC LIMIT ?", [secret_id.into(), i64::from(limit).into()]);
    app.db.read().await?.all(query).await
}
