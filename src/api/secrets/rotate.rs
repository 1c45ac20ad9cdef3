//! POST /secrets/{id}/rotate: a new value, given or made by Keeper. It is told by the rotation, which goes on behind it.
use super::input::{bytes, row_version};
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::done::Changed;
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown};
use crate::api::matching::IfMatch;
use crate::api::rotations::begun;
use crate::api::words;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::rotations::{self, RotateInput};
use crate::secrets;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new value for a secret.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "left the company"}))]
pub struct SecretRotate {
    /// 1 byte to 64 KiB, kept byte for byte. Absent: Keeper makes it.
    #[serde(default)]
    #[schema(value_type = String, required = false, write_only, min_length = 1, max_length = 87384)]
    new_value: Field<Plaintext>,
    #[serde(default)]
    #[schema(schema_with = words::encoding, required = false)]
    encoding: Field<String>,
    /// What it is made of, if not of what the secret says.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    policy: Field<String>,
    /// For the audit log; required in production, and where another person approves.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    reason: Field<String>,
    /// Past the approval that the environment asks for, in sight of everybody.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    break_glass: Field<bool>,
    /// The version of the secret that this is meant for, instead of `If-Match`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
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
    begun(&caller, rotation).await
}

impl SecretRotate {
    /// For the version of the secret that was seen.
    fn input(self, seen: i64) -> Result<RotateInput> {
        let mut errors = FieldErrors::default();
        let e = &mut errors;
        let mut input = RotateInput { row_version: seen.to_string(), ..RotateInput::default() };
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
        row_version(self.row_version, &mut input.row_version, e);
        demand_none(errors).map(|()| input)
    }
}
