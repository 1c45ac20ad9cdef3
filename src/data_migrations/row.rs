//! Rows of `data_migrations`: how far each is. One that has not begun has none.
use super::list::DataMigration;
use crate::db::{Db, Schema};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

/// The version of the schema from which there is a table of them.
const TABLE: i64 = 170;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub id: i64,
    pub name: String,
    pub after_id: i64,
    pub done: i64,
    pub total: Option<i64>,
    pub trouble: String,
    pub ended_at: Option<Utc>,
}

#[derive(Debug, Clone)]
pub struct Progress {
    pub which: DataMigration,
    pub has_begun: bool,
    pub done: i64,
    /// How many there are to do, once it was counted.
    pub total: Option<i64>,
    /// What it waits for, if anything stands in the way.
    pub trouble: String,
    pub ended_at: Option<Utc>,
}

impl Progress {
    pub fn state(&self) -> &'static str {
        match (self.ended_at, self.has_begun) {
            (Some(_), _) => "done",
            (None, true) => "running",
            (None, false) => "waiting",
        }
    }
}

pub(super) async fn rows(db: &Db) -> Result<Vec<Row>> {
    db.read()
        .await?
        .all(sql!("SELECT id, name, after_id, done, total, trouble, ended_at FROM data_migrations"))
        .await
}

pub(super) async fn find(db: &Db, which: DataMigration) -> Result<Option<Row>> {
    Ok(rows(db).await?.into_iter().find(|row| row.name == which.as_str()))
}

/// How far each is, also where the schema has no table of them yet.
pub async fn progress(db: &Db, schema: &Schema) -> Result<Vec<Progress>> {
    let rows = if schema.has(TABLE) { rows(db).await? } else { Vec::new() };
    let of = |which: &DataMigration| {
        let row = rows.iter().find(|row| row.name == which.as_str());
        Progress {
            which: *which,
            has_begun: row.is_some(),
            done: row.map_or(0, |row| row.done),
            total: row.and_then(|row| row.total),
            trouble: row.map_or_else(String::new, |row| row.trouble.clone()),
            ended_at: row.and_then(|row| row.ended_at),
        }
    };
    Ok(DataMigration::ALL.iter().map(of).collect())
}
