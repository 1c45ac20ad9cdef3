//! Who is behind a token: asked of the database at each request, so that an end is felt in the very next one.
use super::row::{chosen_ids, named, scopes};
use super::token;
use crate::app::App;
use crate::domain::actor::{Actor, SERVICE, Service, Trace};
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::people::row::by_id;
use crate::{sql, tx};
use time::Duration;

/// `last_used_at` is written at most this often: an ordinary request writes nothing.
const USED_AGAIN: Duration = Duration::minutes(1);

/// One for each environment that the account is for; one alone where it is for all.
#[derive(sqlx::FromRow)]
struct Row {
    token_id: i64,
    last_used_at: Option<Utc>,
    id: i64,
    name: String,
    owner_id: i64,
    #[sqlx(try_from = "String")]
    role: Role,
    #[sqlx(try_from = "String")]
    owner_role: Role,
    scopes: String,
    all_environments: bool,
    environment_id: Option<i64>,
}

/// Nobody, unless the token lives, its account is switched on and the account's owner is active. Whoever holds a token that is not
/// known, has ended or was revoked is told the same by the same way.
pub async fn by_token(app: &App, text: &str, trace: Trace) -> Result<Option<Actor>> {
    if !token::is_well_formed(text) {
        return Ok(None);
    }
    let now = app.now();
    let query = sql!(
        "SELECT t.id AS token_id, t.last_used_at, a.id, a.name, a.owner_id, a.role, u.role AS owner_role, a.scopes, a.all_environments, c.environment_id
         FROM service_tokens t JOIN service_accounts a ON a.id = t.service_account_id JOIN users u ON u.id = a.owner_id
         LEFT JOIN service_account_environments c ON c.service_account_id = a.id
         WHERE t.token_hash = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND a.is_active = ? AND u.is_active = ?",
        token::hash(text),
        now,
        true,
        true
    );
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    let chosen = rows.iter().filter_map(|row| row.environment_id).collect();
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    if row.last_used_at.is_none_or(|used| now.since(used) > USED_AGAIN) {
        used(app, row.token_id, now, &trace).await;
    }
    Ok(Some(Actor::Service(Service {
        id: row.id,
        name: row.name,
        owner_id: row.owner_id,
        role: row.role.min(row.owner_role),
        scopes: scopes(&row.scopes),
        environments: (!row.all_environments).then_some(chosen),
        trace,
    })))
}

/// Of use to people alone: a request is answered without it.
async fn used(app: &App, token: i64, now: Utc, trace: &Trace) {
    let from: String = trace.client.chars().take(64).collect();
    let stored: Result<()> = tx!(app.db, |tx| {
        tx.exec(sql!(
            "UPDATE service_tokens SET last_used_at = ?, last_used_addr = ?, updated_at = ? WHERE id = ?",
            now,
            &from,
            now,
            token
        ))
        .await
        .map(drop)
    });
    if let Err(error) = stored {
        tracing::warn!(%error, "the last use of a token could not be stored");
    }
}

/// Whoever acted under this name before, as they are now: a person, or a service account in their name. `None`: they are there
/// no more. Who arrives from an identity provider may be called anything, so a person is asked for first.
pub async fn as_now(app: &App, (id, name): (i64, &str), proved_at: Utc) -> Result<Option<Actor>> {
    let mut conn = app.db.read().await?;
    let Some(user) = by_id(&mut conn, id).await?.filter(|user| user.is_active) else { return Ok(None) };
    let Some(account) = name.strip_prefix(SERVICE).filter(|_| user.username != name) else {
        return Ok(Some(Actor::Person(user.person(proved_at, Trace::default()))));
    };
    let account = named(&mut conn, account).await?;
    let Some(account) = account.filter(|account| account.is_active && account.owner_id == id) else {
        return Ok(None);
    };
    let chosen = if account.all_environments { None } else { Some(chosen_ids(&mut conn, account.id).await?) };
    Ok(Some(Actor::Service(Service {
        id: account.id,
        owner_id: id,
        role: account.role_now(),
        scopes: account.scopes(),
        environments: chosen,
        name: account.name,
        trace: Trace::default(),
    })))
}
