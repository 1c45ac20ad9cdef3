//! /secrets/import and what follows from it.
use super::parts::{Badge, Choice, Digest, EnvRef, Form, Link, Pager, Shell, Tab};
use super::places::PlaceChoice;
use askama::Template;

#[derive(Template)]
#[template(path = "imports/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub form: Form,
    pub to: Where,
    pub formats: Vec<Choice>,
    /// The fields that a row may hold.
    pub fields: Vec<&'static str>,
    pub most_rows: String,
    pub may_gather: bool,
}

/// Into which environment, and what a row is that says nothing of it.
pub struct Where {
    pub environments: Vec<PlaceChoice>,
    pub types: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub stage: &'static str,
}

#[derive(Template)]
#[template(path = "imports/gather.html")]
pub struct GatherPage {
    pub shell: Shell,
    pub form: Form,
    pub to: Where,
    pub backends: Vec<Choice>,
    pub groups: Vec<ChoiceGroup>,
    pub most_rows: String,
}

pub struct ChoiceGroup {
    pub name: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "imports/show.html")]
pub struct PreviewPage {
    pub shell: Shell,
    pub id: i64,
    pub env: EnvRef,
    pub form: Form,
    /// "12 rows of .env: 10 new, 2 changed"
    pub sub: String,
    pub seen: String,
    pub is_possible: bool,
    /// Why nothing can be imported, when it cannot.
    pub verdict: String,
    pub button: String,
    pub asks_reason: bool,
    pub tabs: Vec<Tab>,
    pub rows: Vec<RowView>,
    pub pager: Pager,
    /// Where another one is begun.
    pub again: Link,
    /// The path of each, and why it stays out.
    pub left_out: Vec<(String, String)>,
    pub more_left_out: usize,
}

pub struct RowView {
    pub at: String,
    pub name: String,
    pub href: Option<String>,
    pub state: Badge,
    pub note: String,
    pub size: String,
    pub digest: Option<Digest>,
    pub stored: Option<Digest>,
}

#[derive(Template)]
#[template(path = "imports/done.html", blocks = ["outcome"])]
pub struct DonePage {
    pub shell: Shell,
    pub id: i64,
    pub env: EnvRef,
    pub title: String,
    pub same: String,
    pub when: super::parts::When,
    /// Copies that are right, of all that there are; none where the environment has no backend.
    pub done: i64,
    pub all: i64,
    pub percent: i64,
    pub is_live: bool,
    pub note: String,
    pub rows: Vec<DoneRow>,
    pub more: usize,
}

pub struct DoneRow {
    pub id: i64,
    pub name: String,
    pub what: Badge,
    pub version: i64,
    pub sync: Badge,
}
