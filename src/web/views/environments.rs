//! /environments and /environments/{id}.
use super::charts::Share;
use super::parts::{Badge, Choice, Conflict, Empty, EnvRef, Form, Note, Shell};
use super::rotate::BrokenGlass;
use super::sources::SourceRow;
use crate::environments::PathRow;
use askama::Template;

#[derive(Template)]
#[template(path = "environments/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub rows: Vec<EnvironmentRow>,
    pub empty: Empty,
}

pub struct EnvironmentRow {
    pub env: EnvRef,
    pub display_name: String,
    pub access_label: String,
    pub backends: String,
    pub health: Badge,
    pub health_note: String,
    pub secrets: String,
    pub is_active: bool,
}

#[derive(Template)]
#[template(path = "environments/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub form: Form,
    pub people: Vec<Choice>,
    pub stored: &'static str,
    pub paths: Vec<PathsView>,
}

/// The paths that one backend's template gives; of `problem`, `example` and `rows` one is there.
#[derive(Default)]
pub struct PathsView {
    pub title: &'static str,
    pub problem: String,
    pub example: String,
    pub rows: Vec<PathRow>,
    pub warnings: Vec<String>,
    pub note: String,
}

#[derive(Template)]
#[template(path = "environments/preview.html")]
pub struct PreviewPart {
    pub shell: Shell,
    pub paths: Vec<PathsView>,
}

#[derive(Template)]
#[template(path = "environments/edit.html")]
pub struct EditPage {
    pub shell: Shell,
    pub env: EnvRef,
    pub sub: String,
    /// "Fixed since 3 March 2025."
    pub fixed_since: String,
    pub form: Form,
    pub people: Vec<Choice>,
    pub stored: &'static str,
    pub paths: Vec<PathsView>,
    pub conflict: Option<Conflict>,
}

#[derive(Template)]
#[template(path = "environments/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub env: EnvRef,
    pub display_name: String,
    pub description: String,
    pub is_active: bool,
    pub secrets: String,
    pub may_edit: bool,
    pub may_compare: bool,
    pub may_push: bool,
    pub notes: Vec<Note>,
    pub glass: Vec<BrokenGlass>,
    pub backends: Vec<BackendView>,
    pub access_label: String,
    pub members: Vec<Member>,
    pub facts: Vec<(&'static str, String)>,
    pub share: Vec<Share>,
    pub share_note: String,
    pub sources: Vec<SourceRow>,
    pub may_add_source: bool,
}

pub struct BackendView {
    pub name: &'static str,
    pub key: &'static str,
    pub badge: Badge,
    pub facts: Vec<(&'static str, String)>,
    pub path: String,
}

pub struct Member {
    pub name: String,
    pub role: &'static str,
}
