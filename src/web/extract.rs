//! What a handler may ask of a request. The role types are made by the gate alone: who holds one has passed it.
use super::around::Around;
use super::error::Failure;
use crate::app::Shared;
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::{Backend, Role};
use crate::domain::error::Error;
use crate::signin::Current;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;

/// The signed-in person, with what pages need of the request.
#[derive(Clone)]
pub struct CurrentUser {
    pub app: Shared,
    pub current: Current,
    pub actor: Actor,
    pub csrf: String,
    pub theme: Option<&'static str>,
    /// A word for a sentence that is shown once.
    pub said: Option<&'static str>,
    /// htmx asks for a part of the page.
    pub partial: bool,
    pub around: Arc<Around>,
}

/// What every request has, signed in or not; put there by the gate.
#[derive(Clone)]
pub struct Visit {
    pub app: Shared,
    pub trace: Trace,
    pub theme: Option<&'static str>,
    pub htmx: bool,
    /// The path and query that was asked for, to come back to.
    pub here: String,
    /// "POST /secrets/9/reveal": how the audit log names what was asked.
    pub asked: String,
    /// What this browser is known by: its session, or the pre-session cookie.
    pub holder: String,
    /// Whose CSRF token the forms of the answer carry.
    pub csrf: String,
    /// The pre-session cookie, when this visitor gets one with the answer.
    pub fresh_visitor: Option<String>,
    pub current: Option<Arc<CurrentUser>>,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::broken("a route without a gate").into())
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        visit
            .current
            .map(|current| (*current).clone())
            .ok_or_else(|| Error::broken("a signed-in handler on a public route").into())
    }
}

macro_rules! role {
    ($(#[$doc:meta])* $name:ident, $role:expr) => {
        $(#[$doc])*
        pub struct $name(pub CurrentUser);

        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Failure;
            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
                let user = CurrentUser::from_request_parts(parts, state).await?;
                if user.current.user.role >= $role { Ok(Self(user)) } else { Err(Error::Forbidden("your role does not reach this".into()).into()) }
            }
        }
    };
}
role!(/// A manager or an admin. The proof stands in the handler's signature.
    RequireManager, Role::Manager);
role!(/// An admin.
    RequireAdmin, Role::Admin);

/// The id in the path. What is no id is as unknown as an id that does not exist.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        whole(parts, state, "id").await.map(Self)
    }
}

/// The number of a version in the path.
pub struct Number(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        whole(parts, state, "number").await.map(Self)
    }
}

/// The id of one of somebody's sessions in the path.
pub struct SessionId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for SessionId {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        whole(parts, state, "session").await.map(Self)
    }
}

/// The id of one of a service account's tokens in the path.
pub struct TokenId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for TokenId {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        whole(parts, state, "token").await.map(Self)
    }
}

/// The backend in the path, as the enum spells it.
pub struct InBackend(pub Backend);

impl<S: Send + Sync> FromRequestParts<S> for InBackend {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let backend = part(parts, state, "backend").await?.and_then(|text| text.parse().ok());
        backend.map(Self).ok_or_else(|| Error::NotFound.into())
    }
}

/// A part of the path that is a whole number above 0.
async fn whole<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<i64, Failure> {
    let number = part(parts, state, name).await?.and_then(|text| text.parse().ok());
    number.filter(|number| *number > 0).ok_or_else(|| Error::NotFound.into())
}

async fn part<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<Option<String>, Failure> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
    Ok(path.map_err(|_| Error::NotFound)?.0.remove(name))
}

/// The query of a list. A parameter that cannot be read is an error of the address, told as such.
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ValidQuery<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|_| {
            Error::invalid("", "the address holds something that this page does not know").into()
        })
    }
}

/// Light or dark, where somebody has chosen.
pub fn theme(headers: &HeaderMap) -> Option<&'static str> {
    cookie(headers, "theme").and_then(|theme| ["light", "dark"].into_iter().find(|known| *known == theme))
}

/// A cookie by name; the first one counts.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(axum::http::header::COOKIE);
    all.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}
