//! One re-runnable unit of writing. `tx!` runs its body, stores it whole, and runs it again when the engine asks for that.
use super::conn::{Conn, Kind};
use super::fault::{again, error};
use super::group::Outcome;
use crate::domain::error::{Error, Result};
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// A body that takes longer holds up everybody behind it.
const BODY_LIMIT: Duration = Duration::from_secs(10);
const TRIES: u32 = 8;

/// The connection of a unit: everything done on it is stored together.
pub struct Tx(pub(super) Conn);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

pub enum Ended<T> {
    Answer(Result<T>),
    Again(Error),
}

impl Tx {
    /// Stores the unit, or undoes it. An `Err` is answered only after the group's fate is known: a conflict may rest on
    /// a neighbour's row that is not stored yet.
    pub async fn finish<T>(self, result: Result<T>) -> Ended<T> {
        let result = match (self.0.0, result) {
            (Kind::SqliteUnit(unit), result) => match unit.finish(result.is_ok()).await {
                Outcome::Committed => result,
                Outcome::RolledBack => {
                    return Ended::Again(Error::unavailable(
                        "the database is busy: nothing was changed, try again",
                    ));
                }
                Outcome::Failed => Err(Error::unavailable(
                    "the database could not store the change: it may be full or damaged",
                )),
            },
            (Kind::PostgresUnit(tx), Ok(value)) => tx.commit().await.map(|()| value).map_err(error),
            (Kind::MysqlUnit(tx), Ok(value)) => tx.commit().await.map(|()| value).map_err(error),
            (Kind::PostgresUnit(tx), Err(e)) => tx.rollback().await.map_err(error).and(Err(e)),
            (Kind::MysqlUnit(tx), Err(e)) => tx.rollback().await.map_err(error).and(Err(e)),
            (_, result) => result,
        };
        match result {
            Err(e) if again(&e) => Ended::Again(e),
            result => Ended::Answer(result),
        }
    }
}

/// Bounds a body in time.
pub async fn limited<T>(body: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(BODY_LIMIT, body).await.unwrap_or_else(|_| {
        Err(Error::unavailable("the database takes too long: nothing was changed, try again"))
    })
}

/// Waits before the next try: a little longer each time, and not in step with the others. False when it was enough.
pub async fn pause(attempt: u32) -> bool {
    if attempt >= TRIES {
        return false;
    }
    let spread = getrandom::u32().unwrap_or(7) % (5 << attempt);
    tokio::time::sleep(Duration::from_millis(u64::from(spread) + 1)).await;
    true
}

/// `tx!(db, |tx| { … })`: the body is SQL alone (no network, no KMS, no sleep, no inner `tx!`), moves nothing out of
/// its surroundings, and may run several times; only the last run counts.
#[macro_export]
macro_rules! tx {
    ($db:expr, |$tx:ident| $body:expr) => {{
        let mut attempt = 0;
        loop {
            let mut unit = match $db.begin().await {
                Ok(unit) => unit,
                Err(e) => break Err(e),
            };
            let result = {
                let $tx: &mut $crate::db::Tx = &mut unit;
                $crate::db::limited(async { $body }).await
            };
            match unit.finish(result).await {
                $crate::db::Ended::Answer(result) => break result,
                $crate::db::Ended::Again(e) => {
                    attempt += 1;
                    if !$crate::db::pause(attempt).await {
                        break Err(e);
                    }
                }
            }
        }
    }};
}
