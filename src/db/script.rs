//! One script of a version, carried out together with its line in the books. SQLite and PostgreSQL store both as one. MySQL stores each change
//! of the schema by itself: there the statements are run one by one, so that it is known which was refused and what is there then.
use super::engine::Engine;
use super::fault::code;
use super::schema::{first_line, statements};
use crate::domain::error::Error;
use sqlx::migrate::{Migrate, MigrateError, Migration as Script};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};
use std::time::Duration;
use tokio::time::Instant;

/// So many seconds another transaction is waited for, which is no file of one writer (`migrate::PATIENCE`): whoever comes after the one that waits waits as well.
const BRIEF: u8 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// Why a script was not carried out.
pub(super) struct Halted {
    pub cause: MigrateError,
    /// Of several statements: which was refused, and what to do.
    at: String,
}

impl From<MigrateError> for Halted {
    fn from(cause: MigrateError) -> Self {
        Self { cause, at: String::new() }
    }
}

impl From<sqlx::Error> for Halted {
    fn from(e: sqlx::Error) -> Self {
        MigrateError::Execute(e).into()
    }
}

impl Halted {
    /// As it is told, with the remedy.
    pub fn told(self, engine: Engine, script: &Script, way: Way) -> Error {
        let done = if way == Way::Up { "applied" } else { "taken back" };
        let look = match engine {
            Engine::Mysql => "SHOW FULL PROCESSLIST",
            _ => "SELECT pid, xact_start, query FROM pg_stat_activity ORDER BY xact_start",
        };
        let held = if is_held_up(&self.cause) {
            format!(
                ", because another transaction holds what it changes. It was waited for for {BRIEF} seconds, and no longer, because everybody \
                 who comes after would wait as well. Let it end, or end it ({look}), and run this again"
            )
        } else {
            String::new()
        };
        let (version, description, at) = (script.version, &script.description, self.at);
        let what =
            format!("version {version:04} ({description}) of the schema could not be {done}{held}{at}");
        Error::Unavailable { what, cause: Some(Box::new(self.cause)) }
    }
}

pub(super) trait Carry: Migrate + Send {
    /// From here on others are waited for for a short time.
    async fn be_brief(&mut self) -> sqlx::Result<()> {
        Ok(())
    }

    async fn carry(&mut self, books: &str, script: &Script, way: Way) -> Result<Duration, Halted> {
        let took = match way {
            Way::Up => self.apply(books, script).await?,
            Way::Down => self.revert(books, script).await?,
        };
        Ok(took)
    }
}

/// It has a patience of its own (`migrate::PATIENCE`), because its one writer is never somebody who has forgotten to end.
impl Carry for SqliteConnection {}

impl Carry for PgConnection {
    async fn be_brief(&mut self) -> sqlx::Result<()> {
        self.execute(AssertSqlSafe(format!("SET lock_timeout = '{BRIEF}s'"))).await.map(drop)
    }
}

impl Carry for MySqlConnection {
    async fn be_brief(&mut self) -> sqlx::Result<()> {
        // The first is for tables, the second for rows.
        let text =
            format!("SET SESSION lock_wait_timeout = {BRIEF}, SESSION innodb_lock_wait_timeout = {BRIEF}");
        self.execute(AssertSqlSafe(text)).await.map(drop)
    }

