//! Group commit on SQLite: one connection writes; units that wait at the same time share one COMMIT, so one fsync.
//!
//! Each unit runs under a SAVEPOINT of its own: a failing one is undone alone. Nobody is answered before the COMMIT.
//! The COMMIT belongs to a task of its own, never to a caller, who may go away.
use super::fault::error;
use crate::domain::error::{Error, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Database, Sqlite, SqliteConnection};
use sqlx_core::sql_str::SqlSafeStr;
use sqlx_core::transaction::TransactionManager;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio::time::Instant;

type Manager = <Sqlite as Database>::TransactionManager;

const WAIT_IN_LINE: Duration = Duration::from_secs(5);
const GROUP_AGE: Duration = Duration::from_millis(20);
const GROUP_SIZE: u32 = 64;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Committed,
    /// Certainly not stored: the unit may run again.
    RolledBack,
    /// The COMMIT itself failed: nothing is acknowledged.
    Failed,
}

pub struct Writer {
    line: Arc<Mutex<State>>,
    waiting: AtomicUsize,
    counts: Arc<Counts>,
    options: SqliteConnectOptions,
}

#[derive(Default)]
struct Counts {
    commits: AtomicU64,
    units: AtomicU64,
}

#[derive(Default)]
struct State {
    conn: Option<SqliteConnection>,
    group: Option<Group>,
}

struct Group {
    fate: watch::Sender<Option<Outcome>>,
    units: u32,
    opened: Instant,
}

impl State {
    /// Ends a group whose state is in doubt: closing the connection undoes it, and every unit of it is told.
    fn abandon(&mut self, fate: Outcome) {
        self.conn = None;
        if let Some(group) = self.group.take() {
            group.fate.send_replace(Some(fate));
        }
    }

    fn depth(&self) -> usize {
        self.conn.as_ref().map_or(0, Manager::get_transaction_depth)
    }
}

impl Writer {
    pub fn new(options: SqliteConnectOptions) -> Arc<Self> {
        Arc::new(Self { line: Arc::default(), waiting: AtomicUsize::new(0), counts: Arc::default(), options })
    }

    /// COMMITs and units so far: fewer COMMITs than units means that they were shared.
    pub fn counts(&self) -> (u64, u64) {
        (self.counts.commits.load(Ordering::SeqCst), self.counts.units.load(Ordering::SeqCst))
    }

    pub async fn begin(self: &Arc<Self>) -> Result<Unit> {
        let queued = Queued::new(self);
        let Ok(mut state) = tokio::time::timeout(WAIT_IN_LINE, self.line.clone().lock_owned()).await else {
            return Err(Error::unavailable("the database is busy: nothing was changed, try again"));
        };
        drop(queued);
        let opened = self.open_unit(&mut state).await;
        if let Err(e) = opened {
            state.abandon(Outcome::RolledBack);
            return Err(e);
        }
        Ok(Unit { state: Some(state) })
    }

    async fn open_unit(self: &Arc<Self>, state: &mut State) -> Result<()> {
        // A unit that was dropped half-way has had its savepoint undone by now; anything else is in doubt.
        if state.group.is_some() && state.conn.is_none() {
            state.abandon(Outcome::RolledBack);
        }
        let conn = match &mut state.conn {
            Some(conn) => conn,
            none => none.insert(SqliteConnection::connect_with(&self.options).await.map_err(error)?),
        };
        if state.group.is_none() {
            Manager::begin(conn, Some("BEGIN IMMEDIATE".into_sql_str())).await.map_err(error)?;
            let group = Group { fate: watch::Sender::new(None), units: 0, opened: Instant::now() };
            state.group = Some(group);
            tokio::spawn(commit(self.clone()));
        }
        Manager::begin(conn, None).await.map_err(error)?;
        if state.depth() == 2 {
            Ok(())
        } else {
            Err(Error::broken("the write connection is not where it should be"))
        }
    }
}

/// Counts those who stand in line, also when they leave it early.
struct Queued<'a>(&'a Writer);
impl<'a> Queued<'a> {
    fn new(writer: &'a Writer) -> Self {
        writer.waiting.fetch_add(1, Ordering::SeqCst);
        Self(writer)
    }
}
impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Owns the COMMIT of one group: stands in line like a writer, lets others pass while the group is young and small.
async fn commit(writer: Arc<Writer>) {
    loop {
        let mut state = writer.line.clone().lock_owned().await;
        let Some(group) = &state.group else { return };
        let others = writer.waiting.load(Ordering::SeqCst) > 0;
        if others && group.units < GROUP_SIZE && group.opened.elapsed() < GROUP_AGE {
            drop(state);
            tokio::task::yield_now().await;
            continue;
        }
        let units = u64::from(group.units);
        let done = match &mut state.conn {
            Some(conn) if Manager::get_transaction_depth(conn) == 1 => Manager::commit(conn).await,
            // SQLite undid the whole transaction by itself (a full disk, say): the depth tells.
            _ => return state.abandon(Outcome::RolledBack),
        };
        if let Err(cause) = done {
            tracing::error!(%cause, units, "a COMMIT failed");
            return state.abandon(Outcome::Failed);
        }
        writer.counts.commits.fetch_add(1, Ordering::SeqCst);
        writer.counts.units.fetch_add(units, Ordering::SeqCst);
        if let Some(group) = state.group.take() {
            group.fate.send_replace(Some(Outcome::Committed));
        }
        return;
    }
}

/// A unit's hold on the write connection.
pub struct Unit {
    state: Option<OwnedMutexGuard<State>>,
}

impl Unit {
    pub fn conn(&mut self) -> Result<&mut SqliteConnection> {
        self.state
            .as_mut()
            .and_then(|state| state.conn.as_mut())
            .ok_or_else(|| Error::broken("the unit has ended"))
    }

    /// Keeps or undoes the savepoint, lets the next one in, and waits for the COMMIT.
    pub async fn finish(mut self, keep: bool) -> Outcome {
        let Some(state) = &mut self.state else { return Outcome::RolledBack };
        let done = match &mut state.conn {
            Some(conn) if keep => Manager::commit(conn).await,
            Some(conn) => Manager::rollback(conn).await,
            None => return Outcome::RolledBack,
        };
        if done.is_err() || state.depth() != 1 {
            state.abandon(Outcome::RolledBack);
        }
        let fate = state.group.as_mut().map(|group| {
            group.units += 1;
            group.fate.subscribe()
        });
        self.state = None;
        match fate {
            Some(mut fate) => fate
                .wait_for(Option::is_some)
                .await
                .map_or(Outcome::Failed, |fate| fate.unwrap_or(Outcome::Failed)),
            None => Outcome::RolledBack,
        }
    }
}

impl Drop for Unit {
    /// A unit whose caller went away: its savepoint is undone, the rest of the group lives on.
    fn drop(&mut self) {
        if let Some(conn) = self.state.as_mut().and_then(|state| state.conn.as_mut()) {
            Manager::start_rollback(conn);
        }
    }
}
