//! Migrations as operators need them: told, refused with a remedy, resumed, taken back, and with older replicas beside them.
mod former;
mod kept;
mod leases;
mod pieces;
mod pool;
mod refused;
mod rules;
mod statements;
mod telling;
mod unfinished;

use crate::shell::{Answer, command};
use crate::support::House;
use keeper::db::{Engine, Query};
use keeper::domain::error::Result;
use keeper::tx;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};
use std::process::Output;

/// Stores something that no feature would.
async fn put(house: &House, query: Query) {
    let put: Result<u64> = tx!(house.app.db, |tx| tx.exec(query.clone()).await);
    put.unwrap();
}

async fn number(house: &House, query: Query) -> i64 {
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

/// A connection to the house's database that Keeper knows nothing of.
enum Hand {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Hand {
    async fn of(house: &House) -> Self {
        let url = house.app.settings.database_url.expose();
        match house.app.db.engine() {
            Engine::Sqlite => Self::Sqlite(SqliteConnection::connect(url).await.unwrap()),
            Engine::Postgres => Self::Postgres(PgConnection::connect(url).await.unwrap()),
            Engine::Mysql => Self::Mysql(MySqlConnection::connect(url).await.unwrap()),
        }
    }

    /// Runs a text as it is.
    async fn run(&mut self, text: &str) -> sqlx::Result<()> {
        let query = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
        match self {
            Self::Sqlite(conn) => query.fetch_all(conn).await.map(drop),
            Self::Postgres(conn) => query.fetch_all(conn).await.map(drop),
            Self::Mysql(conn) => query.fetch_all(conn).await.map(drop),
        }
    }
}

/// Several times the same command at once.
fn at_once(house: &House, times: usize, words: &[&str]) -> Vec<Answer> {
    let spawn = |_| {
        let mut command = command(house, words);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let children: Vec<_> = (0..times).map(spawn).collect();
    let end = |child: std::process::Child| -> Output { child.wait_with_output().unwrap() };
    children.into_iter().map(end).map(|output| Answer::of(&output)).collect()
}
