//! A version on its way: sealed and stored before anything outside is touched, in force only when its source has it. While a
//! secret has one, nothing else changes its value.
use super::edit::touched;
use super::find::Found;
use super::row::Secret;
use super::search;
use super::versions::{NewVersion, Taken, insert_versions, put_current, step_down};
use crate::db::{BATCH, Conn, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::VersionState;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;

/// A conflict if one of these secrets has a version on its way. The caller holds them.
pub async fn demand_settled(conn: &mut Conn, secrets: &[&Secret]) -> Result<()> {
    for batch in secrets.chunks(BATCH) {
        let mut query = sql!(
            "SELECT s.name FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.number = s.current_version + s.versions_ahead WHERE v.state = 'pending'"
        );
        query.push_list(" AND s.id IN ", batch.iter().map(|secret| Value::from(secret.id)));
        if let Some((name,)) = conn.maybe::<(String,)>(query).await? {
            return Err(Error::Conflict(format!(
                "a rotation of {name} is under way: wait until it has ended, or undo it first"
            )));
        }
    }
    Ok(())
}

/// Stores the version that shall be in force once its source has it. The caller holds the secret, and has asked whether it is settled.
pub async fn hold(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    secret: &Secret,
    new: &NewVersion,
    reason: &str,
) -> Result<()> {
    insert_versions(tx, now, actor, &[(secret.id, new, reason)], VersionState::Pending).await?;
    tx.exec(sql!(
        "UPDATE secrets SET versions_ahead = versions_ahead + 1, row_version = row_version + 1, updated_at = ? WHERE id = ?",
        now,
        secret.id
    ))
    .await?;
    search::note(tx, now, &[secret.id]).await
}

/// The version on its way is the current one from now on, and its copies are queued. The caller holds the secret.
pub async fn put_in_force(tx: &mut Tx, now: Utc, found: &Found, is_fresh: bool) -> Result<()> {
    let secret = &found.secret;
    step_down(tx, now, &[secret.id]).await?;
    leave(tx, now, secret, VersionState::Current).await?;
    put_current(tx, now, &found.place.environment, &[secret], Taken::Held, is_fresh).await
}

/// It never was in force, and never will be. It is kept: where it was to be used, somebody may still have it.
pub async fn give_up(tx: &mut Tx, now: Utc, secret: &Secret) -> Result<()> {
    leave(tx, now, secret, VersionState::Retired).await?;
    touched(tx, now, secret.id).await
}

async fn leave(tx: &mut Tx, now: Utc, secret: &Secret, to: VersionState) -> Result<()> {
    let left = tx
        .exec(sql!(
            "UPDATE secret_versions SET state = ?, updated_at = ? WHERE secret_id = ? AND number = ? AND state = 'pending'",
            to,
            now,
            secret.id,
            secret.last_version()
        ))
        .await?;
    if left == 1 { Ok(()) } else { Err(Error::broken("the version of a rotation under way is not there")) }
}
