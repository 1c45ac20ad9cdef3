//! Rows of `rotations` and their steps.
use crate::app::App;
use crate::db::{Conn, Query, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, RotationStatus, StepStatus, spelled};
use crate::domain::error::Result;
use crate::environments;
use crate::kit::clock::Utc;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Rotation {
    pub id: i64,
    pub secret_id: i64,
    pub environment_id: i64,
    #[sqlx(try_from = "String")]
    pub status: RotationStatus,
    pub mode: String,
    pub reason: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub from_version: i64,
    pub to_version: Option<i64>,
    pub started_at: Option<Utc>,
    pub finished_at: Option<Utc>,
    /// When the worker goes on with it; `None` where nothing is left to do but the copies.
    pub run_at: Option<Utc>,
    /// A worker has it in hand until then.
    pub lease_until: Option<Utc>,
    pub attempts: i64,
    pub is_undoing: bool,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

spelled!(/// What a step does: seals the value, changes it at the source, tries it there, puts it in force, copies it.
StepKind { Value = "value", Source = "source", Try = "try", Switch = "switch", CopyAws = "copy_aws", CopyVault = "copy_vault" });

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Step {
    pub id: i64,
    pub position: i64,
    #[sqlx(try_from = "String")]
    pub step: StepKind,
    #[sqlx(try_from = "String")]
    pub status: StepStatus,
    pub detail: String,
    pub started_at: Option<Utc>,
    pub finished_at: Option<Utc>,
}

impl Rotation {
    /// Whether this person asked for it.
    pub fn is_of(&self, actor: &Actor) -> bool {
        self.actor_id.is_some() && self.actor_id == actor.id()
    }

    pub fn is_leased(&self) -> bool {
        self.lease_until.is_some()
    }
}

impl Step {
    /// The backend that the step copies to.
    pub fn backend(&self) -> Option<Backend> {
        match self.step {
            StepKind::CopyAws => Some(Backend::Aws),
            StepKind::CopyVault => Some(Backend::Vault),
            _ => None,
        }
    }
}

pub(super) fn copy_step(backend: Backend) -> StepKind {
    match backend {
        Backend::Aws => StepKind::CopyAws,
        Backend::Vault => StepKind::CopyVault,
    }
}

pub(super) fn select() -> Query {
    sql!(
        "SELECT id, secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, to_version, started_at, finished_at,
           run_at, lease_until, attempts, is_undoing, row_version, created_at, updated_at
         FROM rotations WHERE 1 = 1"
    )
}

/// One rotation, if the door of its environment is open to the actor.
pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Rotation> {
    let mut conn = app.db.read().await?;
    let rotation = read(&mut conn, id, "").await?;
    environments::enter_in(&mut conn, actor, rotation.environment_id).await?;
    Ok(rotation)
}

/// For whoever has the right to it; ` {lock}` holds its row until the unit ends.
pub(super) async fn read(conn: &mut Conn, id: i64, lock: &'static str) -> Result<Rotation> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]).push(lock, []);
    conn.one(query).await
}

pub async fn steps(app: &App, rotation_id: i64) -> Result<Vec<Step>> {
    steps_in(&mut app.db.read().await?, rotation_id).await
}

pub(super) async fn steps_in(conn: &mut Conn, rotation_id: i64) -> Result<Vec<Step>> {
    let query = sql!(
        "SELECT id, position, step, status, detail, started_at, finished_at FROM rotation_steps WHERE rotation_id = ? ORDER BY position",
        rotation_id
    );
    conn.all(query).await
}
