//! /settings/backends.
use super::parts::{Badge, EnvRef, Shell, Step};
use askama::Template;

#[derive(Template)]
#[template(path = "backends/index.html")]
pub struct IndexPage {
    pub shell: Shell,
    pub rows: Vec<BackendRow>,
}

pub struct BackendRow {
    pub env: EnvRef,
    pub key: &'static str,
    pub name: &'static str,
    pub address: String,
    pub path: String,
    /// What waits there after a failure, and why; none where all is well.
    pub trouble: Option<(Badge, String)>,
    pub is_active: bool,
}

#[derive(Template)]
#[template(path = "backends/test.html")]
pub struct TestPage {
    pub shell: Shell,
    pub env: EnvRef,
    pub key: &'static str,
    pub name: &'static str,
    pub address: String,
    pub path: String,
    /// None: it was not tested yet.
    pub verdict: Option<Badge>,
    pub steps: Vec<Step>,
}
