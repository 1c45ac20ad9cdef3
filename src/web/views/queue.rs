//! /queue: the durable outbox.
use super::parts::{Badge, Choice, Empty, EnvRef, Note, Pager, Shell, Tab, When};
use askama::Template;

#[derive(Template)]
#[template(path = "queue/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub filters: QueueFilters,
    pub rows: Vec<JobRow>,
    pub pager: Pager,
    pub empty: Empty,
    pub paused: Option<Note>,
}

#[derive(Default)]
pub struct QueueFilters {
    pub environment: Vec<Choice>,
    pub backend: Vec<Choice>,
}

pub struct JobRow {
    pub id: i64,
    /// "Push version 7", "Remove"
    pub what: String,
    pub secret: String,
    pub secret_id: i64,
    pub env: EnvRef,
    pub place: &'static str,
    pub state: Badge,
    /// "4 of 12"
    pub tries: String,
    pub next: Option<When>,
    pub error: String,
    pub may_retry: bool,
}
