//! Versions: sealed values, numbered from 1, never edited.
use super::row::Secret;
use super::search;
use super::status::{self, DueCopy};
use crate::app::App;
use crate::crypto::digest::Digest;
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::{BATCH, Conn, Query, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::VersionState;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::{sql, values};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;

/// How many values are sealed at the same time.
const SEAL_AT_ONCE: usize = 16;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Version {
    pub id: i64,
    pub secret_id: i64,
    pub number: i64,
    pub digest: Vec<u8>,
    pub length: i64,
    #[sqlx(try_from = "String")]
    pub state: VersionState,
    /// Of a key pair that Keeper made: what somebody has to install. It is no secret.
    pub public_half: Option<String>,
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
    public_half: Option<String>,
}

impl NewVersion {
    pub fn with_public_half(self, public_half: Option<String>) -> Self {
        Self { public_half, ..self }
    }
}

fn select() -> Query {
    sql!(
        "SELECT id, secret_id, number, digest, length, state, public_half, author_name, reason, created_at FROM secret_versions WHERE 1 = 1"
    )
}

/// Newest first.
pub async fn history(app: &App, secret_id: i64, cursor: &Cursor, limit: u32) -> Result<Page<Version>> {
    let mut query = select();
    query.push(" AND secret_id = ?", [secret_id.into()]);
    let back = cursor.is_back();
    if let Some(number) = cursor.number() {
        query.push(if back { " AND number > ?" } else { " AND number < ?" }, [number.into()]);
    }
    query.push(if back { " ORDER BY number" } else { " ORDER BY number DESC" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(limit) + 1)]);
    let rows = app.db.read().await?.all(query).await?;
    Ok(Page::of(rows, limit as usize, cursor, |version: &Version| version.number.to_string()))
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
    Ok(NewVersion { number, digest, sealed, length, public_half: None })
}

/// Seals many, in their order: a KMS across the network is asked for several at once.
pub async fn seal_all<T>(each: Vec<impl Future<Output = Result<T>>>) -> Result<Vec<T>> {
    stream::iter(each).buffered(SEAL_AT_ONCE).try_collect().await
}

/// Stores a sealed version of each secret, with its reason, as the current one; the one before becomes `previous`, the one
/// before that `retired`.
pub async fn add_versions(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    new: &[(i64, &NewVersion, &str)],
) -> Result<()> {
    let older: Vec<i64> =
        new.iter().filter(|(_, version, _)| version.number > 1).map(|(id, ..)| *id).collect();
    step_down(tx, now, &older).await?;
    insert_versions(tx, now, actor, new, VersionState::Current).await
}

/// The current versions of these secrets make room for the next.
pub(super) async fn step_down(tx: &mut Tx, now: Utc, secrets: &[i64]) -> Result<()> {
    for ids in secrets.chunks(BATCH) {
        for (from, to) in
            [(VersionState::Previous, VersionState::Retired), (VersionState::Current, VersionState::Previous)]
        {
            let mut update =
                sql!("UPDATE secret_versions SET state = ?, updated_at = ? WHERE state = ?", to, now, from);
            update.push_list(" AND secret_id IN ", ids.iter().copied().map(Value::from));
            tx.exec(update).await?;
        }
    }
    Ok(())
}

pub(super) async fn insert_versions(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    new: &[(i64, &NewVersion, &str)],
    state: VersionState,
) -> Result<()> {
    let insert = sql!(
        "INSERT INTO secret_versions (secret_id, number, ciphertext, nonce, wrapped_key, key_id, digest, length, state, public_half, author_id, author_name, reason, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    let row = |(secret_id, new, reason): &(i64, &NewVersion, &str)| {
        let sealed = &new.sealed;
        values![
            *secret_id,
            new.number,
            sealed.ciphertext.clone(),
            sealed.nonce.clone(),
            sealed.wrapped_key.clone(),
            &sealed.key_id,
            new.digest.as_bytes().to_vec(),
            new.length,
            state,
            new.public_half.clone(),
            actor.id(),
            actor.name(),
            *reason,
            now,
            now
        ]
    };
    tx.insert_all(insert, new.iter().map(row).collect()).await
}

/// The secrets with the versions that were just stored in force, and a job for each copy. A value that was made or given just
/// now starts the time to the next rotation anew; a former one does not become younger by coming back. The caller holds them.
pub async fn advance_all(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    secrets: &[&Secret],
    is_fresh: bool,
) -> Result<()> {
    put_current(tx, now, environment, secrets, Taken::Next, is_fresh).await
}

/// Which number comes into force.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// The one after the last.
    Next,
    /// The last, which was held back.
    Held,
}

pub(super) async fn put_current(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    secrets: &[&Secret],
    taken: Taken,
    is_fresh: bool,
) -> Result<()> {
    let mut by_next: BTreeMap<Option<Utc>, Vec<i64>> = BTreeMap::new();
    for secret in secrets {
        by_next.entry(secret.due_after(now)?).or_default().push(secret.id);
    }
    for (next, ids) in by_next {
        for ids in ids.chunks(BATCH) {
            let mut update = sql!("UPDATE secrets SET row_version = row_version + 1, updated_at = ?", now);
            // In this order: MySQL counts on with what it has just set.
            update.push(
                match taken {
                    Taken::Next => {
                        ", current_version = current_version + versions_ahead + 1, versions_ahead = 0"
                    }
                    Taken::Held => ", current_version = current_version + versions_ahead, versions_ahead = 0",
                },
                [],
            );
            if is_fresh {
                update.push(", last_rotated_at = ?, next_rotation_at = ?", [now.into(), next.into()]);
            }
            update.push_list(" WHERE id IN ", ids.iter().copied().map(Value::from));
            tx.exec(update).await?;
            search::note(tx, now, ids).await?;
        }
    }
    let ahead = i64::from(taken == Taken::Next);
    let due: Vec<DueCopy<'_>> = secrets
        .iter()
        .map(|secret| DueCopy { version: secret.last_version() + ahead, ..DueCopy::current(secret) })
        .collect();
    status::queue(tx, now, environment, &due).await
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
