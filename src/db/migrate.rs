//! Bringing the schema up and taking it back, one process at a time. Each engine has its own scripts under the same names. What is begun and
//! what has ended is told in the log, because a large table takes its time.
use super::engine::Engine;
use super::fault::error;
use super::open::{Db, Pools};
use super::schema::{is_up, migrator};
use super::script::{Carry, Way};
use crate::domain::error::{Cause, Error, Result};
use sqlx::migrate::{MigrateError, Migration as Script, Migrator};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};
use std::time::Duration;
use tokio::time::Instant;

/// On SQLite another process that changes the schema is waited for, for this long.
const PATIENCE: Duration = Duration::from_mins(10);
/// For so many seconds the others are waited for on MySQL.
const A_DAY: i64 = 86_400;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A version that was brought up or taken back.
#[derive(Debug)]
pub struct Changed {
    pub version: i64,
    pub description: String,
    pub took: Duration,
}

/// Runs `$body` with a connection of its own that may write: those of the pool give up after fifteen seconds, and a change of a large table,
/// or waiting for another process that makes it, takes longer.
macro_rules! with {
    ($db:expr, $patience:expr, |$conn:ident| $body:expr) => {
        match &$db.pools {
            Pools::Sqlite { options, .. } => {
                let mut conn = SqliteConnection::connect_with(options).await.map_err(error)?;
                let $conn = &mut conn;
                $body
            }
            Pools::Postgres(pool) => {
                let options = pool.connect_options();
                let mut conn = PgConnection::connect_with(&options).await.map_err(error)?;
                let $conn = &mut conn;
                $body
            }
            Pools::Mysql(pool) => {
                let options = pool.connect_options();
                let mut conn = MySqlConnection::connect_with(&options).await.map_err(error)?;
                lock_out(&mut conn, $patience).await?;
                let $conn = &mut conn;
                $body
            }
        }
    };
}

impl Db {
    /// Brings the schema up to this binary's version; says what it did. Waits for another process that does the same. A `Conflict` says what
    /// is wrong with the schema and how to mend it.
    pub async fn migrate_up(&self) -> Result<Vec<Changed>> {
        with!(self, A_DAY, |conn| up(self, conn).await)
    }

    /// Takes versions above `target` back, the newest first.
    pub async fn migrate_down(&self, target: i64) -> Result<Vec<Changed>> {
        with!(self, A_DAY, |conn| down(self, conn, target).await)
    }

    /// What somebody found out about a version that was begun and stopped in the middle: its change is there, or it is not.
    pub async fn migrate_mend(&self, version: i64, is_there: bool) -> Result<()> {
        let text = if is_there {
            format!(
                "UPDATE _sqlx_migrations SET success = TRUE WHERE version = {version} AND success = FALSE"
            )
        } else {
            format!("DELETE FROM _sqlx_migrations WHERE version = {version} AND success = FALSE")
        };
        // A server goes on with what a killed process began, and keeps its lock until that has ended: only then can anybody know.
        let changed = with!(self, 0, |conn| {
            sqlx::query(AssertSqlSafe(text)).execute(conn).await.map_err(error)?.rows_affected()
        });
        if changed == 1 {
            return Ok(());
        }
        Err(Error::Conflict(format!("version {version:04} is not one that was begun and has not ended")))
    }
}

async fn up<C: Carry>(db: &Db, conn: &mut C) -> Result<Vec<Changed>> {
    let scripts = migrator(db.engine());
    begin(conn, scripts).await?;
    let schema = db.schema().await?;
    if let Some(why) = schema.hindrance() {
        return Err(Error::Conflict(why));
    }
    let mut done = Vec::new();
    for missing in schema.missing() {
        let Some(script) = scripts.iter().find(|script| is_up(script, missing.version)) else { continue };
        let (version, description) = (script.version, script.description.as_ref());
        tracing::info!(version, description, "the schema is brought up by a version");
        if let Some(took) = apply(db, conn, scripts, script).await? {
            tracing::info!(version, description, took = %millis(took), "the schema has the version");
            done.push(Changed { version, description: description.to_owned(), took });
        }
    }
    conn.unlock().await.map_err(failed)?;
    Ok(done)
}

