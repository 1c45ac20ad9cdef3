//! What was deleted is overwritten. SQLite zeroes it in its own file (`secure_delete`), but first it lies in the `-wal` file,
//! which is emptied here. On PostgreSQL and MySQL this is the server's work (vacuum, purge). Called after a destruction.
use super::fault::error;
use super::open::{Db, Pools};
use crate::domain::error::Result;
use sqlx::{Connection, Row, SqliteConnection};
use std::sync::atomic::Ordering;

impl Db {
    /// False when somebody is reading an older state just now: then it is still to be done.
    pub async fn scrub(&self) -> Result<bool> {
        let Pools::Sqlite { options, .. } = &self.pools else { return Ok(true) };
        self.unscrubbed.store(true, Ordering::SeqCst);
        let mut conn = SqliteConnection::connect_with(options).await.map_err(error)?;
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut conn).await.map_err(error)?;
        let busy: i64 = row.try_get(0).map_err(error)?;
        conn.close().await.map_err(error)?;
        if busy == 0 {
            self.unscrubbed.store(false, Ordering::SeqCst);
        }
        Ok(busy == 0)
    }

    /// What an earlier call could not do, or an earlier process. The worker asks for it now and then.
    pub async fn scrub_again(&self) -> Result<()> {
        if self.unscrubbed.load(Ordering::SeqCst) { self.scrub().await.map(|_| ()) } else { Ok(()) }
    }
}
