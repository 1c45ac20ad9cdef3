//! A code at the door: of the app, or a recovery code. Each is good once.
use super::recovery::digest;
use super::row::{Factor, find, left, locked};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Outcome;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::User;
use crate::{sql, tx};
use std::sync::atomic::Ordering;
use time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    App,
    RecoveryCode,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Checked {
    Right(Means),
    Wrong,
    /// Too many wrong ones; nothing was checked.
    Slow(Duration),
}

impl Means {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// Six digits are the app's, anything else is a recovery code. Whoever calls this has checked the password.
pub async fn check_second_factor(app: &App, user: &User, code: &Plaintext, trace: &Trace) -> Result<Checked> {
    let Some(factor) = find(&mut app.db.read().await?, user.id, "active").await? else {
        return Ok(Checked::Wrong);
    };
    let typed = String::from_utf8_lossy(code.expose()).split_whitespace().collect::<String>();
    let digits = typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let means = if digits { Means::App } else { Means::RecoveryCode };
    // Opening the secret may ask a key service: before the unit.
    let step = if digits { factor.open(app, user).await?.step_of(&typed, app.now()) } else { None };
    let digest = digest(app, user.id, code)?;
    let checked = tx!(app.db, |tx| {
        let now = app.now();
        let Some(held) = locked(tx, user.id, "active").await?.filter(|held| held.id == factor.id) else {
            return Ok(Checked::Wrong);
        };
        // A recovery code of 60 bits is not found by trying: whoever has one gets in while somebody else tries the app's codes.
        if let Some(wait) = held.wait(now).filter(|_| means == Means::App) {
            return Ok(Checked::Slow(wait));
        }
        let right = match means {
            Means::App => use_step(tx, now, (&held, step)).await?,
            Means::RecoveryCode => use_code(app, tx, (user, trace), (now, &digest)).await?,
        };
        if right {
            return Ok(Checked::Right(means));
        }
        tx.exec(sql!(
            "UPDATE second_factors SET failed_count = failed_count + 1, failed_at = ?, updated_at = ? WHERE id = ?",
            now,
            now,
            held.id
        ))
        .await?;
        let event = Event::new("session.second_factor_refused", &user.username).outcome(Outcome::Refused);
        audit::record(app, tx, &Actor::System, told(event, user, trace)).await?;
        Ok(Checked::Wrong)
    })?;
    match checked {
        Checked::Right(_) => app.tries_by_account.forget(&trace.account(&user.username)),
        Checked::Slow(_) => {
            app.tries_slowed.fetch_add(1, Ordering::Relaxed);
        }
        Checked::Wrong => {}
    }
    Ok(checked)
}

/// A code that was taken, or is older than one that was, opens nothing any more.
async fn use_step(tx: &mut Tx, now: Utc, (held, step): (&Factor, Option<i64>)) -> Result<bool> {
    let Some(step) = step.filter(|step| *step > held.last_step) else { return Ok(false) };
    let query = sql!(
        "UPDATE second_factors SET last_step = ?, failed_count = 0, updated_at = ? WHERE id = ?",
        step,
        now,
        held.id
    );
    Ok(tx.exec(query).await? == 1)
}

async fn use_code(
    app: &App,
    tx: &mut Tx,
    (user, trace): (&User, &Trace),
    (now, digest): (Utc, &[u8]),
) -> Result<bool> {
    let take = sql!("DELETE FROM recovery_codes WHERE user_id = ? AND digest = ?", user.id, digest.to_vec());
    if tx.exec(take).await? == 0 {
        return Ok(false);
    }
    tx.exec(sql!(
        "UPDATE second_factors SET failed_count = 0, updated_at = ? WHERE user_id = ? AND state = 'active'",
        now,
        user.id
    ))
    .await?;
    let left = tx.number(left(user.id)).await?;
    let event = Event::new("user.recovery_code_used", &user.username).with("left", left);
    audit::record(app, tx, &Actor::System, told(event, user, trace)).await?;
    Ok(true)
}

/// Nobody is signed in yet: whose password was given, and from where.
fn told(event: Event, user: &User, trace: &Trace) -> Event {
    event
        .by_anonymous(&user.username)
        .with("user_id", user.id)
        .with("client", trace.client.as_str())
        .with("request_id", trace.request_id.as_str())
}
