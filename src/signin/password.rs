//! Sign-in by password. Unknown, inactive and foreign-method accounts get the same answer after the same time.
use super::within_limits;
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::passwords::{Busy, PasswordHash, Verdict};
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::{AuthMethod, Outcome};
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::people::{self, Checked, User};
use crate::{sql, tx};
use std::sync::atomic::Ordering;
use time::Duration;

pub enum SignIn {
    Welcome(User),
    /// The password is right; a code is owed, too (`second`).
    HalfWay(User),
    /// The one refusal: it does not say which part was wrong.
    Refused,
    /// Too many tries; nothing was checked.
    Slow(Duration),
}

/// Whether somebody is who they say they are.
pub enum Proved {
    Right(User),
    Wrong,
    Slow(Duration),
}

pub async fn sign_in(app: &App, typed: &str, password: &Plaintext, trace: Trace) -> Result<SignIn> {
    Ok(match by_password(app, typed, password, trace.clone()).await? {
        Proved::Right(user) if people::has_second_factor(app, &user).await? => {
            tell_of_half_way(app, &user, &trace).await?;
            SignIn::HalfWay(user)
        }
        Proved::Right(user) => {
            app.tries_by_account.forget(&trace.account(&user.username));
            SignIn::Welcome(user)
        }
        Proved::Wrong => SignIn::Refused,
        Proved::Slow(wait) => SignIn::Slow(wait),
    })
}

/// The right password without a code may be in wrong hands: its owner can see that it was given.
async fn tell_of_half_way(app: &App, user: &User, trace: &Trace) -> Result<()> {
    tx!(app.db, |tx| {
        let event = Event::new("session.half_way", &user.username)
            .by_anonymous(&user.username)
            .with("user_id", user.id)
            .with("client", trace.client.as_str())
            .with("request_id", trace.request_id.as_str());
        audit::record(app, tx, &Actor::System, event).await.map(drop)
    })
}

/// The password alone.
async fn by_password(app: &App, typed: &str, password: &Plaintext, trace: Trace) -> Result<Proved> {
    app.keys()?; // no sign-in that could not be recorded
    let username = typed.trim().to_ascii_lowercase();
    let network = trace.network();
    // A name that nobody can have is counted with all others like it: what was typed is kept nowhere.
    let account = trace.account(if usable(&username) { &username } else { "" });
    let limits = within_limits(app, || {
        let now = app.now();
        app.tries_by_address.take(&network, now).and_then(|()| app.tries_by_account.take(&account, now))
    });
    if let Err(wait) = limits {
        return Ok(Proved::Slow(wait));
    }
    let user = if usable(&username) {
        people::by_username(&mut app.db.read().await?, &username).await?
    } else {
        None
    };
    let Some(verdict) = check(app, user.as_ref(), password).await? else {
        return Ok(Proved::Slow(Duration::seconds(2)));
    };
    match (user, verdict) {
        (Some(user), Verdict::Right { upgrade }) => {
            if upgrade {
                replace_hash(app, &user, password).await?;
            }
            Ok(Proved::Right(user))
        }
        (user, _) => {
            refuse(app, user, &username, trace).await?;
            Ok(Proved::Wrong)
        }
    }
}

/// Step-up: the signed-in person's own password once more, and a code if the account has a second factor.
pub async fn prove(
    app: &App,
    user: &User,
    (password, code): (&Plaintext, &Plaintext),
    trace: Trace,
) -> Result<Proved> {
    match by_password(app, &user.username, password, trace.clone()).await? {
        Proved::Right(user) if people::has_second_factor(app, &user).await? => {
            Ok(match people::check_second_factor(app, &user, code, &trace).await? {
                Checked::Right(_) => Proved::Right(user),
                Checked::Wrong => Proved::Wrong,
                Checked::Slow(wait) => Proved::Slow(wait),
            })
        }
        proved => Ok(proved),
    }
}

/// One's own password: the former one is checked like a sign-in, with its limits. All one's sessions end.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    user: &User,
    (current, new): (&Plaintext, &Plaintext),
) -> Result<Proved> {
    people::demand_acceptable(new, user)?;
    let checked = by_password(app, &user.username, current, actor.trace()).await?;
    if let Proved::Right(user) = &checked {
        people::set_own_password(app, actor, user, new).await?;
    }
    Ok(checked)
}

/// Tries that were turned away become one event a minute, so that nobody can flood the log. The worker calls it.
pub async fn tell_of_slowed(app: &App) -> Result<()> {
    let count = app.tries_slowed.swap(0, Ordering::Relaxed);
    if count == 0 {
        return Ok(());
    }
    let told: Result<()> = tx!(app.db, |tx| {
        let event = Event::new("session.slowed", "sign-in").outcome(Outcome::Refused).with("count", count);
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(())
    });
    if told.is_err() {
        // Told with the next ones.
        app.tries_slowed.fetch_add(count, Ordering::Relaxed);
    }
    told
}

fn usable(username: &str) -> bool {
    !username.is_empty() && username.len() <= 255 && !username.contains('\0')
}

/// `None`: the queue of hashes is full.
async fn check(app: &App, user: Option<&User>, password: &Plaintext) -> Result<Option<Verdict>> {
    let mut conn = app.db.read().await?;
    let sso_only = people::is_sso_only(&mut conn).await?;
    let may = |user: &&User| {
        user.is_active && user.auth_method == AuthMethod::Database && (!sso_only || user.is_break_glass)
    };
    let hash: Option<(Option<String>,)> = match user.filter(may) {
        Some(user) => conn.maybe(sql!("SELECT password_hash FROM users WHERE id = ?", user.id)).await?,
        None => None,
    };
    drop(conn);
    let verdict = match hash.and_then(|row| row.0) {
        Some(hash) => app.hasher.verify(password, &PasswordHash::stored(hash)).await,
        None => app.hasher.verify_dummy(password).await,
    };
    match verdict {
        Ok(verdict) => Ok(Some(verdict)),
        Err(Busy) => Ok(None),
    }
}

async fn refuse(app: &App, user: Option<User>, username: &str, trace: Trace) -> Result<()> {
    let typed: String = username.chars().filter(|c| !c.is_control()).take(100).collect();
    tx!(app.db, |tx| {
        let now = app.now();
        let mut event = Event::new("session.refused", &typed)
            .by_anonymous(&typed)
            .outcome(Outcome::Refused)
            .with("client", trace.client.as_str())
            .with("request_id", trace.request_id.as_str());
        if let Some(user) = &user {
            tx.exec(sql!(
                "UPDATE users SET failed_count = failed_count + 1, failed_at = ? WHERE id = ?",
                now,
                user.id
            ))
            .await?;
            event = event.with("user_id", user.id);
        }
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(())
    })
}

/// An imported bcrypt hash gives way to argon2id (S05).
async fn replace_hash(app: &App, user: &User, password: &Plaintext) -> Result<()> {
    let hash = app.hasher.hash(password, &app.chance).await?;
    tx!(app.db, |tx| {
        tx.exec(sql!(
            "UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?",
            hash.as_str(),
            app.now(),
            user.id
        ))
        .await?;
        audit::record(app, tx, &Actor::System, Event::new("user.hash_upgraded", &user.username)).await?;
        Ok(())
    })
}
