//! Setting the app up: its secret is made and shown, and counts from the first right code on. Whoever has one and sets another
//! up keeps the former until then.
use super::recovery::{digests, fresh, put_codes};
use super::row::{Factor, State, context, find, locked, second_factor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::seal;
use crate::crypto::totp::Totp;
use crate::db::Tx;
use crate::domain::actor::{Actor, PROOF_TO_OPEN, PROOF_TO_SEND};
use crate::domain::enums::AuthMethod;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::epoch::{Whose, end_sessions};
use crate::people::{User, row};
use crate::{sql, tx};
use time::Duration;

/// One's own, with a fresh proof: whoever finds an open browser sets nothing up.
pub(super) fn demand(app: &App, actor: &Actor, user: &User) -> Result<()> {
    demand_within(app, actor, user, PROOF_TO_SEND)
}

fn demand_within(app: &App, actor: &Actor, user: &User, age: Duration) -> Result<()> {
    actor.demand_proof(app.now(), age)?;
    match user.auth_method {
        AuthMethod::Database => Ok(()),
        _ => Err(Error::Conflict(
            "only accounts that sign in by password have a second factor here: your identity provider asks for yours".into(),
        )),
    }
}

/// For the page that leads to all of this.
pub async fn second_factor_to_open(app: &App, actor: &Actor, user: &User) -> Result<Option<State>> {
    demand_within(app, actor, user, PROOF_TO_OPEN)?;
    second_factor(app, user).await
}

pub async fn begin_second_factor(app: &App, actor: &Actor, user: &User) -> Result<Totp> {
    demand(app, actor, user)?;
    let secret = Totp::make_secret(&app.chance)?;
    let sealed = seal::seal(&app.kms, &app.chance, &context(user.id), &secret).await?;
    tx!(app.db, |tx| {
        let now = app.now();
        tx.exec(sql!("DELETE FROM second_factors WHERE user_id = ? AND state = 'pending'", user.id)).await?;
        tx.insert(sql!(
            "INSERT INTO second_factors (user_id, state, last_step, failed_count, ciphertext, nonce, wrapped_key, key_id, created_at, updated_at)
             VALUES (?, 'pending', 0, 0, ?, ?, ?, ?, ?, ?)",
            user.id, sealed.ciphertext.clone(), sealed.nonce.clone(), sealed.wrapped_key.clone(), &sealed.key_id, now, now
        ))
        .await?;
        audit::record(app, tx, actor, Event::new("user.second_factor_begun", &user.username)).await.map(drop)
    })?;
    begun_second_factor(app, actor, user).await
}

/// The one that is being set up, shown until its first code was right.
pub async fn begun_second_factor(app: &App, actor: &Actor, user: &User) -> Result<Totp> {
    demand(app, actor, user)?;
    pending(app, user).await?.open(app, user).await
}

async fn pending(app: &App, user: &User) -> Result<Factor> {
    let begun = find(&mut app.db.read().await?, user.id, "pending").await?;
    begun.ok_or_else(|| Error::Conflict("nothing is being set up: begin anew".into()))
}

/// What somebody has from then on.
pub struct Confirmed {
    /// Nobody sees them again.
    pub codes: Vec<Plaintext>,
    /// The account's new `auth_epoch`: all its sessions have ended but those that are told of it.
    pub epoch: i64,
}

/// From now on a code is asked for.
pub async fn confirm_second_factor(app: &App, actor: &Actor, user: &User, code: &str) -> Result<Confirmed> {
    demand(app, actor, user)?;
    let begun = pending(app, user).await?;
    let digits: String = code.split_whitespace().collect();
    let step = begun.open(app, user).await?.step_of(&digits, app.now()).ok_or_else(|| {
        Error::invalid(
            "code",
            "is not the app’s present one: check that the phone’s clock is right, and try the next",
        )
    })?;
    let codes = fresh(app)?;
    let digests = digests(app, user.id, &codes)?;
    let epoch = tx!(app.db, |tx| {
        let now = app.now();
        let epoch = end_own_sessions(tx, now, user.id).await?;
        // Another tab may have begun anew: what is confirmed is what was shown.
        if locked(tx, user.id, "pending").await?.is_none_or(|factor| factor.id != begun.id) {
            return Err(Error::Conflict("it was begun anew meanwhile: use the latest picture".into()));
        }
        tx.exec(sql!("DELETE FROM second_factors WHERE user_id = ? AND state = 'active'", user.id)).await?;
        tx.exec(sql!(
            "UPDATE second_factors SET state = 'active', last_step = ?, created_at = ?, updated_at = ? WHERE id = ?",
            step,
            now,
            now,
            begun.id
        ))
        .await?;
        put_codes(tx, now, user.id, &digests).await?;
        audit::record(app, tx, actor, Event::new("user.second_factor_set", &user.username)).await?;
        Ok(epoch)
    })?;
    Ok(Confirmed { codes, epoch })
}

/// The account is held until the unit ends; what it signs in by may have changed meanwhile.
pub(super) async fn end_own_sessions(tx: &mut Tx, now: Utc, user_id: i64) -> Result<i64> {
    let user = row::locked(tx, user_id).await?;
    if user.auth_method != AuthMethod::Database || !user.is_active {
        return Err(Error::Conflict("the account was changed meanwhile: nothing was stored".into()));
    }
    end_sessions(tx, now, Whose::Of(user_id)).await?;
    Ok(user.auth_epoch + 1)
}