async fn down<C: Carry>(db: &Db, conn: &mut C, target: i64) -> Result<Vec<Changed>> {
    let scripts = migrator(db.engine());
    begin(conn, scripts).await?;
    let schema = db.schema().await?;
    if let Some(newest) = schema.unknown().last() {
        return Err(Error::Conflict(format!(
            "version {} is a newer Keeper's: taking back begins with it, and the Keeper that made it does it",
            newest.title()
        )));
    }
    if let Some(why) = schema.hindrance() {
        return Err(Error::Conflict(why));
    }
    let mut done = Vec::new();
    let downs = scripts.iter().rev().filter(|script| script.migration_type.is_down_migration());
    for script in downs.filter(|script| script.version > target && schema.has(script.version)) {
        let (version, description) = (script.version, script.description.as_ref());
        tracing::info!(version, description, "a version of the schema is taken back");
        let taken = conn.carry(&scripts.table_name, script, Way::Down).await;
        let took = taken.map_err(|e| e.told(db.engine(), script, Way::Down))?;
        tracing::info!(version, description, took = %millis(took), "the version is taken back");
        done.push(Changed { version, description: description.to_owned(), took });
    }
    conn.unlock().await.map_err(failed)?;
    Ok(done)
}

/// sqlx asks MySQL for a lock without an end, which MariaDB takes for none: two processes went to work at the same time. This one has an end,
/// in seconds.
async fn lock_out(conn: &mut MySqlConnection, patience: i64) -> Result<()> {
    let text = "SELECT CAST(GET_LOCK(CONCAT('keeper_migrate_', MD5(DATABASE())), ?) AS SIGNED)";
    let got: Option<i64> = sqlx::query_scalar(text).bind(patience).fetch_one(conn).await.map_err(error)?;
    if got == Some(1) {
        return Ok(());
    }
    if patience == 0 {
        return Err(Error::Conflict(
            "another process changes the schema, or the server still goes on with what a stopped one began: look again when it has ended"
                .into(),
        ));
    }
    Err(Error::unavailable(
        "another process has been changing the database's schema for a day: look what it does",
    ))
}

/// The lock is the connection's: whatever goes wrong after it, closing the connection gives it back. SQLite has none. Another process that
/// changes the schema is waited for as long as it takes; transactions are not.
async fn begin<C: Carry>(conn: &mut C, scripts: &Migrator) -> Result<()> {
    conn.lock().await.map_err(failed)?;
    conn.be_brief().await.map_err(error)?;
    conn.ensure_migrations_table(&scripts.table_name).await.map_err(failed)
}

/// `None`: another process has done it meanwhile. Only SQLite, where nobody holds a lock, comes to that: a script and its line in the books
/// are one transaction there, so that whoever comes second changes nothing.
async fn apply<C: Carry>(
    db: &Db,
    conn: &mut C,
    scripts: &Migrator,
    script: &Script,
) -> Result<Option<Duration>> {
    let begun = Instant::now();
    loop {
        let e = match conn.carry(&scripts.table_name, script, Way::Up).await {
            Ok(took) => return Ok(Some(took)),
            Err(e) => e,
        };
        if db.engine() == Engine::Sqlite {
            if db.schema().await?.has(script.version) {
                return Ok(None);
            }
            if is_busy(&e.cause) && begun.elapsed() < PATIENCE {
                tokio::time::sleep(LOOK_AGAIN).await;
                continue;
            }
        }
        return Err(e.told(db.engine(), script, Way::Up));
    }
}

/// Another process writes: `SQLITE_BUSY` and its kin, and `SQLITE_LOCKED`.
fn is_busy(e: &MigrateError) -> bool {
    let (MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _)) = e else { return false };
    let code = e.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)))
}

fn millis(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn failed(e: MigrateError) -> Error {
    let cause: Cause = match e {
        MigrateError::Execute(e) => match error(e) {
            Error::Broken(cause) => cause,
            e => return e,
        },
        e => Box::new(e),
    };
    Error::Unavailable {
        what: "the database's schema could not be read or changed".into(),
        cause: Some(cause),
    }
}
