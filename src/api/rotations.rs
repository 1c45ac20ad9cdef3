//! Rotations: what became of each change of a value, and what may be done with it.
use super::body::{ValidJson, ValidQuery};
use super::caller::{ApiCaller, Id};
use super::done::{Changed, Done, Of};
use super::list::{Answer, list};
use super::secrets::ReasonGiven;
use super::words;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::environments;
use crate::kit::clock::Utc;
use crate::rotations::{self, ListInput};
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

/// A change of a value, from the wish to verified copies.
#[derive(Serialize, ToSchema)]
pub struct Rotation {
    #[schema(example = 7)]
    pub id: i64,
    #[schema(example = 42)]
    pub secret_id: i64,
    #[schema(example = 1)]
    pub environment_id: i64,
    #[schema(schema_with = words::rotation_status)]
    pub status: RotationStatus,
    /// How the value came: `typed`, `generated`, `restored`, `promoted`, `imported`; or `plan`: none did, how it is rotated changes.
    #[schema(example = "generated")]
    pub mode: String,
    pub reason: String,
    pub actor_id: Option<i64>,
    #[schema(example = "ada")]
    pub actor_name: String,
    #[schema(example = 2)]
    pub from_version: i64,
    #[schema(example = 3)]
    pub to_version: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Utc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Utc>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// Its steps. Null in a list.
    pub steps: Option<Vec<Step>>,
}

/// One step of a rotation.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the columns’ names")]
pub struct Step {
    #[schema(example = "copy_vault")]
    pub step: &'static str,
    #[schema(schema_with = words::step_status)]
    pub status: StepStatus,
    pub detail: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Utc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Utc>,
}

impl Rotation {
    fn of(rotation: rotations::Rotation, steps: Option<Vec<Step>>) -> Self {
        Self {
            id: rotation.id,
            secret_id: rotation.secret_id,
            environment_id: rotation.environment_id,
            status: rotation.status,
            mode: rotation.mode,
            reason: rotation.reason,
            actor_id: rotation.actor_id,
            actor_name: rotation.actor_name,
            from_version: rotation.from_version,
            to_version: rotation.to_version,
            started_at: rotation.started_at,
            finished_at: rotation.finished_at,
            created_at: rotation.created_at,
            steps,
        }
    }
}

pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<ListInput>) -> Answer {
    let places = environments::visible(&caller.app, &caller.actor).await?;
    let page = rotations::list(&caller.app, &query.filter(&places)?).await?;
    list(page, |rotation| Rotation::of(rotation, None))
}

pub async fn show(caller: ApiCaller, Id(id): Id) -> Answer {
    show_one(&caller, id).await
}

pub async fn show_one(caller: &ApiCaller, id: i64) -> Answer {
    let rotation = rotations::find(&caller.app, &caller.actor, id).await?;
    let steps = rotations::steps(&caller.app, id).await?.into_iter().map(|step| Step {
        step: step.step.as_str(),
        status: step.status,
        detail: step.detail,
        started_at: step.started_at,
        finished_at: step.finished_at,
    });
    Ok(Json(Rotation::of(rotation, Some(steps.collect()))).into_response())
}

fn done(id: i64) -> Done {
    Done::one(StatusCode::OK, Of::Rotation, id)
}

pub async fn approve(caller: ApiCaller, Id(id): Id) -> Changed {
    rotations::approve(&caller.app, &caller.actor, id).await?;
    Ok(done(id))
}

pub async fn reject(caller: ApiCaller, Id(id): Id, ValidJson(asked): ValidJson<ReasonGiven>) -> Changed {
    rotations::reject(&caller.app, &caller.actor, id, &asked.read()?).await?;
    Ok(done(id))
}

pub async fn withdraw(caller: ApiCaller, Id(id): Id) -> Changed {
    rotations::withdraw(&caller.app, &caller.actor, id).await?;
    Ok(done(id))
}

pub async fn cancel(caller: ApiCaller, Id(id): Id) -> Changed {
    rotations::cancel(&caller.app, &caller.actor, id).await?;
    Ok(done(id))
}

pub async fn retry(caller: ApiCaller, Id(id): Id) -> Changed {
    rotations::again(&caller.app, &caller.actor, id).await?;
    Ok(done(id))
}
