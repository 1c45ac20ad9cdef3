//! Rows of `saml_requests` and `saml_assertions`: what was begun, and what was already believed.
use crate::app::App;
use crate::db::{Query, Tx, Value};
use crate::domain::enums::spelled;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::people::User;
use crate::remote::saml::Identity;
use crate::{sql, tx};
use sha2::{Digest, Sha256};
use time::Duration;

const LIVES: Duration = Duration::minutes(10);
/// An office behind one address is many people; a flood is more.
const MOST_OF_AN_ADDRESS: i64 = 200;
const MOST: i64 = 20_000;
/// A message of logout is valid for five minutes, and the clocks may be apart by five more.
const LONGEST_SAID: Duration = Duration::minutes(30);
/// However long a provider lets an assertion be shown: its request has expired long before.
const LONGEST_MEMORY: Duration = Duration::days(2);

spelled!(/// What a message was sent to an identity provider for.
Purpose { SignIn = "sign_in", Proof = "proof", Test = "test", Logout = "logout" });

pub(super) struct NewRequest<'a> {
    pub request_id: &'a str,
    pub browser_hash: &'a str,
    pub client: &'a str,
    pub next: &'a str,
    pub session_hash: Option<&'a str>,
    /// Who proves to be who they are, or who tests.
    pub user_id: Option<i64>,
    pub purpose: Purpose,
    /// `None`: the one that is configured.
    pub provider_id: Option<i64>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Request {
    pub id: i64,
    /// Its ID in the protocol.
    #[sqlx(rename = "request_id")]
    pub named: String,
    pub browser_hash: String,
    pub next: String,
    pub session_hash: Option<String>,
    #[sqlx(rename = "prove_user_id")]
    pub user_id: Option<i64>,
    #[sqlx(try_from = "String")]
    pub purpose: Purpose,
    #[sqlx(rename = "identity_provider_id")]
    pub provider_id: Option<i64>,
    pub used_at: Option<Utc>,
    pub arrived_user_id: Option<i64>,
    /// The user's `auth_epoch` when they arrived: a later one ends the waiting, too.
    pub arrived_epoch: Option<i64>,
    pub session_index: Option<String>,
    /// `NameId` in JSON.
    pub name_id: Option<String>,
    pub session_ends_at: Option<Utc>,
    pub expires_at: Utc,
    pub created_at: Utc,
}

fn select() -> Query {
    sql!(
        "SELECT id, request_id, browser_hash, next, session_hash, prove_user_id, purpose, identity_provider_id, used_at, arrived_user_id, arrived_epoch, session_index, name_id, session_ends_at, expires_at, created_at
         FROM saml_requests WHERE 1 = 1"
    )
}

/// False: there are too many already.
pub(super) async fn remember(app: &App, new: NewRequest<'_>) -> Result<bool> {
    let now = app.now();
    // A path that does not fit its column leads to the dashboard.
    let next = if new.next.chars().count() <= 1024 { new.next } else { "/" };
    let client: String = new.client.chars().take(64).collect();
    if app.settings.limits && is_full(app, &client, now).await? {
        return Ok(false);
    }
    tx!(app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO saml_requests (request_id, browser_hash, client_addr, next, session_hash, prove_user_id, purpose, identity_provider_id, expires_at, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            new.request_id, new.browser_hash, &client, next, new.session_hash, new.user_id, new.purpose.as_str(), new.provider_id, now.plus(LIVES), now, now
        ))
        .await?;
        Ok(true)
    })
}

/// Counted to the limit and no further.
async fn is_full(app: &App, client: &str, now: Utc) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let of_address = sql!(
        "SELECT COUNT(*) FROM (SELECT id FROM saml_requests WHERE client_addr = ? AND expires_at > ? LIMIT ?) AS counted",
        client,
        now,
        MOST_OF_AN_ADDRESS
    );
    if conn.number(of_address).await? >= MOST_OF_AN_ADDRESS {
        return Ok(true);
    }
    let in_all = sql!("SELECT COUNT(*) FROM (SELECT id FROM saml_requests LIMIT ?) AS counted", MOST);
    Ok(conn.number(in_all).await? >= MOST)
}

/// Takes the request that an answer names; whoever comes second finds it taken. `Forbidden` says why it is not to be had.
pub(super) async fn take(app: &App, request_id: &str, browser_hash: Option<&str>) -> Result<Request> {
    tx!(app.db, |tx| {
        let now = app.now();
        let forbidden = |why: &str| Err(Error::Forbidden(why.to_owned()));
        let mut query = select();
        query.push(" AND request_id = ? {lock}", [Value::from(request_id)]);
        let found = tx.maybe::<Request>(query).await?;
        let Some(request) =
            found.filter(|request| request.expires_at > now && request.purpose != Purpose::Logout)
        else {
            return forbidden("no such sign-in was begun here, or it was begun more than 10 minutes ago");
        };
        // Another browser does not use it up.
        if browser_hash != Some(request.browser_hash.as_str()) {
            return forbidden("the sign-in was begun in another browser, or its cookie is missing");
        }
        if request.used_at.is_some() {
            return forbidden("this sign-in was already answered");
        }
        use_up(tx, now, request.id).await?;
        Ok(request)
    })
}

