//! Rotations: what became of each change of a value, and what may be done with it.
mod view;

use crate::api::body::{ValidJson, ValidQuery};
use crate::api::caller::{ApiCaller, Id};
use crate::api::done::{Changed, Done, Of};
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown};
use crate::api::list::{Answer, list};
use crate::domain::enums::RotationStatus;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::environments;
use crate::rotations::{self, ListInput};
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;
pub use view::Rotation;
use view::{RotationRequest, Step};

/// Why another person’s request is rejected.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "not in the week of the release"}))]
pub struct RotationReject {
    /// For whoever asked, and for the audit log.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500)]
    reason: Field<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

/// Why a rotation is rolled back.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "the service does not take the new value"}))]
pub struct RotationRollBack {
    /// For the audit log, and for whoever approves.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500)]
    reason: Field<String>,
    /// Past the approval that the environment asks for, in sight of everybody. A person’s, and no token’s of a service account.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    break_glass: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

impl RotationReject {
    fn read(self) -> Result<String> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let reason = self.reason.given("reason", &mut errors).unwrap_or_default();
        demand_none(errors).map(|()| reason)
    }
}

impl RotationRollBack {
    fn read(self) -> Result<(String, bool)> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let reason = self.reason.given("reason", &mut errors).unwrap_or_default();
        let breaks_glass = self.break_glass.given("break_glass", &mut errors).unwrap_or_default();
        demand_none(errors).map(|()| (reason, breaks_glass))
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
    let waiting = rotations::request(&caller.app, &rotation).await?;
    let request = waiting.map(|waiting| RotationRequest::of(waiting.request)).transpose()?;
    let steps = rotations::steps(&caller.app, id).await?.into_iter().map(Step::of).collect();
    Ok(Json(Rotation::of(rotation, Some((request, steps)))).into_response())
}

/// What began: 202 where it waits for another person.
pub async fn begun(caller: &ApiCaller, id: i64) -> Changed {
    let rotation = rotations::find(&caller.app, &caller.actor, id).await?;
    let waits = rotation.status == RotationStatus::AwaitingApproval;
    let status = if waits { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    Ok(Done::one(status, Of::Rotation, id))
}

fn done(id: i64) -> Done {
    Done::one(StatusCode::OK, Of::Rotation, id)
}

pub async fn approve(caller: ApiCaller, Id(id): Id) -> Changed {
    rotations::approve(&caller.app, &caller.actor, id).await?;
    Ok(done(id))
}

pub async fn reject(caller: ApiCaller, Id(id): Id, ValidJson(asked): ValidJson<RotationReject>) -> Changed {
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

/// As a rotation of its own.
pub async fn roll_back(
    caller: ApiCaller,
    Id(id): Id,
    ValidJson(asked): ValidJson<RotationRollBack>,
) -> Changed {
    let (reason, breaks_glass) = asked.read()?;
    let began = rotations::roll_back(&caller.app, &caller.actor, id, (&reason, breaks_glass)).await?;
    begun(&caller, began).await
}
