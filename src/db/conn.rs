//! A connection for reading, or inside a unit for writing: the same five calls on all three engines.
use super::bind::arguments;
use super::engine::Engine;
use super::fault::error;
use super::group::Unit;
use super::heard::hear;
use super::sql::Query;
use crate::domain::error::{Error, Result};
use sqlx::mysql::MySqlRow;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Executor, FromRow, MySql, Postgres, Row, SqlSafeStr, Sqlite, Transaction};
use std::borrow::Cow;

/// A row that every engine can fill: `#[derive(sqlx::FromRow)]` is enough.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, MySqlRow> + Send + Unpin
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow>
        + for<'r> FromRow<'r, PgRow>
        + for<'r> FromRow<'r, MySqlRow>
        + Send
        + Unpin
{
}

pub struct Conn(pub(super) Kind);

pub(super) enum Kind {
    Sqlite(PoolConnection<Sqlite>),
    SqliteUnit(Unit),
    Postgres(PoolConnection<Postgres>),
    PostgresUnit(Transaction<'static, Postgres>),
    Mysql(PoolConnection<MySql>),
    MysqlUnit(Transaction<'static, MySql>),
}

/// Runs `$body` with the engine's own connection and arguments. The text is ours alone (see `Query`).
macro_rules! run {
    ($conn:expr, $query:expr, |$c:ident, $text:ident, $args:ident| $body:expr) => {{
        let query: Query = $query;
        hear(&query);
        let engine = $conn.engine();
        let $text = match query.text(engine) {
            Cow::Borrowed(text) => AssertSqlSafe(Cow::Borrowed(text)),
            Cow::Owned(text) => AssertSqlSafe(Cow::Owned(text)),
        };
        let values = query.values;
        match &mut $conn.0 {
            Kind::Sqlite(c) => {
                let ($c, $args) = (&mut **c, arguments::<Sqlite>(values).map_err(error)?);
                $body
            }
            Kind::SqliteUnit(c) => {
                let ($c, $args) = (c.conn()?, arguments::<Sqlite>(values).map_err(error)?);
                $body
            }
            Kind::Postgres(c) => {
                let ($c, $args) = (&mut **c, arguments::<Postgres>(values).map_err(error)?);
                $body
            }
            Kind::PostgresUnit(c) => {
                let ($c, $args) = (&mut **c, arguments::<Postgres>(values).map_err(error)?);
                $body
            }
            Kind::Mysql(c) => {
                let ($c, $args) = (&mut **c, arguments::<MySql>(values).map_err(error)?);
                $body
            }
            Kind::MysqlUnit(c) => {
                let ($c, $args) = (&mut **c, arguments::<MySql>(values).map_err(error)?);
                $body
            }
        }
    }};
}

impl Conn {
    pub fn engine(&self) -> Engine {
        match self.0 {
            Kind::Sqlite(_) | Kind::SqliteUnit(_) => Engine::Sqlite,
            Kind::Postgres(_) | Kind::PostgresUnit(_) => Engine::Postgres,
            Kind::Mysql(_) | Kind::MysqlUnit(_) => Engine::Mysql,
        }
    }

    pub async fn all<T: Record>(&mut self, query: Query) -> Result<Vec<T>> {
        run!(self, query, |c, text, args| sqlx::query_as_with(text, args).fetch_all(c).await.map_err(error))
    }

    pub async fn maybe<T: Record>(&mut self, query: Query) -> Result<Option<T>> {
        run!(self, query, |c, text, args| sqlx::query_as_with(text, args)
            .fetch_optional(c)
            .await
            .map_err(error))
    }

    /// One row, or `NotFound`.
    pub async fn one<T: Record>(&mut self, query: Query) -> Result<T> {
        self.maybe(query).await?.ok_or(Error::NotFound)
    }

    /// The one whole number that a statement yields.
    pub async fn number(&mut self, query: Query) -> Result<i64> {
        self.one::<(i64,)>(query).await.map(|row| row.0)
    }

    /// How many rows were changed.
    pub async fn exec(&mut self, query: Query) -> Result<u64> {
        run!(self, query, |c, text, args| {
            sqlx::query_with(text, args).execute(c).await.map(|done| done.rows_affected()).map_err(error)
        })
    }

    /// Asks the engine whether it understands a statement, and runs nothing.
    pub async fn prepare(&mut self, query: Query) -> Result<()> {
        let text = AssertSqlSafe(query.text(self.engine())).into_sql_str();
        match &mut self.0 {
            Kind::Sqlite(c) => (&mut **c).prepare(text).await.map(drop),
            Kind::Postgres(c) => (&mut **c).prepare(text).await.map(drop),
            Kind::Mysql(c) => (&mut **c).prepare(text).await.map(drop),
            _ => Ok(()),
        }
        .map_err(error)
    }

    /// The id of the new row: RETURNING on PostgreSQL, the last insert id on the others.
    pub async fn insert(&mut self, mut query: Query) -> Result<i64> {
        if self.engine() == Engine::Postgres {
            query.push(" RETURNING id", []);
        }
        hear(&query);
        let query_text = query.text(self.engine());
        let text = AssertSqlSafe(query_text);
        let values = query.values;
        match &mut self.0 {
            Kind::SqliteUnit(unit) => {
                let args = arguments::<Sqlite>(values).map_err(error)?;
                let done = sqlx::query_with(text, args).execute(unit.conn()?).await.map_err(error)?;
                Ok(done.last_insert_rowid())
            }
            Kind::PostgresUnit(tx) => {
                let args = arguments::<Postgres>(values).map_err(error)?;
                let row = sqlx::query_with(text, args).fetch_one(&mut **tx).await.map_err(error)?;
                row.try_get(0).map_err(error)
            }
            Kind::MysqlUnit(tx) => {
                let args = arguments::<MySql>(values).map_err(error)?;
                let done = sqlx::query_with(text, args).execute(&mut **tx).await.map_err(error)?;
                i64::try_from(done.last_insert_id()).map_err(Error::broken)
            }
            Kind::Sqlite(_) | Kind::Postgres(_) | Kind::Mysql(_) => {
                Err(Error::broken("an insert outside of a unit"))
            }
        }
    }
}
