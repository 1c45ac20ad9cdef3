//! /queue.
use super::parts::{Badge, Choice, Empty, EnvRef, Pager, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "queue/index.html", blocks = ["results"])]
pub struct QueuePage {
    pub shell: Shell,
    pub environment: Vec<Choice>,
    pub backend: Vec<Choice>,
    pub rows: Vec<QueueRow>,
    pub pager: Pager,
    pub empty: Empty,
}

pub struct QueueRow {
    pub id: i64,
    pub secret: String,
    pub secret_id: i64,
    pub env: EnvRef,
    /// "Push version 3 to Vault"
    pub what: String,
    pub state: Badge,
    pub attempts: i64,
    pub problem: String,
    pub next: When,
    /// It waits after a failure.
    pub may_hurry: bool,
    pub since: When,
}
