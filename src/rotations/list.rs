//! Rotations, newest first, by keyset on the id, within the environments that are open to the reader.
use super::row::{Rotation, select};
use crate::app::App;
use crate::db::Value;
use crate::domain::enums::RotationStatus;
use crate::domain::error::Result;
use crate::kit::page::{Cursor, Page};

#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub environments: Vec<i64>,
    pub status: Option<RotationStatus>,
    pub cursor: Cursor,
    pub limit: u32,
}

pub async fn list(app: &App, filter: &Filter) -> Result<Page<Rotation>> {
    let mut query = select();
    query.push_list(" AND environment_id IN ", filter.environments.iter().copied().map(Value::from));
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
