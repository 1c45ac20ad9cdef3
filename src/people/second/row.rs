//! Rows of `second_factors`.
use crate::app::App;
use crate::crypto::seal::{self, Context, Sealed};
use crate::crypto::totp::Totp;
use crate::db::{Conn, Query};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::people::User;
use crate::sql;
use time::Duration;

/// So many wrong codes in a row cost nothing; each one more doubles the wait, up to the longest. Who waits has given the right
/// password: nobody outside can make an account wait. A stolen password finds a code of six digits once in years so.
const FREE: i64 = 5;
const FIRST_WAIT: Duration = Duration::seconds(30);
const LONGEST_WAIT: Duration = Duration::minutes(15);

#[derive(sqlx::FromRow)]
pub(super) struct Factor {
    pub id: i64,
    /// The last step of which a code was taken: each is taken once (RFC 6238, section 5.2).
    pub last_step: i64,
    pub failed_count: i64,
    pub failed_at: Option<Utc>,
    #[sqlx(flatten)]
    pub sealed: Sealed,
}

/// What an account's page tells.
pub struct State {
    pub since: Utc,
    pub codes_left: i64,
}

/// In use, or being set up.
fn select(user_id: i64, state: &'static str) -> Query {
    sql!(
        "SELECT id, last_step, failed_count, failed_at, ciphertext, nonce, wrapped_key, key_id FROM second_factors
         WHERE user_id = ? AND state = ?",
        user_id,
        state
    )
}

pub(super) async fn find(conn: &mut Conn, user_id: i64, state: &'static str) -> Result<Option<Factor>> {
    conn.maybe(select(user_id, state)).await
}

pub(super) async fn locked(conn: &mut Conn, user_id: i64, state: &'static str) -> Result<Option<Factor>> {
    let mut query = select(user_id, state);
    query.push(" {lock}", []);
    conn.maybe(query).await
}

/// Whether a code is asked for beside the password.
pub async fn has_second_factor(app: &App, user: &User) -> Result<bool> {
    Ok(find(&mut app.db.read().await?, user.id, "active").await?.is_some())
}

pub async fn second_factor(app: &App, user: &User) -> Result<Option<State>> {
    let mut conn = app.db.read().await?;
    let query = sql!("SELECT created_at FROM second_factors WHERE user_id = ? AND state = 'active'", user.id);
    let Some((since,)) = conn.maybe::<(Utc,)>(query).await? else { return Ok(None) };
    let codes_left = conn.number(left(user.id)).await?;
    Ok(Some(State { since, codes_left }))
}

pub(super) fn left(user_id: i64) -> Query {
    sql!("SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?", user_id)
}

impl Factor {
    pub(super) async fn open(&self, app: &App, user: &User) -> Result<Totp> {
        let secret = seal::open(&app.kms, &context(user.id), &self.sealed).await?;
        Totp::of(&secret, &issuer(app), &user.username)
    }

    /// How long the next try has to wait.
    pub(super) fn wait(&self, now: Utc) -> Option<Duration> {
        let failed_at = self.failed_at.filter(|_| self.failed_count >= FREE)?;
        let doubled = u32::try_from(self.failed_count - FREE).unwrap_or(u32::MAX).min(10);
        let whole = (FIRST_WAIT * 2_i32.pow(doubled)).min(LONGEST_WAIT);
        Some(whole - now.since(failed_at)).filter(|left| left.is_positive())
    }
}

pub(super) fn context(user_id: i64) -> Context<'static> {
    Context::SecondFactor { user_id }
}

/// Which Keeper it is: a company has several, and an app a long list.
fn issuer(app: &App) -> String {
    format!("Keeper {}", app.settings.public_url.host_str().unwrap_or_default()).trim_end().to_owned()
}
