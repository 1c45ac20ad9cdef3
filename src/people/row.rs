//! Rows of `users`.
use crate::app::App;
use crate::db::{Conn, Query, Value};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::enums::{AuthMethod, Role, Scope};
use crate::domain::error::{Error, Result};
use crate::domain::rules::printable;
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub email: Option<String>,
    pub display_name: String,
    #[sqlx(try_from = "String")]
    pub auth_method: AuthMethod,
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Who vouches for the person, and by which name (NameID), where the method is SAML.
    pub identity_provider: Option<String>,
    pub saml_subject_id: Option<String>,
    pub is_active: bool,
    /// Signs in by password even where only single sign-on is open.
    pub is_break_glass: bool,
    pub auth_epoch: i64,
    pub failed_count: i64,
    pub failed_at: Option<Utc>,
    pub last_login_at: Option<Utc>,
    pub created_at: Utc,
    pub updated_at: Utc,
}

impl User {
    /// Which version of the account this is: it goes up with each change of its role, its state, or how somebody comes in.
    pub fn version(&self) -> String {
        format!("{}.{}", self.auth_epoch, self.updated_at.micros())
    }

    pub fn person(&self, proved_at: Utc, trace: Trace) -> Person {
        Person { id: self.id, username: self.username.clone(), role: self.role, proved_at, trace }
    }
}

fn select() -> Query {
    sql!(
        "SELECT id, username, email, display_name, auth_method, role, identity_provider, saml_subject_id, is_active, is_break_glass, auth_epoch, failed_count, failed_at, last_login_at, created_at, updated_at
         FROM users WHERE 1 = 1"
    )
}

pub async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<User>> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]);
    conn.maybe(query).await
}

/// Anybody's, for an admin.
pub async fn account(app: &App, actor: &Actor, id: i64) -> Result<User> {
    // Whoever may change accounts is shown what became of one.
    let scope = if actor.has_scope(Scope::UsersWrite) { Scope::UsersWrite } else { Scope::UsersRead };
    actor.demand_with(scope, Role::Admin, "looking at accounts")?;
    by_id(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Compares once more here: MySQL's collations ignore blanks at the end of a text.
pub async fn by_username(conn: &mut Conn, username: &str) -> Result<Option<User>> {
    let mut query = select();
    query.push(" AND username = ?", [Value::from(username)]);
    Ok(conn.maybe::<User>(query).await?.filter(|user| user.username == username))
}

/// Somebody of an identity provider, held until the unit ends. Compared once more here, for the same reason.
pub(super) async fn by_subject(conn: &mut Conn, provider: &str, subject: &str) -> Result<Option<User>> {
    let mut query = select();
    query.push(
        " AND identity_provider = ? AND saml_subject_id = ? {lock}",
        [Value::from(provider), Value::from(subject)],
    );
    let same = |user: &User| {
        user.identity_provider.as_deref() == Some(provider)
            && user.saml_subject_id.as_deref() == Some(subject)
    };
    Ok(conn.maybe::<User>(query).await?.filter(same))
}

pub(super) async fn locked(conn: &mut Conn, id: i64) -> Result<User> {
    let mut query = select();
    query.push(" AND id = ? {lock}", [Value::from(id)]);
    conn.one(query).await
}

pub async fn count(app: &App) -> Result<i64> {
    app.db.read().await?.number(sql!("SELECT COUNT(*) FROM users")).await
}

/// Those whose user name begins so, by user name, for an admin; all of them where nothing is said.
pub async fn accounts(
    app: &App,
    actor: &Actor,
    beginning: &str,
    (cursor, limit): (&Cursor, u32),
) -> Result<Page<User>> {
    actor.demand_with(Scope::UsersRead, Role::Admin, "looking at accounts")?;
    let mut query = select();
    let beginning = printable(beginning).to_lowercase();
    if !beginning.is_empty() {
        // Read along the index: between it and the last text that begins with it.
        let last = format!("{beginning}{}", char::MAX);
        query.push(" AND username >= ? AND username <= ?", [beginning.into(), last.into()]);
    }
    page(app, query, cursor, limit).await
}

pub async fn list(app: &App, cursor: &Cursor, limit: u32) -> Result<Page<User>> {
    page(app, select(), cursor, limit).await
}

async fn page(app: &App, mut query: Query, cursor: &Cursor, limit: u32) -> Result<Page<User>> {
    if let Some(key) = cursor.key() {
        let key = key.replace(char::is_control, "");
        query.push(if cursor.is_back() { " AND username < ?" } else { " AND username > ?" }, [key.into()]);
    }
    query.push(if cursor.is_back() { " ORDER BY username DESC" } else { " ORDER BY username" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(limit) + 1)]);
    let rows = app.db.read().await?.all(query).await?;
    Ok(Page::of(rows, limit as usize, cursor, |user: &User| user.username.clone()))
}
