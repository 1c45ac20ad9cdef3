//! MySQL from 5.7 and MariaDB from 10.4. `session.rs` calls it.
//!
//! The administrator needs `CREATE USER` on `*.*` and `SELECT` on `mysql.*`.
//!
//! A user keeps its way of signing in. For `mysql_native_password`, MariaDB's usual one, the hash is made here. For the
//! two SHA-256 ways of MySQL the value itself stands in the statement: MySQL (unlike MariaDB, which has neither) leaves
//! passwords out of each of its logs by itself, and its hash is of a kind that no well-kept crate makes. Other ways are
//! refused, because Keeper could not sign in to prove the change.
use super::answers::{Look, Remark};
use super::faults::{MYSQL_NEED, Said, While, heard};
use super::quote::literal;
use super::session::{Login, Statement};
use super::settings::{Account, SourceEngine};
use super::trust::Roots;
use super::{Inner, native, way};
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{ConnectOptions, MySqlConnection};

const ENGINE: SourceEngine = SourceEngine::Mysql;

/// How a user signs in.
struct Ways {
    plugin: String,
    superuser: bool,
    locked: bool,
    /// Another way stands beside the first (MariaDB). A change would take it away.
    several: bool,
}

pub(super) async fn open(source: &Inner, login: Login<'_>) -> Result<MySqlConnection, Said> {
    let settings = &source.settings;
    let password = std::str::from_utf8(login.password.expose()).map_err(|_| Said::Wrong)?;
    let path = way::open(ENGINE.who(), &settings.server, source.roots.encrypted(), "", &source.chance)
        .await
        .map_err(Said::No)?;
    // The driver keeps the password in memory that is not wiped, for as long as it signs in. It is let say nothing
    // of its own after that: a user whose password has expired would be told off for it.
    let options = MySqlConnectOptions::new()
        .host(&settings.server.name()) // for the certificate: the socket goes before it
        .socket(path)
        .username(login.name)
        .password(password)
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        .disable_statement_logging();
    let options = match &settings.database {
        Some(database) => options.database(database),
        None => options,
    };
    let options = match &source.roots {
        Roots::Off => options.ssl_mode(MySqlSslMode::Disabled),
        Roots::Pem(pem) => options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca_from_pem(pem.clone()),
    };
    Box::pin(options.connect()).await.map_err(|e| heard(ENGINE, While::SigningIn, &e))
}

/// Without ANSI_QUOTES and NO_BACKSLASH_ESCAPES there is one way to read a literal, and `quote.rs` writes for that one.
pub(super) async fn settle(conn: &mut MySqlConnection) -> Result<(), RemoteError> {
    let mode = "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_ALL_TABLES', SESSION lock_wait_timeout = 5";
    sqlx::raw_sql(mode).execute(&mut *conn).await.map_err(|e| broke(&e))?;
    let set: (String, String) = sqlx::query_as("SELECT @@SESSION.sql_mode, @@SESSION.character_set_client")
        .fetch_one(&mut *conn)
        .await
        .map_err(|e| broke(&e))?;
    if set != ("STRICT_ALL_TABLES".to_owned(), "utf8mb4".to_owned()) {
        return Err(RemoteError::last("MySQL does not keep to the way of quoting that Keeper asked for"));
    }
    if is_mariadb(conn).await? {
        let limit = "SET SESSION max_statement_time = 5"; // MySQL has no limit for such statements
        sqlx::raw_sql(limit).execute(conn).await.map_err(|e| broke(&e))?;
    }
    Ok(())
}

pub(super) async fn look(conn: &mut MySqlConnection, account: &Account) -> Result<Look, RemoteError> {
    let itself = is(conn, account).await?;
    let may_change = may_change_users(conn).await?;
    let within_reach = comes_from(conn, account).await?;
    let Some(ways) = ways(conn, account).await? else {
        return Ok(Look::missing());
    };
    let further = [
        (ways.locked, Remark::Locked),
        (ways.several || !known(&ways.plugin), Remark::OtherMeans),
        (!within_reach, Remark::Unprovable("it may come from other machines than Keeper's")),
    ];
    let look = Look { exists: true, may_change, superuser: ways.superuser, itself, remarks: Vec::new() };
    Ok(look.remark(MYSQL_NEED, further))
}

pub(super) async fn change(
    conn: &mut MySqlConnection,
    account: &Account,
    new: &Plaintext,
) -> Result<Statement, RemoteError> {
    let new = native::speakable(new).map_err(RemoteError::last)?;
    let ways = ways(conn, account).await?.ok_or(RemoteError::last("MySQL has no such user"))?;
    if ways.several || !known(&ways.plugin) {
        return Err(RemoteError::last(
            "this user of MySQL signs in by other means than one password, which Keeper does not take away",
        ));
    }
    let user = full_name(account);
    Ok(Statement::new(match ways.plugin.as_str() {
        "mysql_native_password" => {
            format!("ALTER USER {user} IDENTIFIED WITH mysql_native_password AS '{}'", native::hash(new))
        }
        // One of the words that `known` lists.
        plugin => format!("ALTER USER {user} IDENTIFIED WITH {plugin} BY {}", literal(new)),
    }))
}

