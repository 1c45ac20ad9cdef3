//! Making a token, and ending one. Its text is given out once and kept nowhere.
use super::input::NewToken;
use super::row::{hold, live, token};
use super::save::{by, demand};
use super::token::{Fresh, fresh};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::{sql, tx};
use time::Duration;

/// So many live at once: the one in use, and the one that takes its place.
pub const MOST: usize = 2;

pub struct Made {
    pub id: i64,
    pub text: Plaintext,
    pub hint: String,
    pub expires_at: Utc,
    pub account: String,
}

pub async fn make_token(app: &App, actor: &Actor, account_id: i64, new: &NewToken) -> Result<Made> {
    demand(app, actor)?;
    let Fresh { text, hash, hint } = fresh(&app.chance)?;
    let stored: Result<(i64, Utc, String)> = tx!(app.db, |tx| {
        let now = app.now();
        let account = hold(tx, account_id).await?;
        if actor.id().is_some_and(|me| me != account.owner_id) {
            return Err(Error::Conflict(
                "a token acts in the name of the account’s owner, who alone makes it: become its owner first, which revokes its other tokens"
                    .into(),
            ));
        }
        if let Some(hours) = new.former_ends_in {
            end_former(tx, now, account_id, now.plus(Duration::hours(hours))).await?;
        }
        if live(tx, account_id, now).await?.len() >= MOST {
            return Err(Error::Conflict(
                "two of its tokens are in use already: revoke the one that is used no more, or let both end now (in 0 hours)".into(),
            ));
        }
        let expires_at = now.plus(Duration::days(new.days));
        let id = tx
            .insert(sql!(
                "INSERT INTO service_tokens (service_account_id, token_hash, hint, expires_at, last_used_addr, created_by, created_at, updated_at)
                 VALUES (?, ?, ?, ?, '', ?, ?, ?)",
                account_id, &hash, &hint, expires_at, by(actor), now, now
            ))
            .await?;
        let event = Event::new("service.token_made", &account.name)
            .with("token", id)
            .with("hint", hint.as_str())
            .with("expires_at", expires_at.to_string());
        let event = match new.former_ends_in {
            Some(hours) => event.with("former_ends_in_hours", hours),
            None => event,
        };
        audit::record(app, tx, actor, event).await?;
        Ok((id, expires_at, account.name))
    });
    let (id, expires_at, account) = stored?;
    Ok(Made { id, text, hint, expires_at, account })
}

/// Never later than they would have ended anyway.
async fn end_former(tx: &mut Tx, now: Utc, account: i64, at: Utc) -> Result<()> {
    tx.exec(sql!(
        "UPDATE service_tokens SET expires_at = ?, updated_at = ? WHERE service_account_id = ? AND revoked_at IS NULL AND expires_at > ?",
        at,
        now,
        account,
        at
    ))
    .await
    .map(drop)
}

/// It opens nothing any more, from the very next request.
pub async fn revoke_token(app: &App, actor: &Actor, account_id: i64, id: i64) -> Result<()> {
    demand(app, actor)?;
    tx!(app.db, |tx| {
        let now = app.now();
        let account = hold(tx, account_id).await?;
        let token = token(tx, account_id, id).await?;
        if !token.is_live(now) {
            return Ok(()); // said twice, or it has ended by itself
        }
        tx.exec(sql!("UPDATE service_tokens SET revoked_at = ?, updated_at = ? WHERE id = ?", now, now, id))
            .await?;
        let event = Event::new("service.token_revoked", &account.name)
            .with("token", id)
            .with("hint", token.hint.as_str());
        audit::record(app, tx, actor, event).await.map(drop)
    })
}
