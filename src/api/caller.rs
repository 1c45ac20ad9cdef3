//! Who calls: put there by the gate, which alone knows how.
use super::error::Failure;
use crate::app::Shared;
use crate::domain::actor::Actor;
use crate::domain::error::Error;
use crate::signin::Current;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use std::collections::HashMap;

/// A person by a session's token, or a program by that of its service account.
#[derive(Clone)]
pub struct ApiCaller {
    pub app: Shared,
    pub actor: Actor,
    /// A person's session.
    pub session: Option<Current>,
}

impl<S: Sync> FromRequestParts<S> for ApiCaller {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Error::broken("a caller was asked for on a public route").into())
    }
}

/// The id in the path. What is no id is as unknown as an id that does not exist.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let id = path.map_err(|_| Error::NotFound)?.0.remove("id").and_then(|text| text.parse().ok());
        id.filter(|id| *id > 0).map(Self).ok_or_else(|| Error::NotFound.into())
    }
}
