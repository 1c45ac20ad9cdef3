//! What is answered instead: one envelope for every refusal, whoever refuses. The cause goes to the log, once.
use crate::domain::error::Error;
use crate::domain::fields::FieldErrors;
use crate::door::SOON;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::Duration;
use utoipa::ToSchema;

/// A refusal on its way to the gate.
pub enum Failure {
    /// A feature's.
    Said(Error),
    /// Nobody is known by this token, or there is none.
    Unauthenticated(&'static str),
    SecondFactorNeeded,
    /// Too often; when it may be tried again.
    Slow(Duration),
    /// `If-Match` names another version than the one that is stored.
    NotMatching,
    NotJson(String),
    TooLarge(usize),
    /// The body did not come in time.
    TooSlow,
    NotThisKind,
    NoSuchMethod,
    /// The same `Idempotency-Key` with another request.
    KeyUsed,
    /// The first request with this key has not ended.
    KeyBusy,
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Self::Said(e)
    }
}

/// Carried in the answer's extensions: what a feature said.
#[derive(Clone)]
pub struct Cause(pub Arc<Error>);

/// Every answer that is a refusal has this shape.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"error": {"code": "invalid", "message": "the input is not valid", "fields": {"name": ["is required"]}}}))]
pub struct ErrorEnvelope {
    /// What was refused, and why.
    pub error: ErrorBody,
}

/// What was refused, and why.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"code": "invalid", "message": "the input is not valid", "fields": {"name": ["is required"]}}))]
pub struct ErrorBody {
    /// A word for programs: `not_found`, `invalid`, `conflict` …
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// What is wrong with which field. Empty where it concerns none.
    pub fields: BTreeMap<String, Vec<String>>,
}

impl Failure {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Said(Error::NotFound) => StatusCode::NOT_FOUND,
            Self::Said(Error::Forbidden(_) | Error::ProofNeeded) => StatusCode::FORBIDDEN,
            Self::Said(Error::Conflict(_) | Error::Taken) | Self::KeyBusy => StatusCode::CONFLICT,
            Self::Said(Error::Invalid(_)) | Self::KeyUsed => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Said(Error::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Said(Error::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unauthenticated(_) | Self::SecondFactorNeeded => StatusCode::UNAUTHORIZED,
            Self::Slow(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotMatching => StatusCode::PRECONDITION_FAILED,
            Self::NotJson(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotThisKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Said(Error::NotFound) => "not_found",
            Self::Said(Error::Forbidden(_)) => "forbidden",
            Self::Said(Error::ProofNeeded) => "proof_needed",
            Self::Said(Error::Conflict(_) | Error::Taken) => "conflict",
            Self::Said(Error::Invalid(_)) => "invalid",
            Self::Said(Error::Unavailable { .. }) => "unavailable",
            Self::Said(Error::Broken(_)) => "broken",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::Slow(_) => "too_many_requests",
            Self::NotMatching => "precondition_failed",
            Self::NotJson(_) => "bad_request",
            Self::TooLarge(_) => "too_large",
            Self::TooSlow => "too_slow",
            Self::NotThisKind => "unsupported_media_type",
            Self::NoSuchMethod => "method_not_allowed",
            Self::KeyUsed => "idempotency_key_reused",
            Self::KeyBusy => "idempotency_key_in_use",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Said(Error::NotFound) => "there is nothing here, or not for you".into(),
            Self::Said(Error::Broken(_)) => {
                "Keeper broke: the log has the cause, under the id in x-request-id".into()
            }
            Self::Said(Error::Invalid(fields)) if !fields.of("").is_empty() => fields.of("").join("; "),
            Self::Said(e) => e.to_string(),
            Self::Unauthenticated(why) => (*why).into(),
            Self::SecondFactorNeeded => "this account has a second factor: send its code as well".into(),
            Self::Slow(wait) => format!("too many requests: wait {} s", seconds(*wait)),
            Self::NotMatching => "it was changed since you read it: read it again, and decide again".into(),
            Self::NotJson(why) => why.clone(),
            Self::TooLarge(most) => format!("the body is too large: at most {most} bytes"),
            Self::TooSlow => "the body did not come in time: send it again, in one go".into(),
            Self::NotThisKind => "the body must be JSON, with Content-Type: application/json".into(),
            Self::NoSuchMethod => "this address does not know this method".into(),
            Self::KeyUsed => "this Idempotency-Key came with another request before: take a new one".into(),
            Self::KeyBusy => {
                "a request with this Idempotency-Key is still being worked on: ask again in a moment".into()
            }
        }
    }

    fn fields(&self) -> BTreeMap<String, Vec<String>> {
        let Self::Said(Error::Invalid(fields)) = self else { return BTreeMap::new() };
        let named = fields.iter().filter(|(field, _)| !field.is_empty());
        named.map(|(field, messages)| (field.to_owned(), messages.to_vec())).collect()
    }

    pub fn envelope(&self) -> ErrorEnvelope {
        let error = ErrorBody { code: self.code(), message: self.message(), fields: self.fields() };
        ErrorEnvelope { error }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Unauthenticated(_) | Self::SecondFactorNeeded => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"keeper\"")))
            }
            Self::Slow(wait) => Some((header::RETRY_AFTER, HeaderValue::from(seconds(*wait)))),
            Self::Said(Error::Unavailable { .. }) => Some((header::RETRY_AFTER, HeaderValue::from(SOON))),
            Self::KeyBusy => Some((header::RETRY_AFTER, HeaderValue::from_static("1"))),
            _ => None,
        }
    }
}

/// At least one, and never less than the wait.
fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.whole_seconds()).unwrap_or(0).saturating_add(1)
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.envelope())).into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if let Self::Said(e) = self {
            response.extensions_mut().insert(Cause(Arc::new(e)));
        }
        response
    }
}

/// Field errors that were gathered, if there are any.
pub fn demand_none(errors: FieldErrors) -> Result<(), Error> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
