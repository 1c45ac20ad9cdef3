//! Rotations that are due: the worker asks for them again and again, and each happens once, however many processes ask. Only
//! secrets that were told to rotate by themselves, and only those whose value Keeper can make and nobody has to install.
use super::begin::change;
use super::input::Mode;
use super::put::Put;
use crate::app::App;
use crate::crypto::generate::{Family, Policy};
use crate::db::Value;
use crate::domain::actor::Actor;
use crate::domain::enums::SecretType;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::secrets::{self, NewValue, Secret};
use crate::sql;

/// So many are read at once.
const MOST: i64 = 50;

/// What a secret gets when nobody is there to ask. Not a key pair: somebody has to install its public half.
pub fn makes_alone(secret: &Secret) -> Result<Option<Policy>> {
    Ok(secret.made_of()?.filter(|policy| policy.family() != Family::KeyPair))
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
    // What rests is not looked at again and again.
    query.push(" AND environment_id IN (SELECT id FROM environments WHERE is_active = ?)", [true.into()]);
    query.push(" AND policy NOT LIKE 'keypair:%'", []);
    let alone =
        |kind: &&SecretType| Policy::fitting(**kind).is_some_and(|usual| usual.family() != Family::KeyPair);
    let types = SecretType::ALL.iter().filter(alone);
    query.push_list(" AND secret_type IN ", types.map(|kind| Value::from(*kind)));
    query.push(" ORDER BY next_rotation_at, id LIMIT ?", [MOST.into()]);
    app.db.read().await?.all(query).await
}

/// False: it is not due any more, because another process or a person was quicker. Whoever changes a secret moves its row version, so
/// each rotation that is due happens once.
async fn one(app: &App, due: &Due) -> Result<bool> {
    let seen = secrets::find(app, &Actor::System, due.id).await?;
    let secret = &seen.secret;
    let is_due =
        secret.auto_rotate && secret.is_active && secret.next_rotation_at == Some(due.next_rotation_at);
    let Some(policy) = makes_alone(secret)?.filter(|_| is_due) else { return Ok(false) };
    let value = NewValue::Generated(Some(policy));
    let value = secrets::make(app, value, None, secret.secret_type).await?;
    let reason = format!("Due since {}", due.next_rotation_at.to_seconds());
    let put = Put { mode: Mode::Generated, reason: &reason };
    match change(app, &Actor::System, &seen, value, &put).await {
        Ok(_) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
