//! One signed-in connection, to either engine. `mod.rs` and `rehearsal.rs` open it, use it once, and leave.
use super::answers::{Accepts, Look};
use super::faults::{Said, While, heard};
use super::settings::{Account, SourceEngine};
use super::{Source, mysql, postgres};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::remote::error::RemoteError;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use std::time::Duration;
use tokio::time::timeout;
use zeroize::Zeroizing;

pub(super) enum Session {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

/// Who signs in. No `Debug`, and the driver's options, which hold the password too, are never printed either.
pub(super) struct Login<'a> {
    pub name: &'a str,
    pub password: &'a Plaintext,
}

/// A statement that may hold something made of a value.
pub(super) struct Statement(Zeroizing<String>);

impl Statement {
    pub(super) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Session {
    pub(super) async fn open(source: &Source, login: Login<'_>) -> Result<Self, Said> {
        match source.engine() {
            SourceEngine::Postgres => postgres::open(&source.0, login).await.map(Self::Postgres),
            SourceEngine::Mysql => mysql::open(&source.0, login).await.map(Self::Mysql),
        }
    }

    /// Makes an administrator's session one in which a statement means what it says, and in which none lasts so long
    /// that it could still be done after Keeper has given up waiting.
    pub(super) async fn settle(&mut self) -> Result<(), RemoteError> {
        match self {
            Self::Postgres(conn) => postgres::settle(conn).await,
            Self::Mysql(conn) => mysql::settle(conn).await,
        }
    }

    pub(super) async fn look(&mut self, account: &Account) -> Result<Look, RemoteError> {
        match self {
            Self::Postgres(conn) => postgres::look(conn, account).await,
            Self::Mysql(conn) => mysql::look(conn, account).await,
        }
    }

    /// The statement that changes a password. Asks whatever must be known first, and changes nothing yet.
    pub(super) async fn prepare(
        &mut self,
        account: &Account,
        new: &Plaintext,
        chance: &Chance,
    ) -> Result<Statement, RemoteError> {
        match self {
            Self::Postgres(_) => postgres::change(account, new, chance),
            Self::Mysql(conn) => mysql::change(conn, account, new).await,
        }
    }

    pub(super) async fn run(&mut self, statement: Statement) -> Result<(), Said> {
        let text = sqlx::raw_sql(AssertSqlSafe(statement.0.as_str().to_owned()));
        let (engine, done) = match self {
            Self::Postgres(conn) => (SourceEngine::Postgres, text.execute(conn).await.map(|_| ())),
            Self::Mysql(conn) => (SourceEngine::Mysql, text.execute(conn).await.map(|_| ())),
        };
        done.map_err(|e| heard(engine, While::Working, &e))
    }

    /// Somebody was let in. Was it this account?
    pub(super) async fn is(mut self, account: &Account) -> Result<Accepts, RemoteError> {
        let itself = match &mut self {
            Self::Postgres(_) => true,
            Self::Mysql(conn) => mysql::is(conn, account).await?,
        };
        self.leave().await;
        Ok(if itself { Accepts::Yes } else { Accepts::Unknown(super::out_of_reach()) })
    }

    /// Is the administrator where this account may come from?
    pub(super) async fn comes_from(&mut self, account: &Account) -> Result<bool, RemoteError> {
        match self {
            Self::Postgres(_) => Ok(true),
            Self::Mysql(conn) => mysql::comes_from(conn, account).await,
        }
    }

    /// With a good-bye, without which servers write complaints into their logs.
    pub(super) async fn leave(self) {
        let goodbye = async {
            match self {
                Self::Postgres(conn) => conn.close().await,
                Self::Mysql(conn) => conn.close().await,
            }
        };
        let _ = timeout(Duration::from_secs(1), goodbye).await;
    }
}
