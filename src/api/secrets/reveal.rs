//! POST /secrets/{id}/reveal: the one answer that holds a value. It is not compressed and kept nowhere.
use crate::api::body::ValidJson;
use crate::api::caller::{ApiCaller, Id};
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown};
use crate::api::list::Answer;
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
    /// Absent: the one in force.
    #[serde(default)]
    #[schema(value_type = Option<i64>, example = 2)]
    version: Field<i64>,
    /// By an admin who is no member, in an emergency, in sight of everybody.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    break_glass: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

/// A value.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"secret_id": 42, "version": 3, "value": "…", "encoding": "utf-8", "length": 32, "digest": "9f86d081884c7d65"}))]
pub struct RevealedValue<'a> {
    secret_id: i64,
    version: i64,
    #[schema(value_type = String)]
    value: Cow<'a, str>,
    /// `utf-8`: the value is text, as it is. `base64`: it is none.
    encoding: &'static str,
    /// Bytes.
    length: usize,
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
        let version = self.version.given("version", &mut errors);
        let breaks_glass = self.break_glass.given("break_glass", &mut errors).unwrap_or_default();
        demand_none(errors)?;
        Ok((reason, version, breaks_glass))
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
