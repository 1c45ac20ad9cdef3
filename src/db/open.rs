//! Opening the database: pools sized and set for each engine.
use super::conn::{Conn, Kind};
use super::engine::Engine;
use super::fault::error;
use super::group::Writer;
use super::tx::Tx;
use crate::domain::error::{Error, Result};
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Database, Executor, MySqlPool, PgPool, SqlitePool};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// The database. Cheap to clone: all clones share the pools.
#[derive(Clone)]
pub struct Db {
    pub(super) pools: Pools,
    /// Destroyed bytes may still lie in SQLite's `-wal` file: a process that was killed may have left some.
    pub(super) unscrubbed: Arc<AtomicBool>,
}

#[derive(Clone)]
pub enum Pools {
    Sqlite { readers: SqlitePool, writer: Arc<Writer>, options: Box<SqliteConnectOptions> },
    Postgres(PgPool),
    Mysql(MySqlPool),
}

impl Db {
    /// Opens `url` with up to `size` connections. Nothing is created but an SQLite file.
    pub async fn open(url: &str, size: u32) -> Result<Self> {
        let engine = Engine::of_url(url)
            .ok_or_else(|| Error::unavailable("the database URL begins with sqlite:, postgres: or mysql:"))?;
        let pools = match engine {
            Engine::Sqlite => sqlite(url, size).await,
            Engine::Postgres => postgres(url, size).await,
            Engine::Mysql => mysql(url, size).await,
        };
        let unscrubbed = Arc::new(AtomicBool::new(engine == Engine::Sqlite));
        pools.map(|pools| Self { pools, unscrubbed }).map_err(error)
    }

    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
            Pools::Mysql(_) => Engine::Mysql,
        }
    }

    /// A connection for reading. What it reads is stored.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.pools {
            Pools::Sqlite { readers, .. } => Kind::Sqlite(readers.acquire().await.map_err(error)?),
            Pools::Postgres(pool) => Kind::Postgres(pool.acquire().await.map_err(error)?),
            Pools::Mysql(pool) => Kind::Mysql(pool.acquire().await.map_err(error)?),
        }))
    }

    /// Begins a unit of writing; `tx!` calls it.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(Conn(match &self.pools {
            Pools::Sqlite { writer, .. } => Kind::SqliteUnit(writer.begin().await?),
            Pools::Postgres(pool) => Kind::PostgresUnit(pool.begin().await.map_err(error)?),
            Pools::Mysql(pool) => Kind::MysqlUnit(pool.begin().await.map_err(error)?),
        })))
    }

    /// COMMITs and units of the embedded writer so far.
    pub fn commits(&self) -> Option<(u64, u64)> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => Some(writer.counts()),
            Pools::Postgres(_) | Pools::Mysql(_) => None,
        }
    }

    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.close().await,
            Pools::Postgres(pool) => pool.close().await,
            Pools::Mysql(pool) => pool.close().await,
        }
    }
}

/// A connection that has rested for longer is asked whether it is alive. One that was just used is not: that would be a round
/// trip for each page, and it says itself when its server has gone.
const RESTED: Duration = Duration::from_secs(1);

fn pool<DB: Database>(size: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(size.max(1))
        .acquire_timeout(Duration::from_secs(3))
        .test_before_acquire(false)
}

/// The same for connections to a server.
fn remote_pool<DB: Database>(size: u32) -> PoolOptions<DB> {
    pool(size).before_acquire(|conn: &mut DB::Connection, meta| {
        Box::pin(async move {
            if meta.idle_for > RESTED {
                conn.ping().await?;
            }
            Ok(true)
        })
    })
}

async fn sqlite(url: &str, size: u32) -> sqlx::Result<Pools> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full) // NORMAL can lose acknowledged commits at a power cut
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        .pragma("trusted_schema", "OFF");
    // Many rows at once touch every index: with SQLite's own 2 MB each page would be read and written anew.
    let writer = Writer::new(options.clone().pragma("cache_size", "-65536"));
    let pool: SqlitePoolOptions = pool(size);
    // The first connection makes the file and its journal mode; readers are bound to reading by `query_only`.
    // They share the file's pages with the system instead of copying each: a list fetches its rows from everywhere.
    let reading = options.clone().pragma("query_only", "ON").pragma("mmap_size", "1073741824");
    let readers = pool.connect_with(reading).await?;
    Ok(Pools::Sqlite { readers, writer, options: Box::new(options) })
}

async fn postgres(url: &str, size: u32) -> sqlx::Result<Pools> {
    let options = PgConnectOptions::from_str(url)?.application_name("keeper");
    let pool: PgPoolOptions = remote_pool(size);
    let pool = pool.after_connect(|conn, _| {
        Box::pin(async move {
            conn.execute("SET SESSION statement_timeout = '15s'").await?;
            conn.execute("SET SESSION idle_in_transaction_session_timeout = '30s'").await?;
            Ok(())
        })
    });
    Ok(Pools::Postgres(pool.connect_with(options).await?))
}

async fn mysql(url: &str, size: u32) -> sqlx::Result<Pools> {
    let options =
        MySqlConnectOptions::from_str(url)?.collation("utf8mb4_bin").timezone(Some("+00:00".to_owned()));
    let pool: MySqlPoolOptions = remote_pool(size);
    let pool = pool.after_connect(|conn, _| {
        Box::pin(async move {
            conn.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
            conn.execute("SET SESSION innodb_lock_wait_timeout = 5").await?;
            // Without it a text that is too long would be cut instead of refused.
            conn.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')").await?;
            Ok(())
        })
    });
    Ok(Pools::Mysql(pool.connect_with(options).await?))
}
