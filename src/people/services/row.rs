//! Rows of service accounts and their tokens, for admins.
use crate::app::App;
use crate::db::{Conn, Query, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::sql;
use time::Duration;

/// A token that ends within this time is told of.
pub const SOON: Duration = Duration::days(14);
/// So many tokens of one account are shown, the newest first.
const SHOWN: i64 = 20;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Account {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub owner_id: i64,
    pub owner_name: String,
    #[sqlx(try_from = "String")]
    pub owner_role: Role,
    pub owner_is_active: bool,
    /// The most that it may be; `role_now` is what it is.
    #[sqlx(try_from = "String")]
    pub role: Role,
    scopes: String,
    pub all_environments: bool,
    pub is_active: bool,
    pub created_by: String,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

impl Account {
    pub fn scopes(&self) -> Vec<Scope> {
        scopes(&self.scopes)
    }

    pub fn role_now(&self) -> Role {
        self.role.min(self.owner_role)
    }

    /// Whether its tokens open anything.
    pub fn is_live(&self) -> bool {
        self.is_active && self.owner_is_active
    }
}

/// A scope that this release does not know opens nothing.
pub(super) fn scopes(text: &str) -> Vec<Scope> {
    text.split_ascii_whitespace().filter_map(|scope| scope.parse().ok()).collect()
}

/// An environment that an account is for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Chosen {
    pub service_account_id: i64,
    pub environment_id: i64,
    pub name: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Token {
    pub id: i64,
    pub service_account_id: i64,
    /// Its last characters.
    pub hint: String,
    pub expires_at: Utc,
    /// To the minute.
    pub last_used_at: Option<Utc>,
    pub last_used_addr: String,
    pub created_by: String,
    pub revoked_at: Option<Utc>,
    pub created_at: Utc,
}

impl Token {
    pub fn is_live(&self, now: Utc) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }

    pub fn ends_soon(&self, now: Utc) -> bool {
        self.is_live(now) && self.expires_at <= now.plus(SOON)
    }
}

pub fn demand_to_look(actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "looking at service accounts")
}

fn select() -> Query {
    sql!(
        "SELECT a.id, a.name, a.description, a.owner_id, u.username AS owner_name, u.role AS owner_role, u.is_active AS owner_is_active,
           a.role, a.scopes, a.all_environments, a.is_active, a.created_by, a.row_version, a.created_at, a.updated_at
         FROM service_accounts a JOIN users u ON u.id = a.owner_id WHERE 1 = 1"
    )
}

pub async fn list(app: &App, actor: &Actor, cursor: &Cursor, limit: u32) -> Result<Page<Account>> {
    demand_to_look(actor)?;
    let mut query = select();
    if let Some(key) = cursor.key() {
        let key = key.replace(char::is_control, "");
        query.push(if cursor.is_back() { " AND a.name < ?" } else { " AND a.name > ?" }, [key.into()]);
    }
    query.push(if cursor.is_back() { " ORDER BY a.name DESC" } else { " ORDER BY a.name" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(limit) + 1)]);
    let rows = app.db.read().await?.all(query).await?;
    Ok(Page::of(rows, limit as usize, cursor, |account: &Account| account.name.clone()))
}

pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Account> {
    demand_to_look(actor)?;
    read(&mut app.db.read().await?, id).await
}

pub(super) async fn read(conn: &mut Conn, id: i64) -> Result<Account> {
    let mut query = select();
    query.push(" AND a.id = ?", [Value::from(id)]);
    conn.one(query).await
}

/// Held until the unit ends.
pub(super) async fn hold(conn: &mut Conn, id: i64) -> Result<Account> {
    conn.one::<(i64,)>(sql!("SELECT id FROM service_accounts WHERE id = ? {lock}", id)).await?;
    read(conn, id).await
}

pub async fn by_name(app: &App, actor: &Actor, name: &str) -> Result<Option<Account>> {
    demand_to_look(actor)?;
    named(&mut app.db.read().await?, name).await
}

/// Compares once more here: MySQL's collations ignore blanks at the end of a text.
pub(super) async fn named(conn: &mut Conn, name: &str) -> Result<Option<Account>> {
    let mut query = select();
    query.push(" AND a.name = ?", [Value::from(name)]);
    Ok(conn.maybe::<Account>(query).await?.filter(|account| account.name == name))
}

/// The environments of accounts that are not for all, by name.
pub async fn chosen(app: &App, actor: &Actor, accounts: &[i64]) -> Result<Vec<Chosen>> {
    demand_to_look(actor)?;
    let mut query = sql!(
        "SELECT c.service_account_id, c.environment_id, e.name FROM service_account_environments c
         JOIN environments e ON e.id = c.environment_id WHERE 1 = 1"
    );
    query.push_list(" AND c.service_account_id IN ", accounts.iter().copied().map(Value::from));
    query.push(" ORDER BY e.name", []);
    app.db.read().await?.all(query).await
}

pub(super) async fn chosen_ids(conn: &mut Conn, account: i64) -> Result<Vec<i64>> {
    let query =
        sql!("SELECT environment_id FROM service_account_environments WHERE service_account_id = ?", account);
    Ok(conn.all::<(i64,)>(query).await?.into_iter().map(|row| row.0).collect())
}

fn select_tokens() -> Query {
    sql!(
        "SELECT id, service_account_id, hint, expires_at, last_used_at, last_used_addr, created_by, revoked_at, created_at
         FROM service_tokens WHERE 1 = 1"
    )
}

/// The newest tokens of one account, those that have ended among them.
pub async fn tokens(app: &App, actor: &Actor, account: i64) -> Result<Vec<Token>> {
    demand_to_look(actor)?;
    let mut query = select_tokens();
    query.push(" AND service_account_id = ? ORDER BY id DESC LIMIT ?", [account.into(), SHOWN.into()]);
    app.db.read().await?.all(query).await
}

/// The live ones of an account, oldest first. Whoever makes or ends one holds the account.
pub(super) async fn live(conn: &mut Conn, account: i64, now: Utc) -> Result<Vec<Token>> {
    let mut query = select_tokens();
    query.push(
        " AND service_account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY id",
        [account.into(), now.into()],
    );
    conn.all(query).await
}

pub(super) async fn token(conn: &mut Conn, account: i64, id: i64) -> Result<Token> {
    let mut query = select_tokens();
    query.push(" AND service_account_id = ? AND id = ?", [account.into(), id.into()]);
    conn.maybe(query).await?.ok_or(Error::NotFound)
}

/// Live tokens of these accounts, those first that end first.
pub async fn live_tokens(app: &App, actor: &Actor, accounts: &[i64]) -> Result<Vec<Token>> {
    demand_to_look(actor)?;
    let mut query = select_tokens();
    query.push(" AND revoked_at IS NULL AND expires_at > ?", [app.now().into()]);
    query.push_list(" AND service_account_id IN ", accounts.iter().copied().map(Value::from));
    query.push(" ORDER BY expires_at, id", []);
    app.db.read().await?.all(query).await
}
