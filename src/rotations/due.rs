//! Rotations that are due: the worker asks for them again and again, and each happens once, however many processes ask. Only
//! secrets that were told to rotate by themselves, only within their window, and only those whose value Keeper can make and
//! nobody has to install.
use super::begin::change;
use super::input::Mode;
use super::put::Put;
use crate::app::App;
use crate::crypto::generate::{Family, Policy};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::secrets::{self, NewValue, Secret};

/// So many are read at once.
const MOST: i64 = 50;

/// What a secret gets when nobody is there to ask. Not a key pair: somebody has to install its public half.
pub fn makes_alone(secret: &Secret) -> Result<Option<Policy>> {
    Ok(secret.made_of()?.filter(|policy| policy.family() != Family::KeyPair))
}

/// Its rotation is a reminder: nobody but a person does it.
pub fn is_by_hand(secret: &Secret) -> Result<bool> {
    Ok(!secret.auto_rotate || makes_alone(secret)?.is_none())
}

/// Rotates what is due; how many were. One that cannot be rotated now keeps no other from it, and is due again the next time.
pub async fn rotate_due(app: &App) -> Result<usize> {
    let (mut after, mut done) = (None, 0);
    loop {
        let some = secrets::due_alone(app, after, MOST).await?;
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
        after = some.last().and_then(|due| Some((due.next_rotation_at?, due.id)));
        if after.is_none() {
            return Ok(done);
        }
    }
}

/// False: it is not due any more, because another process or a person was quicker. Whoever changes a secret moves its row version, so
/// each rotation that is due happens once.
async fn one(app: &App, due: &Secret) -> Result<bool> {
    // A clock that was set, or a server that was down, may come to it when its window is closed: then it waits for the next.
    let now = app.now();
    let Some(at) = due.next_rotation_at.filter(|at| *at <= now) else { return Ok(false) };
    if due.begins(now)?.is_none_or(|begins| begins > now) {
        return Ok(false);
    }
    let seen = secrets::find(app, &Actor::System, due.id).await?;
    let secret = &seen.secret;
    let is_same = secret.row_version == due.row_version && secret.auto_rotate && secret.is_active;
    let Some(policy) = makes_alone(secret)?.filter(|_| is_same) else { return Ok(false) };
    let value = NewValue::Generated(Some(policy));
    let value = secrets::make(app, value, None, secret.secret_type).await?;
    let reason = format!("Due since {}", at.to_seconds());
    let put = Put::own(Mode::Generated, &reason);
    match change(app, &Actor::System, &seen, value, (&put, &())).await {
        Ok(_) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