    async fn carry(&mut self, books: &str, script: &Script, way: Way) -> Result<Duration, Halted> {
        let (since, version) = (Instant::now(), script.version);
        let statements = statements(script.sql.as_str());
        let mut tx = self.begin().await?;
        // The first change of the schema stores this line as well: whoever is killed after it leaves an unfinished version.
        let line = match way {
            Way::Up => {
                let text = format!(
                    "INSERT INTO {books} (version, description, success, checksum, execution_time) VALUES (?, ?, FALSE, ?, -1)"
                );
                let asked = sqlx::query(AssertSqlSafe(text)).bind(version);
                asked.bind(&*script.description).bind(&*script.checksum)
            }
            Way::Down => {
                let text = format!("UPDATE {books} SET success = FALSE WHERE version = ?");
                sqlx::query(AssertSqlSafe(text)).bind(version)
            }
        };
        line.execute(&mut *tx).await?;
        for (n, statement) in statements.iter().enumerate() {
            let Err(e) = tx.execute(AssertSqlSafe(statement.clone())).await else { continue };
            if statements.len() > 1 && is_gone(statement, &e) {
                continue;
            }
            if !matches!(e, sqlx::Error::Database(_)) {
                return Err(MigrateError::ExecuteMigration(e, version).into());
            }
            let is_between = statements[..n].iter().any(|one| changes_schema(one));
            // What was refused is what is told, whatever else goes wrong.
            let undone = match tx.rollback().await {
                Ok(()) if !is_between => strike(self, books, version, way).await,
                undone => undone,
            };
            if undone.is_err() {
                tracing::warn!(version, "a version that was refused could not be struck from the books");
            }
            let at = refused(&statements, n, version, way, is_between);
            return Err(Halted { cause: MigrateError::ExecuteMigration(e, version), at });
        }
        let took = since.elapsed();
        let end = match way {
            Way::Up => {
                let text = format!("UPDATE {books} SET success = TRUE, execution_time = ? WHERE version = ?");
                let nanos = i64::try_from(took.as_nanos()).unwrap_or(i64::MAX);
                sqlx::query(AssertSqlSafe(text)).bind(nanos).bind(version)
            }
            Way::Down => {
                let text = format!("DELETE FROM {books} WHERE version = ?");
                sqlx::query(AssertSqlSafe(text)).bind(version)
            }
        };
        end.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(took)
    }
}

/// Nothing of the version was changed: the books say what they said before.
async fn strike(conn: &mut MySqlConnection, books: &str, version: i64, way: Way) -> sqlx::Result<()> {
    let text = match way {
        Way::Up => format!("DELETE FROM {books} WHERE version = ? AND success = FALSE"),
        Way::Down => format!("UPDATE {books} SET success = TRUE WHERE version = ? AND success = FALSE"),
    };
    sqlx::query(AssertSqlSafe(text)).bind(version).execute(conn).await.map(drop)
}

/// MySQL stores such a statement by itself, and all that came before it.
fn changes_schema(statement: &str) -> bool {
    ["CREATE ", "ALTER ", "DROP ", "RENAME ", "TRUNCATE ", "EXECUTE "]
        .iter()
        .any(|word| statement.starts_with(word))
}

fn changes_rows(statement: &str) -> bool {
    ["DELETE ", "INSERT ", "UPDATE "].iter().any(|word| statement.starts_with(word))
}

/// What a script that is run again has dropped the first time.
fn is_gone(statement: &str, e: &sqlx::Error) -> bool {
    statement.starts_with("DROP TABLE ") && code(e).is_some_and(|code| code == "1051")
}

fn is_held_up(e: &MigrateError) -> bool {
    let (MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _)) = e else { return false };
    code(e).is_some_and(|code| code == "55P03" || code == "1205")
}

/// Which of several statements it was, and what to do.
fn refused(statements: &[String], n: usize, version: i64, way: Way, is_between: bool) -> String {
    let all = statements.len();
    if all == 1 {
        return String::new();
    }
    let which = format!(". Its statement {} of {all} was refused: {}", n + 1, first_line(&statements[n]));
    if !is_between {
        // A change of the schema stores what came before it, also where it is refused itself.
        let rows = changes_schema(&statements[n]) && statements[..n].iter().any(|one| changes_rows(one));
        let stored = if rows { ", but the rows that stood before it are changed" } else { "" };
        return format!("{which}. The schema is as it was{stored}, and the script may be run again");
    }
    let (found, again) = match way {
        Way::Up => ("missing", "keeper migrate up"),
        Way::Down => ("applied", "keeper migrate down"),
    };
    format!(
        "{which}. What stands before it is stored, and the version counts as unfinished. When the cause is away: keeper migrate mend {version} \
         --as {found}, and then {again}, which runs the script again from its beginning"
    )
}
