//! The data keys of Keeper's own keys in SAML, for `rekey`.
use super::keys::context;
use crate::app::{App, Holder, Wrapping};
use crate::crypto::kms::Wrapped;
use crate::domain::error::Result;
use crate::{holder, sql};

pub static SERVICE_KEYS: Holder = holder!("saml_keys");

/// Those that are wrapped with this key, in the order of their ids.
pub async fn wrapped_service_keys(app: &App, key_id: &str, after: i64, most: i64) -> Result<Vec<Wrapping>> {
    let query = sql!(
        "SELECT id, fingerprint, wrapped_key FROM saml_keys WHERE key_id = ? AND id > ? ORDER BY id LIMIT ?",
        key_id,
        after,
        most
    );
    let rows: Vec<(i64, String, Vec<u8>)> = app.db.read().await?.all(query).await?;
    let row = |(id, fingerprint, blob): (i64, String, Vec<u8>)| Wrapping {
        id,
        label: format!("SAML key {}", &fingerprint[..fingerprint.len().min(16)]),
        context: context(&fingerprint).of_data_key(),
        wrapped: Wrapped { key_id: key_id.to_owned(), blob },
    };
    Ok(rows.into_iter().map(row).collect())
}
