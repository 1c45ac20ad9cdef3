//! POST /secrets/{id}/reveal: the one answer that holds a value. It is not compressed and kept nowhere.
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown, number};
use crate::api::list::Answer;
use crate::api::words;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::secrets::{self, Revealed};
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;

/// Why a value is to be shown, and which.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "deployment 1204"}))]
pub struct RevealRequest {
    /// For the audit log; required for what is restricted.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    reason: Field<String>,
    /// The number of the version. Absent: the one in force.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
    version_number: Field<i64>,
    /// The former name of `version_number`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, deprecated)]
    version: Field<i64>,
    /// By an admin who is no member, in an emergency, in sight of everybody.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    break_glass: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

/// A value, and which version of its secret it is.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "secret_id": 42, "version_number": 3, "version": 3, "value": "…", "encoding": "utf-8", "length": 32, "digest": "9f86d081884c7d65"
}))]
pub struct RevealedValue<'a> {
    /// The secret whose value it is.
    secret_id: i64,
    /// The number of the version that was revealed.
    version_number: i64,
    /// The former name of `version_number`.
    #[schema(deprecated)]
    version: i64,
    /// The value, written as `encoding` says.
    #[schema(value_type = String)]
    value: Cow<'a, str>,
    #[schema(schema_with = words::encoding_given)]
    encoding: &'static str,
    /// How many bytes the value has.
    length: usize,
    /// The beginning of its keyed digest: equal values have equal ones.
    digest: Option<String>,
}

pub async fn reveal(caller: ApiCaller, Id(id): Id, ValidJson(asked): ValidJson<RevealRequest>) -> Answer {
    let (reason, version, breaks_glass) = asked.read()?;
    let (app, actor) = (&caller.app, &caller.actor);
    let revealed = if breaks_glass {
        secrets::reveal_by_glass(app, actor, id, version, &reason).await?
    } else {
        secrets::reveal(app, actor, id, version, &reason).await?
    };
    Ok(show(&revealed))
}

impl RevealRequest {
    fn read(self) -> Result<(String, Option<i64>, bool)> {
        let mut errors = FieldErrors::default();
        self.rest.refuse(&mut errors);
        let reason = self.reason.given("reason", &mut errors).unwrap_or_default();
        let version = number("version_number", self.version_number, &mut errors);
        let former = number("version", self.version, &mut errors);
        if version.is_some() && former.is_some() {
            errors.add("version", "is the former name of version_number: give one of them");
        }
        let breaks_glass = self.break_glass.given("break_glass", &mut errors).unwrap_or_default();
        demand_none(errors)?;
        Ok((reason, version.or(former), breaks_glass))
    }
}

fn show(revealed: &Revealed) -> axum::response::Response {
    let bytes = revealed.value.expose();
    let (value, encoding) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), "utf-8"),
        Err(_) => (Cow::Owned(STANDARD.encode(bytes)), "base64"),
    };
    let view = RevealedValue {
        secret_id: revealed.found.secret.id,
        version_number: revealed.number,
        version: revealed.number,
        value,
        encoding,
        length: bytes.len(),
        digest: revealed.digest.map(|digest| digest.hex()),
    };
    let mut answer = Json(view).into_response();
    // A length that depends on how well a value compresses would tell of it.
    answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    answer
}
