//! /bulk/new and /bulk/{id}.
use super::parts::{Badge, EnvRef, Form, Link, Pager, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "bulk/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub stage: &'static str,
    pub title: String,
    pub text: String,
    pub button: String,
    pub kind: &'static str,
    pub is_tag: bool,
    pub is_danger: bool,
    pub asks_reason: bool,
    /// What is worth knowing of the chosen ones, a sentence each.
    pub facts: Vec<String>,
    /// "production/db-password", the first of them.
    pub names: Vec<String>,
    pub more: usize,
    pub ids: Vec<i64>,
    pub form: Form,
}

#[derive(Template)]
#[template(path = "bulk/show.html", blocks = ["progress"])]
pub struct ShowPage {
    pub shell: Shell,
    pub id: i64,
    /// This very page, for htmx.
    pub here: String,
    pub title: String,
    pub begun: When,
    pub reason: String,
    pub status: Badge,
    pub verdict: String,
    pub done: i64,
    pub all: i64,
    pub percent: i64,
    pub is_live: bool,
    pub rows: Vec<ItemView>,
    pub pager: Pager,
}

pub struct ItemView {
    pub secret_id: i64,
    pub name: String,
    pub env: EnvRef,
    pub state: Badge,
    pub detail: String,
    pub rotation: Option<Link>,
}
