//! POST /secrets/{id}/rotate: a new value, given or made by Keeper. It is told by the rotation, which goes on behind it.
use super::input::bytes;
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::done::{Changed, Done, Of};
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown};
use crate::api::matching::IfMatch;
use crate::domain::enums::RotationStatus;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::rotations::{self, RotateInput};
use crate::secrets;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new value for a secret.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "left the company"}))]
pub struct SecretRotate {
    /// 1 byte to 64 KiB, kept byte for byte. Absent: Keeper makes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    new_value: Field<Plaintext>,
    /// `utf-8` unless told, or `base64` for bytes that are no text.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    encoding: Field<String>,
    /// What it is made of, if not of what the secret says.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    policy: Field<String>,
    /// For the audit log; required in production, and where another person approves.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "left the company")]
    reason: Field<String>,
    /// Past the approval that the environment asks for, in sight of everybody.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    break_glass: Field<bool>,
    /// The version of the secret that this is meant for, instead of `If-Match`.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    row_version: Field<i64>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

pub async fn rotate(
    caller: ApiCaller,
    Id(id): Id,
    seen: IfMatch,
    ValidJson(asked): ValidJson<SecretRotate>,
) -> Changed {
    let found = secrets::find(&caller.app, &caller.actor, id).await?;
    found.demand_way(&caller.actor)?;
    seen.demand(found.secret.row_version)?;
    let wish = asked.input(found.secret.row_version)?.parse()?;
    let rotation = rotations::rotate(&caller.app, &caller.actor, id, wish).await?;
    let waits = rotations::find(&caller.app, &caller.actor, rotation).await?.status
        == RotationStatus::AwaitingApproval;
    let status = if waits { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    Ok(Done::one(status, Of::Rotation, rotation))
}

impl SecretRotate {
    fn input(self, row_version: i64) -> Result<RotateInput> {
        let mut errors = FieldErrors::default();
        let e = &mut errors;
        let mut input = RotateInput { row_version: row_version.to_string(), ..RotateInput::default() };
        self.rest.refuse(e);
        if matches!(self.new_value, Field::Null) {
            e.add("new_value", "must be a text, or absent so that Keeper makes it");
        }
        input.new_value = bytes("new_value", (self.new_value, self.encoding), e);
        let mode = if input.new_value.is_some() { "typed" } else { "generated" };
        mode.clone_into(&mut input.mode);
        self.policy.over("policy", &mut input.policy.policy, e);
        self.reason.over("reason", &mut input.reason, e);
        if self.break_glass.given("break_glass", e) == Some(true) {
            input.break_glass = Some("true".to_owned());
        }
        self.row_version.over("row_version", &mut input.row_version, e);
        demand_none(errors).map(|()| input)
    }
}
