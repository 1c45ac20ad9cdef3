//! The data keys of files that wait to be confirmed, for `rekey`.
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::crypto::seal::Context;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static IMPORT_KEYS: Holder = holder!("imports");

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    environment_id: i64,
    wrapped_key: Vec<u8>,
}

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_import_keys(app: &App, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT id, uid, environment_id, wrapped_key FROM imports WHERE key_id = ? AND id > ? AND wrapped_key IS NOT NULL ORDER BY id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let row = |row: Row| Wrapping {
        id: row.id,
        label: format!("file to import {}", row.id),
        context: Context::Import { uid: &row.uid, environment_id: row.environment_id }.of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob: row.wrapped_key },
    };
    Ok(rows.into_iter().map(row).collect())
}
