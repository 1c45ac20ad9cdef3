//! What a change led to. It is told by what is stored afterwards, read anew, so that a request that is repeated is answered in the
//! same way as the first.
use super::caller::ApiCaller;
use super::error::Failure;
use super::{matching, rotations, secrets, users};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Display;

/// The kind of thing that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Secret,
    /// Several.
    Secrets,
    Rotation,
    User,
}

/// Carried to the gate in the answer's extensions.
#[derive(Debug, Clone)]
pub struct Done {
    pub status: StatusCode,
    pub of: Of,
    pub ids: Vec<i64>,
}

impl Of {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Secrets => "secrets",
            Self::Rotation => "rotation",
            Self::User => "user",
        }
    }
}

pub type Changed = Result<Done, Failure>;

impl Done {
    pub fn one(status: StatusCode, of: Of, id: i64) -> Self {
        Self { status, of, ids: vec![id] }
    }

    /// The thing as it is now, with where it lies and which version of it this is.
    pub async fn show(&self, caller: &ApiCaller) -> Result<Response, Failure> {
        let id = self.ids.first().copied().unwrap_or_default();
        let mut answer = match self.of {
            Of::Secret => secrets::show_one(caller, id).await?,
            Of::Secrets => secrets::show_many(caller, &self.ids).await?,
            Of::Rotation => rotations::show_one(caller, id).await?,
            Of::User => users::show_one(caller, id).await?,
        };
        *answer.status_mut() = self.status;
        let room = match self.of {
            Of::Secret => "secrets",
            Of::Rotation => "rotations",
            Of::User => "users",
            Of::Secrets => return Ok(answer),
        };
        if self.status != StatusCode::OK
            && let Ok(place) = HeaderValue::from_str(&format!("/api/v1/{room}/{id}"))
        {
            answer.headers_mut().insert(header::LOCATION, place);
        }
        Ok(answer)
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// An answer with its version.
pub fn tagged(mut answer: Response, version: impl Display) -> Response {
    if let Some(tag) = matching::tag(version) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}
