//! The data keys of backend credentials, for `rekey`.
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::crypto::seal::Context;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static CREDENTIAL_KEYS: Holder = holder!("backend_credentials");

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    #[sqlx(try_from = "String")]
    backend: Backend,
    serial: i64,
    wrapped_key: Vec<u8>,
    name: String,
}

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_credential_keys(
    app: &App,
    key_id: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT c.id, c.backend, c.serial, c.wrapped_key, e.name FROM backend_credentials c JOIN environments e ON e.id = c.environment_id
         WHERE c.key_id = ? AND c.id > ? ORDER BY c.id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let row = |row: Row| Wrapping {
        id: row.id,
        label: format!("credentials of {} in {}", row.backend.as_str(), row.name),
        context: Context::Backend { environment: &row.name, backend: row.backend, serial: row.serial }
            .of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob: row.wrapped_key },
    };
    Ok(rows.into_iter().map(row).collect())
}
