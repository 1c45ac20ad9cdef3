//! What waits to be done in backends: shown to whoever may ask for it, and hurried.
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Value;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role, Scope};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page};
use crate::outbox::{self, Kind};
use crate::{secrets, sql, tx};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub secret_id: i64,
    pub secret_name: String,
    pub environment_id: i64,
    pub version_number: i64,
    /// A worker is at it.
    pub is_running: bool,
    /// Its copy has failed: it is tried seldom.
    pub has_failed: bool,
    pub attempts: i64,
    pub run_at: Utc,
    pub last_error: Option<String>,
    pub created_at: Utc,
}

#[derive(Debug, Default, Clone)]
pub struct QueueFilter {
    pub environments: Vec<i64>,
    pub backend: Option<Backend>,
    pub cursor: Cursor,
    pub limit: u32,
}

/// In the order in which they came.
pub async fn waiting(app: &App, filter: &QueueFilter) -> Result<Page<Waiting>> {
    let back = filter.cursor.is_back();
    let mut rows = Vec::new();
    // Each by its own index; the few rows are put in order here.
    for backend in Backend::ALL.iter().filter(|one| filter.backend.is_none_or(|wanted| wanted == **one)) {
        for state in ["leased", "waiting"] {
            rows.extend(read(app, filter, *backend, state).await?);
        }
    }
    rows.sort_by_key(|row: &Waiting| row.id);
    if back {
        rows.reverse();
    }
    rows.truncate(filter.limit as usize + 1);
    Ok(Page::of(rows, filter.limit as usize, &filter.cursor, |row| row.id.to_string()))
}

async fn read(app: &App, filter: &QueueFilter, backend: Backend, state: &str) -> Result<Vec<Waiting>> {
    let back = filter.cursor.is_back();
    let mut query = sql!(
        "SELECT j.id, j.kind, j.backend, j.secret_id, s.name AS secret_name, s.environment_id, j.version_number, (j.state = 'leased') AS is_running,
           (CASE j.backend WHEN 'aws' THEN s.aws_sync_status ELSE s.vault_sync_status END = 'failed') AS has_failed,
           j.attempts, j.run_at, j.last_error, j.created_at
         FROM jobs j JOIN secrets s ON s.id = j.secret_id WHERE j.backend = ? AND j.state = ?",
        backend,
        state
    );
    query.push_list(" AND s.environment_id IN ", filter.environments.iter().copied().map(Value::from));
    if let Some(id) = filter.cursor.number() {
        query.push(if back { " AND j.id < ?" } else { " AND j.id > ?" }, [id.into()]);
    }
    query.push(if back { " ORDER BY j.id DESC" } else { " ORDER BY j.id" }, []);
    query.push(" LIMIT ?", [Value::from(i64::from(filter.limit) + 1)]);
    app.db.read().await?.all(query).await
}

/// "Try now": a job that waits after a failure is due at once.
pub async fn hurry(app: &App, actor: &Actor, job_id: i64) -> Result<()> {
    actor.demand_with(Scope::SecretsSync, Role::Manager, "pushing again")?;
    let query = sql!("SELECT j.secret_id, j.backend FROM jobs j WHERE j.id = ?", job_id);
    let (secret_id, backend): (i64, String) =
        app.db.read().await?.maybe(query).await?.ok_or(Error::NotFound)?;
    let done = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, secret_id).await?;
        if !outbox::hurry(tx, app.now(), job_id).await? {
            return Err(Error::Conflict("it is done by now, or a worker is at it".into()));
        }
        let event = Event::new("copy.requested", found.label())
            .environment(found.secret.environment_id)
            .secret(secret_id)
            .with("backend", backend.as_str());
        audit::record(app, tx, actor, event).await.map(drop)
    });
    app.jobs.notify_waiters();
    done
}
