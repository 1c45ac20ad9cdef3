//! Long work that one process does at a time, part after part: a rewrap, a data migration. Its row says how far it is, and who holds it: a
//! token that grows with each claim, and until when. A part is a unit that ends with `let_go`, which undoes it if somebody else has taken the
//! work over meanwhile. So what is killed is done again by whoever comes next, and nothing is done or counted twice.
use crate::db::{Db, Query, Sql, Tx, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::tx;
use time::Duration;

/// What became of the next part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is nothing to do.
    Idle,
    /// Another process does it.
    Busy,
    /// A part was done.
    Done,
}

/// A table of such work; `leased!` writes it. It has `state`, `lease_token`, `lease_until` and `trouble`.
pub struct Table {
    pub free: Sql,
    pub take: Sql,
    pub leave: Sql,
    /// Longer than a part takes.
    pub lasts: Duration,
}

#[macro_export]
macro_rules! leased {
    ($table:literal, $lasts:expr) => {{
        use $crate::db::Sql;
        $crate::lease::Table {
            free: Sql::new(concat!(
                "SELECT lease_token FROM ",
                $table,
                " WHERE id = ? AND state = 'running' AND (lease_until IS NULL OR lease_until <= ?) {skip}"
            )),
            take: Sql::new(concat!(
                "UPDATE ",
                $table,
                " SET lease_token = ?, lease_until = ?, updated_at = ? WHERE id = ?"
            )),
            leave: Sql::new(concat!(
                "UPDATE ",
                $table,
                " SET trouble = ?, lease_until = NULL, updated_at = ? WHERE id = ? AND lease_token = ?"
            )),
            lasts: $lasts,
        }
    }};
}

/// One process's hold on one row.
pub struct Lease {
    table: &'static Table,
    id: i64,
    token: i64,
}

/// Behind the error of a unit that found its lease gone.
#[derive(Debug, thiserror::Error)]
#[error("the lease was taken over")]
struct Lost;

impl Table {
    /// `None`: another process holds it, or it has ended.
    pub async fn claim(&'static self, db: &Db, now: Utc, id: i64) -> Result<Option<Lease>> {
        tx!(db, |tx| {
            let free = Query::new(&self.free, vec![id.into(), now.into()]);
            let Some((last,)) = tx.maybe::<(i64,)>(free).await? else { return Ok(None) };
            let (token, until) = (last + 1, now.plus(self.lasts));
            let take = vec![Value::from(token), until.into(), now.into(), id.into()];
            tx.exec(Query::new(&self.take, take)).await?;
            Ok(Some(Lease { table: self, id, token }))
        })
    }
}

impl Lease {
    /// Ends a part, in its unit and after its changes: they are undone if the lease is somebody else's by now.
    pub async fn let_go(&self, tx: &mut Tx, now: Utc) -> Result<()> {
        if self.leave(tx, now, "").await? {
            return Ok(());
        }
        let what = "another process goes on with this work".to_owned();
        Err(Error::Unavailable { what, cause: Some(Box::new(Lost)) })
    }

    /// What stands in the way of a part is told in the row, and whoever comes next tries again. It is told to the caller too, whatever else
    /// goes wrong.
    pub async fn ended(self, db: &Db, now: Utc, part: Result<()>) -> Result<Step> {
        let why = match part {
            Ok(()) => return Ok(Step::Done),
            Err(e) if is_lost(&e) => return Ok(Step::Busy),
            Err(e) => e,
        };
        if let Err(error) = self.tell(db, now, &why).await {
            tracing::warn!(%error, "a lease could not be given back: it ends by itself");
        }
        Err(why)
    }

    async fn tell(&self, db: &Db, now: Utc, why: &Error) -> Result<()> {
        let trouble: String = why.to_string().chars().take(500).collect();
        tx!(db, |tx| self.leave(tx, now, &trouble).await.map(drop))
    }

    /// Whoever comes next may claim it. False: somebody has already.
    async fn leave(&self, tx: &mut Tx, now: Utc, trouble: &str) -> Result<bool> {
        let values = vec![Value::from(trouble), now.into(), self.id.into(), self.token.into()];
        Ok(tx.exec(Query::new(&self.table.leave, values)).await? == 1)
    }
}

fn is_lost(e: &Error) -> bool {
    matches!(e, Error::Unavailable { cause: Some(cause), .. } if cause.is::<Lost>())
}
