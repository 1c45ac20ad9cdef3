//! The data keys of values that wait for approval, for `rekey`.
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::crypto::seal::Context;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static REQUEST_KEYS: Holder = holder!("rotation_requests");

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    rotation_id: i64,
    uid: String,
    wrapped_key: Vec<u8>,
    secret: String,
    environment_id: i64,
}

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_request_keys(app: &App, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT q.id, q.rotation_id, q.uid, q.wrapped_key, s.uid AS secret, s.environment_id
         FROM rotation_requests q JOIN rotations r ON r.id = q.rotation_id JOIN secrets s ON s.id = r.secret_id
         WHERE q.key_id = ? AND q.id > ? AND q.wrapped_key IS NOT NULL ORDER BY q.id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let row = |row: Row| Wrapping {
        id: row.id,
        label: format!("value that waits in rotation {}", row.rotation_id),
        context: Context::Request { uid: &row.uid, secret: &row.secret, environment_id: row.environment_id }
            .of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob: row.wrapped_key },
    };
    Ok(rows.into_iter().map(row).collect())
}
