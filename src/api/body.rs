//! A request's body as JSON. What serde says of one that does not fit may repeat what it holds: only the place is told.
use super::error::Failure;
use crate::domain::error::Error;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A body that is JSON. No body at all is an object without fields: what it lacks is told by name. But a change without one says nothing,
/// and was hardly meant so.
pub struct ValidJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ValidJson<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let is_json = is_json(request.headers());
        let is_change = request.method() == Method::PATCH;
        let bytes = Bytes::from_request(request, state).await.map_err(Error::broken)?;
        if bytes.is_empty() && is_change {
            return Err(Failure::NotJson("a change takes a body: a JSON object of what is to change".into()));
        }
        if bytes.is_empty() {
            return read(b"{}").map(Self);
        }
        if !is_json {
            return Err(Failure::NotThisKind);
        }
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|e| {
        if e.classify() == Category::Data {
            let why = "the body must be a JSON object that holds each of its fields once";
            return Error::invalid("", why).into();
        }
        let (line, column) = (e.line(), e.column());
        Failure::NotJson(format!("the body is not JSON: it cannot be read at line {line}, column {column}"))
    })
}

/// The query of a list. A parameter that cannot be read is told as such.
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ValidQuery<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|_| Error::invalid("", "the address holds a parameter that cannot be read").into())
    }
}
