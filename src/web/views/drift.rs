//! /environments/{id}/copies.
use super::parts::{Badge, Digest, EnvRef, Link, Pager, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "environments/copies.html", blocks = ["outcome"])]
pub struct CopiesPage {
    pub shell: Shell,
    pub env: EnvRef,
    pub has_backend: bool,
    pub may_compare: bool,
    /// `None`: nothing was compared so far.
    pub progress: Option<Progress>,
    pub rows: Vec<DriftRow>,
    pub pager: Pager,
    pub strays: Vec<StrayRow>,
    pub more_strays: bool,
    /// Where they are taken over; none: not by this person.
    pub imports: Vec<Link>,
    pub may_change: bool,
    /// What is asked for again while a comparison runs.
    pub renewed_at: String,
}

pub struct Progress {
    pub status: Badge,
    pub verdict: String,
    pub is_live: bool,
    pub done: i64,
    pub all: i64,
    pub percent: i64,
    pub who: String,
    pub how: &'static str,
    pub begun: When,
    pub ended: Option<When>,
    /// The backends that did not answer.
    pub given_up: String,
    pub unlisted: String,
}

pub struct DriftRow {
    pub id: i64,
    pub name: String,
    pub place: &'static str,
    pub finding: Badge,
    pub here: Option<Digest>,
    pub there: Option<Digest>,
    pub when: When,
    pub href: String,
    pub action: &'static str,
}

pub struct StrayRow {
    pub id: i64,
    pub path: String,
    pub place: &'static str,
    pub since: When,
}

impl CopiesPage {
    pub fn is_live(&self) -> bool {
        self.progress.as_ref().is_some_and(|progress| progress.is_live)
    }
}
