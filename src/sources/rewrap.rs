//! The data keys of administrators' passwords, for `rekey`.
use super::address::Address;
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static SOURCE_KEYS: Holder = holder!("sources");

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    environment_id: i64,
    wrapped_key: Vec<u8>,
    #[sqlx(flatten)]
    address: Address,
}

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_source_keys(app: &App, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT id, name, environment_id, wrapped_key, engine, host, port, tls, authority, user_name FROM sources
         WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let row = |row: Row| Wrapping {
        id: row.id,
        label: format!("password of the source {}", row.name),
        context: row.address.context(row.environment_id).of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob: row.wrapped_key },
    };
    Ok(rows.into_iter().map(row).collect())
}
