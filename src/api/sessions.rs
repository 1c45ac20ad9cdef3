//! A person's own session with a program: `POST /api/v1/sessions`, and its end.
use super::body::ValidJson;
use super::caller::ApiCaller;
use super::error::{Failure, demand_none};
use super::field::{Field, Unknown};
use super::list::Answer;
use crate::app::{App, Shared};
use crate::domain::actor::Trace;
use crate::domain::error::Error;
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::door;
use crate::kit::clock::Utc;
use crate::people::{self, Checked, Means, User};
use crate::signin::{self, SignIn, WRONG, WRONG_CODE};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use utoipa::ToSchema;

/// A person signs in, with the limits and the audit of the form.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"username": "ada", "password": "correct horse battery staple"}))]
pub struct SessionCreate {
    /// The user name.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    username: Field<String>,
    /// The password of the account.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, write_only)]
    password: Field<Plaintext>,
    /// Of the second factor, where the account has one: six digits, or a recovery code. Without it 401 `second_factor_needed`.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    code: Field<Plaintext>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Unknown,
}

/// A token that stands for the person until it expires.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"token": "kps_…", "expires_at": "2026-01-31T10:15:00.000000Z"}))]
pub struct SessionToken {
    /// Send it as `Authorization: Bearer`. It is told once.
    token: String,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Utc,
}

/// Where the request came from.
pub struct CameFrom(Trace);

impl FromRequestParts<Shared> for CameFrom {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Infallible> {
        Ok(Self(door::trace(app, parts)))
    }
}

pub async fn create(
    State(app): State<Shared>,
    CameFrom(trace): CameFrom,
    headers: HeaderMap,
    ValidJson(asked): ValidJson<SessionCreate>,
) -> Answer {
    let mut errors = FieldErrors::default();
    asked.rest.refuse(&mut errors);
    let username = asked.username.given("username", &mut errors);
    let password = asked.password.given("password", &mut errors);
    let code = asked.code.given("code", &mut errors);
    demand_none(errors)?;
    let username = username.ok_or_else(|| Error::invalid("username", "is required"))?;
    let password = password.ok_or_else(|| Error::invalid("password", "is required"))?;
    let (user, second) = match signin::sign_in(&app, &username, &password, trace.clone()).await? {
        SignIn::Welcome(user) => (user, None),
        SignIn::HalfWay(user) => {
            let means = second(&app, &user, code, &trace).await?;
            (user, Some(means))
        }
        SignIn::Refused => return Err(Failure::Unauthenticated(WRONG)),
        SignIn::Slow(wait) => return Err(Failure::Slow(wait)),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (token, expires_at) = signin::begin_bearer(&app, (&user, second), agent, &trace).await?;
    Ok((StatusCode::CREATED, Json(SessionToken { token, expires_at })).into_response())
}

/// The password was right.
async fn second(app: &App, user: &User, code: Option<Plaintext>, trace: &Trace) -> Result<Means, Failure> {
    let code = code.ok_or(Failure::SecondFactorNeeded)?;
    match people::check_second_factor(app, user, &code, trace).await? {
        Checked::Right(means) => Ok(means),
        Checked::Wrong => Err(Failure::Unauthenticated(WRONG_CODE)),
        Checked::Slow(wait) => Err(Failure::Slow(wait)),
    }
}

pub async fn end(caller: ApiCaller) -> Answer {
    let Some(session) = &caller.session else {
        return Err(
            Error::Conflict("this token is of a service account: it ends where it was made".into()).into()
        );
    };
    signin::sign_out(&caller.app, &caller.actor, session).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
