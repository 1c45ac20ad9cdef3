//! Rotations that are due: the worker asks for them again and again, and each happens once, however many processes ask. Only
//! secrets that were told to rotate by themselves, and only those whose value Keeper can make and nobody has to install.
use super::input::Mode;
use super::put::{Put, rotated};
use crate::app::App;
use crate::audit;
use crate::crypto::generate::Policy;
use crate::db::Value;
use crate::domain::actor::Actor;
use crate::domain::enums::SecretType;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::secrets;
use crate::{sql, tx};

/// So many are read at once.
const MOST: i64 = 50;

/// What a secret of this type gets when nobody is there to ask. Not a key pair: somebody has to install its public half.
pub fn makes_alone(kind: SecretType) -> Option<Policy> {
    Policy::fitting(kind).filter(|policy| !matches!(policy, Policy::KeyPair(_)))
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Due {
    id: i64,
    next_rotation_at: Utc,
}

/// Rotates what is due; how many were. One that cannot be rotated now keeps no other from it, and is due again the next time.
pub async fn rotate_due(app: &App) -> Result<usize> {
    let (mut after, mut done) = (None, 0);
    loop {
        let some = read(app, after).await?;
        for due in &some {
            match one(app, due).await {
                Ok(true) => done += 1,
                Ok(false) => {}
                // Nothing can be made or stored: it is the same for all others.
                Err(error @ Error::Unavailable { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, secret = due.id, "a rotation that is due could not be done");
                }
            }
        }
        after = some.last().copied();
        if after.is_none() {
            return Ok(done);
        }
    }
}

/// The next ones, longest due first.
async fn read(app: &App, after: Option<Due>) -> Result<Vec<Due>> {
    let mut query = sql!(
        "SELECT id, next_rotation_at FROM secrets WHERE auto_rotate = ? AND is_active = ? AND next_rotation_at <= ?",
        true,
        true,
        app.now()
    );
    if let Some(Due { id, next_rotation_at: at }) = after {
        query.push(" AND next_rotation_at >= ?", [at.into()]);
        query.push(" AND (next_rotation_at > ? OR id > ?)", [at.into(), id.into()]);
    }
    let types = SecretType::ALL.iter().filter(|kind| makes_alone(**kind).is_some());
    query.push_list(" AND secret_type IN ", types.map(|kind| Value::from(*kind)));
    query.push(" ORDER BY next_rotation_at, id LIMIT ?", [MOST.into()]);
    app.db.read().await?.all(query).await
}

/// False: it is not due any more, because another process or a person was quicker; or its environment rests.
async fn one(app: &App, due: &Due) -> Result<bool> {
    let actor = Actor::System;
    let seen = secrets::find(app, &actor, due.id).await?;
    let Some(policy) = makes_alone(seen.secret.secret_type) else { return Ok(false) };
    if !seen.place.environment.is_active {
        return Ok(false);
    }
    let value = policy.generate(&app.chance)?;
    let (secret, to) = (&seen.secret, seen.secret.current_version + 1);
    let version = secrets::seal_version(app, &secret.uid, secret.environment_id, to, &value).await?;
    drop(value);
    let reason = format!("Due since {}", due.next_rotation_at.to_seconds());
    let put = Put { mode: Mode::Generated, reason: &reason };
    let done: Result<bool> = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, &actor, due.id).await?;
        // The date that is served is what makes it happen once: whoever rotates moves it.
        let is_due = found.secret.auto_rotate
            && found.secret.is_active
            && found.secret.next_rotation_at == Some(due.next_rotation_at)
            && found.secret.row_version == secret.row_version;
        if !is_due {
            return Ok(false);
        }
        found.demand(&actor, Act::Rotate)?;
        let id = put.store(tx, app.now(), &actor, &found, (&version, secret.row_version)).await?;
        let event = rotated(&found.place.environment, &found.secret, &version, id, &put);
        audit::record(app, tx, &actor, event).await?;
        Ok(true)
    });
    app.jobs.notify_waiters();
    done
}