/// For a rehearsal, which makes the first password up: it is in the statement so that the server chooses the way.
pub(super) fn create(account: &Account, first: &Plaintext) -> Result<Statement, RemoteError> {
    let first = literal(native::speakable(first).map_err(RemoteError::last)?);
    let user = full_name(account);
    Ok(Statement::new(format!(
        "CREATE USER {user} IDENTIFIED BY {first} WITH MAX_USER_CONNECTIONS 1 PASSWORD EXPIRE INTERVAL 1 DAY"
    )))
}

pub(super) fn remove(account: &Account) -> Statement {
    Statement::new(format!("DROP USER IF EXISTS {}", full_name(account)))
}

/// The server's time in seconds since 1970, and the users from anywhere whose names begin so.
pub(super) async fn named(
    conn: &mut MySqlConnection,
    prefix: &str,
) -> Result<(i64, Vec<String>), RemoteError> {
    let now = sqlx::query_scalar("SELECT CAST(UNIX_TIMESTAMP() AS SIGNED)");
    let now = now.fetch_one(&mut *conn).await.map_err(|e| broke(&e))?;
    let names = "SELECT CONVERT(User USING utf8mb4) FROM mysql.user WHERE Host = '%' AND LOCATE(?, User) = 1";
    let names = sqlx::query_scalar(names).bind(prefix).fetch_all(conn).await.map_err(|e| broke(&e))?;
    Ok((now, names))
}

/// The account that the server took somebody for.
pub(super) async fn is(conn: &mut MySqlConnection, account: &Account) -> Result<bool, RemoteError> {
    let taken: Result<String, _> =
        sqlx::query_scalar("SELECT CONVERT(CURRENT_USER() USING utf8mb4)").fetch_one(conn).await;
    match taken.map_err(|e| heard(ENGINE, While::Working, &e)) {
        Ok(taken) => Ok(taken
            .rsplit_once('@')
            .is_some_and(|(name, host)| name == account.name && host.eq_ignore_ascii_case(account.host()))),
        Err(Said::Inside(_)) => Ok(true), // an expired password may do nothing but be changed
        Err(said) => Err(said.told_to_administrator(ENGINE.who())),
    }
}

pub(super) async fn comes_from(conn: &mut MySqlConnection, account: &Account) -> Result<bool, RemoteError> {
    let sql = "SELECT CAST(CONVERT(SUBSTRING_INDEX(USER(), '@', -1) USING utf8mb4) LIKE ? AS SIGNED)";
    let like: i64 =
        sqlx::query_scalar(sql).bind(account.host()).fetch_one(conn).await.map_err(|e| broke(&e))?;
    Ok(like != 0)
}

async fn ways(conn: &mut MySqlConnection, account: &Account) -> Result<Option<Ways>, RemoteError> {
    let mariadb = is_mariadb(conn).await?;
    let further = if mariadb {
        "COALESCE((SELECT JSON_VALUE(Priv, '$.account_locked') IN ('1', 'true') FROM mysql.global_priv g \
          WHERE g.User = u.User AND g.Host = u.Host), 0), \
         COALESCE((SELECT JSON_CONTAINS_PATH(Priv, 'one', '$.auth_or') FROM mysql.global_priv g \
          WHERE g.User = u.User AND g.Host = u.Host), 0)"
    } else {
        "u.account_locked = 'Y', 0"
    };
    let sql = format!(
        "SELECT CONVERT(u.plugin USING utf8mb4), CAST(u.Super_priv = 'Y' AS SIGNED), {further} \
         FROM mysql.user u WHERE u.User = ? AND u.Host = ?"
    );
    let found: Option<(String, i64, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&account.name)
        .bind(account.host())
        .fetch_optional(conn)
        .await
        .map_err(|e| broke(&e))?;
    Ok(found.map(|(plugin, superuser, locked, several)| Ways {
        // MariaDB writes its usual way as none.
        plugin: if plugin.is_empty() { "mysql_native_password".to_owned() } else { plugin },
        superuser: superuser != 0,
        locked: locked != 0,
        several: several != 0,
    }))
}

/// The ways that the driver can sign in by.
fn known(plugin: &str) -> bool {
    ["mysql_native_password", "caching_sha2_password", "sha256_password"].contains(&plugin)
}

/// Its own rights and those of its role.
async fn may_change_users(conn: &mut MySqlConnection) -> Result<bool, RemoteError> {
    let grants: Vec<String> =
        sqlx::query_scalar("SHOW GRANTS").fetch_all(conn).await.map_err(|e| broke(&e))?;
    // What stands before ON is the server's own words.
    Ok(grants.iter().filter_map(|grant| grant.split_once(" ON *.* TO ")).any(|(rights, _)| {
        rights == "GRANT ALL PRIVILEGES"
            || rights.split([',', ' ']).collect::<String>().contains("CREATEUSER")
    }))
}

async fn is_mariadb(conn: &mut MySqlConnection) -> Result<bool, RemoteError> {
    let version: String =
        sqlx::query_scalar("SELECT VERSION()").fetch_one(conn).await.map_err(|e| broke(&e))?;
    Ok(version.contains("MariaDB"))
}

fn full_name(account: &Account) -> String {
    format!("{}@{}", literal(&account.name), literal(account.host()))
}

fn broke(error: &sqlx::Error) -> RemoteError {
    heard(ENGINE, While::Working, error).told_to_administrator(ENGINE.who())
}
