//! Versions of the schema: up, down, status. Each engine has its own files under the same names.
use super::open::{Db, Pools};
use crate::domain::error::{Error, Result};
use sqlx::migrate::{Migrate, Migrator};
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");

/// One version of the schema, and whether this database has it.
#[derive(Debug)]
pub struct Migration {
    pub version: i64,
    pub description: String,
    pub applied: bool,
}

pub type Migrations = Vec<Migration>;

/// Runs `$body` with the engine's migrator and a connection of its own that may write: those of the pool give up after fifteen
/// seconds, and a change of a large table, or waiting for another process that makes it, takes longer.
macro_rules! with {
    ($db:expr, |$migrator:ident, $conn:ident| $body:expr) => {
        match &$db.pools {
            Pools::Sqlite { options, .. } => {
                let ($migrator, mut conn) =
                    (&SQLITE, SqliteConnection::connect_with(options).await.map_err(super::fault::error)?);
                let $conn = &mut conn;
                $body
            }
            Pools::Postgres(pool) => {
                let options = pool.connect_options();
                let ($migrator, mut conn) =
                    (&POSTGRES, PgConnection::connect_with(&options).await.map_err(super::fault::error)?);
                let $conn = &mut conn;
                $body
            }
            Pools::Mysql(pool) => {
                let options = pool.connect_options();
                let ($migrator, mut conn) =
                    (&MYSQL, MySqlConnection::connect_with(&options).await.map_err(super::fault::error)?);
                let $conn = &mut conn;
                $body
            }
        }
    };
}

impl Db {
    /// Brings the schema up to this binary's version. Waits for another process that does the same.
    pub async fn migrate_up(&self) -> Result<()> {
        with!(self, |migrator, conn| migrator.run(&mut *conn).await.map_err(failed))
    }

    /// Takes versions above `target` back, the newest first.
    pub async fn migrate_down(&self, target: i64) -> Result<()> {
        with!(self, |migrator, conn| migrator.undo(&mut *conn, target).await.map_err(failed))
    }

    pub async fn migrations(&self) -> Result<Migrations> {
        with!(self, |migrator, conn| {
            conn.ensure_migrations_table(&migrator.table_name).await.map_err(failed)?;
            let applied = conn.list_applied_migrations(&migrator.table_name).await.map_err(failed)?;
            let applied: BTreeSet<i64> = applied.iter().map(|m| m.version).collect();
            let ups = migrator.iter().filter(|m| m.migration_type.is_up_migration());
            Ok(ups
                .map(|m| Migration {
                    version: m.version,
                    description: m.description.to_string(),
                    applied: applied.contains(&m.version),
                })
                .collect())
        })
    }

    /// Says whether the schema is this binary's: nothing missing.
    pub async fn is_current(&self) -> Result<bool> {
        Ok(self.migrations().await?.iter().all(|m| m.applied))
    }
}

fn failed(e: sqlx::migrate::MigrateError) -> Error {
    Error::Unavailable {
        what: format!("the database's schema could not be changed: {e}"),
        cause: Some(Box::new(e)),
    }
}
