//! /settings/keys.
use super::parts::{Badge, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "keys/show.html", blocks = ["progress"])]
pub struct ShowPage {
    pub shell: Shell,
    pub provider: &'static str,
    pub how: &'static str,
    /// Or why it is not known just now.
    pub active: Result<String, String>,
    pub all_active: bool,
    pub may_start: bool,
    pub rows: Vec<HoldingRow>,
    /// The rewrap that runs, or the last one that did.
    pub progress: Option<Progress>,
}

pub struct HoldingRow {
    pub place: String,
    pub key_id: String,
    pub count: String,
    pub state: Badge,
}

pub struct Progress {
    pub status: Badge,
    pub verdict: String,
    pub percent: i64,
    pub done: i64,
    pub all: i64,
    pub is_live: bool,
    pub key_id: String,
    pub who: String,
    pub begun: When,
    pub ended: Option<When>,
    /// What it waits for.
    pub trouble: String,
    /// What could not be wrapped anew, and why.
    pub failures: Vec<(String, String)>,
    pub more: bool,
}

impl ShowPage {
    pub fn is_live(&self) -> bool {
        self.progress.as_ref().is_some_and(|progress| progress.is_live)
    }
}
