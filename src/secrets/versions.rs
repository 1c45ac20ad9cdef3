//! Versions: sealed values, numbered from 1, never edited.
use super::find::Found;
use super::row::{Secret, next_rotation};
use super::status;
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::{Conn, Query, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::VersionState;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Version {
    pub id: i64,
    pub secret_id: i64,
    pub number: i64,
    pub digest: Vec<u8>,
    pub length: i64,
    #[sqlx(try_from = "String")]
    pub state: VersionState,
    pub author_name: String,
    pub reason: String,
    pub created_at: Utc,
}

impl Version {
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(&self.digest)
    }
}

/// A value that is sealed for one number of one secret, ready for the transaction.
pub struct NewVersion {
    pub number: i64,
    pub digest: Digest,
    sealed: Sealed,
    length: i64,
}

fn select() -> Query {
    sql!(
        "SELECT id, secret_id, number, digest, length, state, author_name, reason, created_at FROM secret_versions WHERE 1 = 1"
    )
}

/// Newest first.
pub async fn history(app: &App, secret_id: i64, before: Option<i64>, limit: u32) -> Result<Vec<Version>> {
    let mut query = select();
    let before = before.unwrap_or(i64::MAX);
    query.push(
        " AND secret_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
        [secret_id.into(), before.into(), i64::from(limit).into()],
    );
    app.db.read().await?.all(query).await
}

pub async fn version(app: &App, secret_id: i64, number: i64) -> Result<Version> {
    version_in(&mut app.db.read().await?, secret_id, number).await
}

/// The same inside a unit of writing, on what is stored now.
pub async fn version_in(conn: &mut Conn, secret_id: i64, number: i64) -> Result<Version> {
    let mut query = select();
    query.push(" AND secret_id = ? AND number = ?", [Value::from(secret_id), Value::from(number)]);
    conn.one(query).await
}

/// Before the transaction: it may ask a KMS across the network.
pub async fn seal_version(
    app: &App,
    uid: &str,
    environment_id: i64,
    number: i64,
    value: &Plaintext,
) -> Result<NewVersion> {
    let digest = app.keys()?.digest(value);
    let context = Context::Version { uid, number, environment_id };
    let sealed = seal::seal(&app.kms, &app.chance, &context, value).await?;
    let length = i64::try_from(value.len()).map_err(Error::broken)?;
    Ok(NewVersion { number, digest, sealed, length })
}

impl NewVersion {
    /// As the columns number, ciphertext, nonce, wrapped_key, key_id, digest, length hold it.
    pub(super) fn values(&self) -> [Value; 7] {
        let sealed = &self.sealed;
        [
            self.number.into(),
            sealed.ciphertext.clone().into(),
            sealed.nonce.clone().into(),
            sealed.wrapped_key.clone().into(),
            (&sealed.key_id).into(),
            self.digest.as_bytes().to_vec().into(),
            self.length.into(),
        ]
    }
}

/// Stores a sealed version as the current one; the one before becomes `previous`, the one before that `retired`.
pub async fn add_version(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    secret_id: i64,
    new: &NewVersion,
    reason: &str,
) -> Result<()> {
    for (from, to) in
        [(VersionState::Previous, VersionState::Retired), (VersionState::Current, VersionState::Previous)]
    {
        let query = sql!(
            "UPDATE secret_versions SET state = ?, updated_at = ? WHERE secret_id = ? AND state = ?",
            to,
            now,
            secret_id,
            from
        );
        tx.exec(query).await?;
    }
    let sealed = &new.sealed;
    tx.insert(sql!(
        "INSERT INTO secret_versions (secret_id, number, ciphertext, nonce, wrapped_key, key_id, digest, length, state, author_id, author_name, reason, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'current', ?, ?, ?, ?, ?)",
        secret_id, new.number, sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(), &sealed.key_id,
        new.digest.as_bytes().to_vec(), new.length, actor.id(), actor.name(), reason, now, now
    ))
    .await?;
    Ok(())
}

/// The secret with another version in force: its number, and a job for each copy. A value that was made or given just now
/// starts the time to the next rotation anew; a former one does not become younger by coming back.
pub async fn advance(tx: &mut Tx, now: Utc, found: &Found, number: i64, is_fresh: bool) -> Result<()> {
    let secret = &found.secret;
    let last = if is_fresh { Some(now) } else { secret.last_rotated_at };
    let next =
        if is_fresh { next_rotation(now, secret.rotation_interval_days) } else { secret.next_rotation_at };
    tx.exec(sql!(
        "UPDATE secrets SET current_version = ?, last_rotated_at = ?, next_rotation_at = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?",
        number, last, next, now, secret.id
    ))
    .await?;
    status::queue(tx, now, &found.place.environment, secret.id, &secret.service_name, &secret.name, number)
        .await
}

#[derive(sqlx::FromRow)]
struct SealedRow {
    ciphertext: Vec<u8>,
    nonce: Vec<u8>,
    wrapped_key: Option<Vec<u8>>,
    key_id: String,
}

/// Opens one version. Who calls this has recorded it, or sends it to a backend.
pub async fn open_version(app: &App, secret: &Secret, number: i64) -> Result<Plaintext> {
    let query = sql!(
        "SELECT ciphertext, nonce, wrapped_key, key_id FROM secret_versions WHERE secret_id = ? AND number = ?",
        secret.id,
        number
    );
    let row: SealedRow = app.db.read().await?.one(query).await?;
    let wrapped_key = row
        .wrapped_key
        .ok_or_else(|| Error::Conflict("this version was destroyed: nobody can open it any more".into()))?;
    let sealed = Sealed { ciphertext: row.ciphertext, nonce: row.nonce, wrapped_key, key_id: row.key_id };
    let context = Context::Version { uid: &secret.uid, number, environment_id: secret.environment_id };
    seal::open(&app.kms, &context, &sealed).await
}
