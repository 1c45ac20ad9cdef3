//! A page of a list: `{items, next, previous}`.
use super::error::Failure;
use crate::kit::page::Page;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

pub type Answer = Result<Response, Failure>;

/// A page of a list.
#[derive(Serialize)]
struct List<T> {
    items: Vec<T>,
    /// Where the next page begins: send it as `after`. Null at the end.
    next: Option<String>,
    /// Where the page before ends: send it as `before`. Null at the beginning.
    previous: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "a handler's last word, like the others")]
pub fn list<A, T: Serialize>(page: Page<A>, view: impl FnMut(A) -> T) -> Answer {
    let Page { items, previous, next, .. } = page;
    Ok(Json(List { items: items.into_iter().map(view).collect(), next, previous }).into_response())
}

/// All of a list that has no pages.
#[expect(clippy::unnecessary_wraps, reason = "a handler's last word, like the others")]
pub fn whole<T: Serialize>(items: Vec<T>) -> Answer {
    Ok(Json(List { items, next: None, previous: None }).into_response())
}
