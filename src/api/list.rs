//! A page of a list: `{items, next}`.
use super::error::Failure;
use crate::kit::page::{self, Cursor, Page};
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

pub type Answer = Result<Response, Failure>;

/// A page of a list.
#[derive(Serialize)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Where the next page begins: send it as `after`. Null at the end.
    pub next: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "a handler's last word, like the others")]
pub fn list<A, T: Serialize>(page: Page<A>, view: impl FnMut(A) -> T) -> Answer {
    let next = page.next;
    Ok(Json(List { items: page.items.into_iter().map(view).collect(), next }).into_response())
}

/// Where a page of a list without filters begins.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct After {
    pub after: String,
    pub limit: Option<u32>,
}

impl After {
    pub fn cursor(&self) -> Cursor {
        Cursor::read(&self.after, "")
    }

    pub fn limit(&self) -> u32 {
        page::limit(self.limit)
    }
}
