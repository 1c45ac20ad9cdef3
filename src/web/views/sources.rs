//! /sources/{id} and below, and which of them a secret is changed at.
use super::parts::{Choice, Conflict, EnvRef, Form, Link, Note, Shell, Step};
use super::rotate::Approval;
use askama::Template;

/// One of an environment's sources in its list.
pub struct SourceRow {
    pub id: i64,
    pub name: String,
    pub engine: &'static str,
    /// "db.example.com:5432"
    pub server: String,
    pub user: String,
}

#[derive(Template)]
#[template(path = "sources/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub source: SourceRow,
    pub env: EnvRef,
    pub facts: Vec<(&'static str, String)>,
    pub secrets: Vec<Link>,
    /// There are more than these.
    pub is_more: bool,
    pub checked: Option<Played>,
    pub may_check: bool,
    pub may_change: bool,
}

/// What came of trying a source out.
pub struct Played {
    pub verdict: Note,
    pub steps: Vec<Step>,
}

#[derive(Template)]
#[template(path = "sources/rehearse.html")]
pub struct RehearsePage {
    pub shell: Shell,
    pub source: SourceRow,
    pub env: EnvRef,
    pub form: Form,
    pub wants_reason: bool,
    pub plan: Vec<Step>,
    pub played: Option<Played>,
}

#[derive(Template)]
#[template(path = "sources/form.html")]
pub struct FormPage {
    pub shell: Shell,
    pub env: EnvRef,
    /// `None`: a new one.
    pub source: Option<Link>,
    pub action: String,
    pub cancel: String,
    pub form: Form,
    pub engines: Vec<Choice>,
    pub trusts: Vec<Choice>,
    pub wants_reason: bool,
    pub conflict: Option<Conflict>,
}

/// Where a secret is used: "Value only", or "PostgreSQL user app" at a source.
pub struct Used {
    pub text: String,
    pub source: Option<Link>,
}

#[derive(Template)]
#[template(path = "secrets/strategy.html")]
pub struct StrategyPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub form: Form,
    pub sources: Vec<Choice>,
    pub shapes: Vec<Choice>,
    /// Some source's users have hosts.
    pub asks_host: bool,
    pub may_name_second: bool,
    /// This reader's adopting would leave one of two users.
    pub leaves_one: bool,
    pub may_add: bool,
    pub wants_reason: bool,
    pub used: Used,
    pub is_set: bool,
    pub approval: Option<Approval>,
    pub plan: Vec<Step>,
    pub notes: Vec<Note>,
}
