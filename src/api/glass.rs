//! Broken glass: what somebody did without the approval that it should have waited for, until another person has seen it.
use super::caller::{ApiCaller, Id};
use super::done::{Changed, Done, Of};
use super::list::{Answer, whole};
use super::words;
use crate::environments;
use crate::kit::clock::Utc;
use crate::secrets::{self, Broke, Broken};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A change or a look past the rules, which nobody else has acknowledged yet.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 9, "secret_id": 42, "secret_name": "payments-db-password", "environment_name": "production", "act": "change", "rotation_id": 7,
    "reason": "the old one leaked", "actor_id": 5, "actor_name": "ada", "may_acknowledge": true,
    "created_at": "2026-01-31T10:00:00.000000Z"
}))]
pub struct BrokenGlass {
    /// Its id, in addresses.
    pub id: i64,
    /// The secret that it was done to.
    pub secret_id: i64,
    /// The name of the secret.
    pub secret_name: String,
    /// The environment of the secret.
    pub environment_name: String,
    #[schema(schema_with = words::broke)]
    pub act: Broke,
    /// The rotation that changed the value, where one did.
    pub rotation_id: Option<i64>,
    /// Why it was broken.
    pub reason: String,
    /// The account of whoever did it.
    pub actor_id: Option<i64>,
    /// Who did it.
    pub actor_name: String,
    /// Whether the caller is another manager or admin, who may acknowledge it.
    pub may_acknowledge: bool,
    /// When it was done.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
}

pub async fn index(caller: ApiCaller) -> Answer {
    let places = environments::visible(&caller.app, &caller.actor).await?;
    let broken = secrets::broken(&caller.app, &caller.actor, &places).await?;
    let view = |broken: Broken| BrokenGlass {
        may_acknowledge: broken.may_acknowledge(&caller.actor),
        id: broken.id,
        secret_id: broken.secret_id,
        secret_name: broken.secret_name,
        environment_name: broken.environment_name,
        act: broken.act,
        rotation_id: broken.rotation_id,
        reason: broken.reason,
        actor_id: broken.actor_id,
        actor_name: broken.actor_name,
        created_at: broken.created_at,
    };
    whole(broken.into_iter().map(view).collect())
}

/// It is told by the secret that it was done to.
pub async fn acknowledge(caller: ApiCaller, Id(id): Id) -> Changed {
    let secret = secrets::acknowledge(&caller.app, &caller.actor, id).await?;
    Ok(Done::one(StatusCode::OK, Of::Secret, secret))
}
