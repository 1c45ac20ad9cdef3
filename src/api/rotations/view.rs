//! A rotation as the API shows it, with its steps and with what another person was asked.
use crate::api::words;
use crate::domain::enums::{RotationStatus, StepStatus};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::rotations;
use serde::Serialize;
use utoipa::ToSchema;

/// A change of a value, from the wish to verified copies.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 7, "secret_id": 42, "environment_id": 3, "status": "succeeded", "mode": "generated", "reason": "left the company",
    "actor_id": 5, "actor_name": "ada", "from_version": 2, "to_version": 3, "started_at": "2026-01-31T10:00:00.000000Z",
    "finished_at": "2026-01-31T10:00:02.000000Z", "created_at": "2026-01-31T09:40:00.000000Z",
    "updated_at": "2026-01-31T10:00:02.000000Z",
    "request": {"expires_at": "2026-02-07T09:40:00.000000Z", "decider_name": "max", "remark": "", "summary": "",
        "policy": "letters:32:letters_digits", "former": null, "length": null},
    "steps": [{"step": "switch", "status": "done", "detail": "", "started_at": "2026-01-31T10:00:00.000000Z",
        "finished_at": "2026-01-31T10:00:00.000000Z"}]
}))]
pub struct Rotation {
    /// Its id, in addresses.
    pub id: i64,
    /// The secret whose value it changes.
    pub secret_id: i64,
    /// The environment of the secret.
    pub environment_id: i64,
    #[schema(schema_with = words::rotation_status)]
    pub status: RotationStatus,
    #[schema(schema_with = words::mode)]
    pub mode: String,
    /// Why; empty where nobody said.
    pub reason: String,
    /// The account of whoever began or asked for it. Null: Keeper itself, or the operator of the machine.
    pub actor_id: Option<i64>,
    /// Who began or asked for it.
    pub actor_name: String,
    /// The number of the version that was in force.
    pub from_version: i64,
    /// The number of the version that it made, once there is one.
    pub to_version: Option<i64>,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Utc>,
    /// When it ended, well or not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Utc>,
    /// When it was begun or asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Utc,
    /// What another person was asked to approve. Null where it waited for nobody, and in a list.
    pub request: Option<RotationRequest>,
    /// Its steps. Null in a list.
    pub steps: Option<Vec<Step>>,
}

/// What another person is asked to approve, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "expires_at": "2026-02-07T09:40:00.000000Z", "decider_name": "max", "remark": "not in the week of the release", "summary": "",
    "policy": "letters:32:letters_digits", "former": null, "length": null
}))]
pub struct RotationRequest {
    /// Nobody can approve it after this.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Utc,
    /// Who decided on it; null: nobody has.
    pub decider_name: Option<String>,
    /// What whoever decided had to say.
    pub remark: String,
    /// What would change of how the secret is rotated, a line each; empty where its value changes.
    pub summary: String,
    /// What Keeper makes the value of, where it makes it.
    pub policy: Option<String>,
    /// The number of the version whose value comes back, where one does.
    pub former: Option<i64>,
    /// How many bytes the value has, where it is there already.
    pub length: Option<i64>,
}

/// One step of a rotation.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the columns’ names")]
#[schema(example = json!({
    "step": "copy_vault", "status": "done", "detail": "", "started_at": "2026-01-31T10:00:01.000000Z",
    "finished_at": "2026-01-31T10:00:02.000000Z"
}))]
pub struct Step {
    #[schema(schema_with = words::step)]
    pub step: &'static str,
    #[schema(schema_with = words::step_status)]
    pub status: StepStatus,
    /// What is told of it beside its status.
    pub detail: String,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Utc>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Utc>,
}

impl Rotation {
    pub(super) fn of(
        rotation: rotations::Rotation,
        whole: Option<(Option<RotationRequest>, Vec<Step>)>,
    ) -> Self {
        let (request, steps) = whole.map_or((None, None), |(request, steps)| (request, Some(steps)));
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
            updated_at: rotation.updated_at,
            request,
            steps,
        }
    }
}

impl RotationRequest {
    pub(super) fn of(request: rotations::Request) -> Result<Self> {
        Ok(Self {
            policy: request.policy()?.map(|policy| policy.to_string()),
            expires_at: request.expires_at,
            decider_name: request.decider_name,
            remark: request.remark,
            summary: request.summary,
            former: request.former,
            length: request.length,
        })
    }
}

impl Step {
    pub(super) fn of(step: rotations::Step) -> Self {
        Self {
            step: step.step.as_str(),
            status: step.status,
            detail: step.detail,
            started_at: step.started_at,
            finished_at: step.finished_at,
        }
    }
}
