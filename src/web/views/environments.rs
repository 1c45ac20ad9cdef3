//! /environments and /environments/{id}.
use super::parts::{Badge, Choice, Empty, EnvRef, Form, Note, Pager, Share, Shell, Tab, When};
use askama::Template;

#[derive(Template)]
#[template(path = "environments/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<EnvironmentRow>,
    pub pager: Pager,
    pub empty: Empty,
}

pub struct EnvironmentRow {
    pub env: EnvRef,
    pub display_name: String,
    pub access_label: String,
    pub backends: String,
    pub health: Badge,
    pub health_note: String,
    pub secrets: i64,
    pub is_active: bool,
}

#[derive(Template)]
#[template(path = "environments/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub form: Form,
    pub people: Vec<Choice>,
    pub aws: BackendForm,
    pub vault: BackendForm,
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
    pub aws: BackendForm,
    pub vault: BackendForm,
}

/// GET /environments/preview answers this alone.
#[derive(Template)]
#[template(path = "environments/_preview.html")]
pub struct Preview {
    pub preview: Vec<PathLine>,
}

pub struct BackendForm {
    pub probe: Option<Probe>,
    pub preview: Vec<PathLine>,
    /// "Leave it empty to keep the one that is stored. It is never shown."
    pub stored: &'static str,
}

#[derive(Clone)]
pub struct PathLine {
    pub before: String,
    pub name: String,
    pub after: String,
}

/// What a connection test found.
pub struct Probe {
    pub works: bool,
    pub when: When,
    pub took: String,
    pub steps: Vec<ProbeStep>,
    pub todo: Option<String>,
}

pub struct ProbeStep {
    pub name: &'static str,
    pub detail: String,
    pub badge: Badge,
}

#[derive(Template)]
#[template(path = "environments/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub env: EnvRef,
    pub display_name: String,
    pub description: String,
    pub is_active: bool,
    pub secrets: i64,
    pub may_edit: bool,
    pub notes: Vec<Note>,
    pub backends: Vec<BackendView>,
    pub access_label: String,
    pub members: Vec<Member>,
    pub facts: Vec<(&'static str, String)>,
    pub share: Vec<Share>,
    pub share_note: String,
}

pub struct BackendView {
    pub name: &'static str,
    pub key: &'static str,
    pub badge: Badge,
    pub facts: Vec<(&'static str, String)>,
    pub path: String,
    pub probe: Option<Probe>,
}

pub struct Member {
    pub name: String,
    pub role: &'static str,
    pub since: When,
}
