//! POST /secrets/{id}/switch-off, /switch-on and /sync.
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::done::{Changed, Done, Of};
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown};
use crate::api::matching::IfMatch;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::{secrets, sync};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "replaced by another"}))]
pub struct ReasonGiven {
    /// For the audit log; required where the act asks for one, as in production.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    reason: Field<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

impl ReasonGiven {
    pub fn read(self) -> Result<String> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let reason = self.reason.given("reason", &mut errors).unwrap_or_default();
        demand_none(errors).map(|()| reason)
    }
}

pub async fn off(
    caller: ApiCaller,
    Id(id): Id,
    seen: IfMatch,
    ValidJson(asked): ValidJson<ReasonGiven>,
) -> Changed {
    set(&caller, id, &seen, asked, false).await
}

pub async fn on(
    caller: ApiCaller,
    Id(id): Id,
    seen: IfMatch,
    ValidJson(asked): ValidJson<ReasonGiven>,
) -> Changed {
    set(&caller, id, &seen, asked, true).await
}

async fn set(caller: &ApiCaller, id: i64, seen: &IfMatch, asked: ReasonGiven, active: bool) -> Changed {
    let found = secrets::find(&caller.app, &caller.actor, id).await?;
    seen.demand(found.secret.row_version)?;
    let reason = asked.read()?;
    secrets::set_active(&caller.app, &caller.actor, id, active, &reason, found.secret.row_version).await?;
    Ok(Done::one(StatusCode::OK, Of::Secret, id))
}

/// The copies are queued; the secret's statuses tell how they fare.
pub async fn sync(caller: ApiCaller, Id(id): Id) -> Changed {
    sync::request(&caller.app, &caller.actor, id).await?;
    Ok(Done::one(StatusCode::ACCEPTED, Of::Secret, id))
}
