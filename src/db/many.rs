//! Many rows in few statements. Features that store lists call it, so that a thousand rows are no thousand round trips.
use super::bind::Value;
use super::conn::Conn;
use super::sql::Query;
use crate::domain::error::Result;

/// All three engines take this many values in one statement, and gain nothing from more.
const MOST_VALUES: usize = 4000;
/// How many ids an `IN (…)` holds at once.
pub const BATCH: usize = 500;

impl Conn {
    /// `one` is the INSERT of one row, without its values: `sql!("… VALUES (?, ?)")`.
    pub async fn insert_all(&mut self, one: Query, rows: Vec<Vec<Value>>) -> Result<()> {
        let width = rows.first().map_or(1, Vec::len).max(1);
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take((MOST_VALUES / width).max(1)).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            self.exec(one.of_rows(chunk)).await?;
        }
    }
}

/// The values of one row, in the order of its columns.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
