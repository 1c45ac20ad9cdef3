//! The data keys of authenticator apps' secrets, for `rekey`.
use super::row::context;
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static SECOND_FACTOR_KEYS: Holder = holder!("second_factors");

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_second_factor_keys(
    app: &App,
    key_id: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT f.id, f.user_id, u.username, f.wrapped_key FROM second_factors f JOIN users u ON u.id = f.user_id
         WHERE f.key_id = ? AND f.id > ? ORDER BY f.id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<(i64, i64, String, Vec<u8>)> = app.db.read().await?.all(query).await?;
    let row = |(id, user_id, username, blob): (i64, i64, String, Vec<u8>)| Wrapping {
        id,
        label: format!("second factor of {username}"),
        context: context(user_id).of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob },
    };
    Ok(rows.into_iter().map(row).collect())
}