/// Takes the logout that an answer of this provider names. False: none was begun, or it was answered already.
pub(super) async fn take_logout(app: &App, request_id: &str, provider_id: Option<i64>) -> Result<bool> {
    tx!(app.db, |tx| {
        let now = app.now();
        let mut query = select();
        query.push(
            " AND request_id = ? AND purpose = ? AND used_at IS NULL {lock}",
            [Value::from(request_id), Value::from(Purpose::Logout.as_str())],
        );
        let found = tx.maybe::<Request>(query).await?;
        let found = found.filter(|request| request.expires_at > now && request.provider_id == provider_id);
        let Some(request) = found else { return Ok(false) };
        use_up(tx, now, request.id).await?;
        Ok(true)
    })
}

async fn use_up(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!("UPDATE saml_requests SET used_at = ?, updated_at = ? WHERE id = ?", now, now, id))
        .await
        .map(drop)
}

/// A message of logout is followed once. False: it was.
pub(super) async fn is_first_message(tx: &mut Tx, now: Utc, provider: &str, id: &str) -> Result<bool> {
    let hash = hex::encode(Sha256::digest(format!("logout\n{provider}\n{id}")));
    let known = sql!("SELECT id FROM saml_assertions WHERE assertion_hash = ?", &hash);
    if tx.maybe::<(i64,)>(known).await?.is_some() {
        return Ok(false);
    }
    // Of two at the same moment the second meets the first one's row: it is `Taken`, which the door tells as a conflict.
    tx.insert(sql!(
        "INSERT INTO saml_assertions (assertion_hash, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?)",
        &hash,
        now.plus(LONGEST_SAID),
        now,
        now
    ))
    .await?;
    Ok(true)
}

/// An assertion is believed once, in whatever envelope it comes back. False: it was.
pub(super) async fn is_first(app: &App, provider: &str, identity: &Identity) -> Result<bool> {
    let now = app.now();
    let until = identity.assertion_ends.min(now.plus(LONGEST_MEMORY)).max(now.plus(LIVES));
    let hash = hex::encode(Sha256::digest(format!("{provider}\n{}", identity.assertion_id)));
    let remembered: Result<i64> = tx!(app.db, |tx| {
        tx.insert(sql!(
            "INSERT INTO saml_assertions (assertion_hash, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?)",
            &hash,
            until,
            now,
            now
        ))
        .await
    });
    match remembered {
        Ok(_) => Ok(true),
        Err(Error::Taken) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Keeps who arrived, until the person at the browser has said that this is meant.
pub(super) async fn hold(app: &App, request: &Request, user: &User, identity: &Identity) -> Result<()> {
    let name_id = serde_json::to_string(&identity.name_id).map_err(Error::broken)?;
    tx!(app.db, |tx| {
        tx.exec(sql!(
            "UPDATE saml_requests SET arrived_user_id = ?, arrived_epoch = ?, session_index = ?, name_id = ?, session_ends_at = ?, updated_at = ? WHERE id = ?",
            user.id, user.auth_epoch, identity.session_index.as_deref(), &name_id, identity.session_ends, app.now(), request.id
        ))
        .await?;
        Ok(())
    })
}

/// The same for somebody whose provider began the sign-in: nothing was asked, so the row is made now. False: there are too many.
pub(super) async fn hold_unasked(
    app: &App,
    new: NewRequest<'_>,
    user: &User,
    identity: &Identity,
) -> Result<bool> {
    let request_id = new.request_id.to_owned();
    if !remember(app, new).await? {
        return Ok(false);
    }
    let mut query = select();
    query.push(" AND request_id = ?", [Value::from(&request_id)]);
    let request: Request = app.db.read().await?.one(query).await?;
    hold(app, &request, user, identity).await.map(|()| true)
}

/// The newest arrival that waits for this browser.
pub(super) async fn held(app: &App, browser_hash: &str) -> Result<Option<Request>> {
    let mut query = select();
    query.push(
        " AND browser_hash = ? AND arrived_user_id IS NOT NULL AND expires_at > ? ORDER BY id DESC LIMIT 1",
        [Value::from(browser_hash), Value::from(app.now())],
    );
    app.db.read().await?.maybe(query).await
}

/// Whoever waits to be let in waits in vain.
pub(in crate::signin) async fn forget_arrivals(tx: &mut Tx, user_id: i64) -> Result<()> {
    tx.exec(sql!("DELETE FROM saml_requests WHERE arrived_user_id = ?", user_id)).await.map(drop)
}

/// False: somebody was faster.
pub(super) async fn release(app: &App, request: &Request) -> Result<bool> {
    tx!(app.db, |tx| {
        let query =
            sql!("DELETE FROM saml_requests WHERE id = ? AND arrived_user_id IS NOT NULL", request.id);
        Ok(tx.exec(query).await? == 1)
    })
}

/// Takes away what is too old to be used or shown again.
pub(super) async fn sweep(app: &App) -> Result<()> {
    let now = app.now();
    tx!(app.db, |tx| {
        tx.exec(sql!("DELETE FROM saml_requests WHERE expires_at <= ?", now)).await?;
        tx.exec(sql!("DELETE FROM saml_assertions WHERE expires_at <= ?", now)).await?;
        Ok(())
    })
}
