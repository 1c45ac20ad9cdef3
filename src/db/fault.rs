//! What the drivers say, turned into the features' error; and which of it is worth another try.
use crate::domain::error::Error;
use sqlx::error::ErrorKind;

/// Turns a driver's error into one of the features' kinds. The text of the driver stays in the cause, for the log.
pub fn error(e: sqlx::Error) -> Error {
    match &e {
        sqlx::Error::Database(db) => match db.kind() {
            ErrorKind::UniqueViolation => Error::Taken,
            ErrorKind::ForeignKeyViolation => {
                Error::Conflict("it refers to something that does not exist, or is still referred to".into())
            }
            _ if is_full(&e) => away("the database's disk is full: nothing was changed", e),
            _ if is_stopped(&e) => away(
                "the database took too long, because others hold what is asked for: nothing was changed, try again",
                e,
            ),
            _ if is_transient(&e) => away("the database is busy: nothing was changed, try again", e),
            _ => Error::broken(e),
        },
        sqlx::Error::PoolTimedOut => {
            away("all connections to the database are in use: try again in a moment", e)
        }
        sqlx::Error::Io(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => away("the database does not answer: try again in a moment", e),
        _ => Error::broken(e),
    }
}

fn away(what: &str, cause: sqlx::Error) -> Error {
    Error::Unavailable { what: what.into(), cause: Some(Box::new(cause)) }
}

/// True when the same unit may well succeed if it is run again: dead-locks, serialisation failures, a locked file.
pub fn again(e: &Error) -> bool {
    match e {
        Error::Unavailable { cause: Some(cause), .. } => {
            cause.downcast_ref::<sqlx::Error>().is_some_and(is_transient)
        }
        _ => false,
    }
}

fn is_transient(e: &sqlx::Error) -> bool {
    // PostgreSQL 40001 and 40P01, MySQL 1213 and 1205 (40001, HY000), SQLite BUSY (5) and LOCKED (6) with their extended forms.
    code(e).is_some_and(|code| match code.as_ref() {
        "40001" | "40P01" | "1213" | "1205" => true,
        code => code.parse::<u32>().is_ok_and(|n| {
            matches!(n & 0xff, 5 | 6) && n < 0x1_0000 && code.len() <= 4 && !code.starts_with('0')
        }),
    })
}

fn is_stopped(e: &sqlx::Error) -> bool {
    // PostgreSQL: statement_timeout and lock_timeout, as while a release makes an index.
    code(e).is_some_and(|code| matches!(code.as_ref(), "57014" | "55P03"))
}

fn is_full(e: &sqlx::Error) -> bool {
    // SQLite FULL, PostgreSQL disk_full, MySQL "table is full" and "disk full".
    code(e).is_some_and(|code| matches!(code.as_ref(), "13" | "53100" | "1114" | "1021"))
}

/// The engine's own number or word for an error.
pub(super) fn code(e: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    match e {
        sqlx::Error::Database(db) => match db.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            Some(mysql) => Some(mysql.number().to_string().into()),
            None => db.code(),
        },
        _ => None,
    }
}
