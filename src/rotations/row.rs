//! Rows of `rotations` and their steps.
use crate::app::App;
use crate::db::{Query, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, RotationStatus, StepStatus};
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
    pub actor_name: String,
    pub from_version: i64,
    pub to_version: Option<i64>,
    pub started_at: Option<Utc>,
    pub finished_at: Option<Utc>,
    pub row_version: i64,
    pub created_at: Utc,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Step {
    pub id: i64,
    pub position: i64,
    pub step: String,
    #[sqlx(try_from = "String")]
    pub status: StepStatus,
    pub detail: String,
    pub started_at: Option<Utc>,
    pub finished_at: Option<Utc>,
}

impl Step {
    /// The backend that the step copies to.
    pub fn backend(&self) -> Option<Backend> {
        match self.step.as_str() {
            "copy_aws" => Some(Backend::Aws),
            "copy_vault" => Some(Backend::Vault),
            _ => None,
        }
    }
}

pub(super) fn copy_step(backend: Backend) -> &'static str {
    match backend {
        Backend::Aws => "copy_aws",
        Backend::Vault => "copy_vault",
    }
}

pub(super) fn select() -> Query {
    sql!(
        "SELECT id, secret_id, environment_id, status, mode, reason, actor_name, from_version, to_version, started_at, finished_at, row_version, created_at
         FROM rotations WHERE 1 = 1"
    )
}

/// One rotation, if the door of its environment is open to the actor.
pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Rotation> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]);
    let mut conn = app.db.read().await?;
    let rotation: Rotation = conn.one(query).await?;
    environments::enter_in(&mut conn, actor, rotation.environment_id).await?;
    Ok(rotation)
}

pub async fn steps(app: &App, rotation_id: i64) -> Result<Vec<Step>> {
    let query = sql!(
        "SELECT id, position, step, status, detail, started_at, finished_at FROM rotation_steps WHERE rotation_id = ? ORDER BY position",
        rotation_id
    );
    app.db.read().await?.all(query).await
}
