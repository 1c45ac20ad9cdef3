//! The data keys of versions, for `rekey`.
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::crypto::seal::Context;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static VERSION_KEYS: Holder = holder!("secret_versions");

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    number: i64,
    wrapped_key: Vec<u8>,
    uid: String,
    name: String,
    environment_id: i64,
}

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_version_keys(app: &App, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT v.id, v.number, v.wrapped_key, s.uid, s.name, s.environment_id FROM secret_versions v JOIN secrets s ON s.id = v.secret_id
         WHERE v.key_id = ? AND v.id > ? AND v.wrapped_key IS NOT NULL ORDER BY v.id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let row = |row: Row| Wrapping {
        id: row.id,
        label: format!("secret {}, version {}", row.name, row.number),
        context: Context::Version { uid: &row.uid, number: row.number, environment_id: row.environment_id }
            .of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob: row.wrapped_key },
    };
    Ok(rows.into_iter().map(row).collect())
}
