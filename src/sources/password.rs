//! The administrator's password of a source: sealed like a value, never shown again.
use super::address::Address;
use super::row::Source;
use crate::app::App;
use crate::crypto::seal::{self, Sealed};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::remote;
use crate::sql;

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    source: Source,
    #[sqlx(flatten)]
    sealed: Sealed,
}

/// Before the transaction.
pub(super) async fn seal(
    app: &App,
    environment_id: i64,
    address: &Address,
    password: &Plaintext,
) -> Result<Sealed> {
    seal::seal(&app.kms, &app.chance, &address.context(environment_id), password).await
}

/// The stored source, ready to be called. Who may ask is decided before.
pub(super) async fn open(app: &App, id: i64) -> Result<(Source, remote::Source)> {
    let query = sql!(
        "SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at,
           ciphertext, nonce, wrapped_key, key_id FROM sources WHERE id = ?",
        id
    );
    let Row { source, sealed } = app.db.read().await?.one(query).await?;
    let address = &source.address;
    let password = seal::open(&app.kms, &address.context(source.environment_id), &sealed).await?;
    let ready = address
        .connect(app, &source.database_name, password)
        .map_err(|why| Error::unavailable(format!("the source {} cannot be used: {why}", source.name)))?;
    Ok((source, ready))
}
