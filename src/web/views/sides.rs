//! /environments/compare, and /secrets/{id}/promote: two environments, two secrets, no value.
use super::parts::{Badge, Choice, Digest, EnvRef, Form, Link, Note, Pager, Shell, Step};
use super::rotate::Approval;
use askama::Template;

#[derive(Template)]
#[template(path = "environments/compare.html", blocks = ["results"])]
pub struct ComparePage {
    pub shell: Shell,
    /// The louder of the two.
    pub stage: &'static str,
    pub left: Vec<Choice>,
    pub right: Vec<Choice>,
    pub show: Vec<Choice>,
    /// `None`: two have not been chosen yet.
    pub result: Option<SidesView>,
}

pub struct SidesView {
    pub left: EnvRef,
    pub right: EnvRef,
    pub rows: Vec<PairRow>,
    pub pager: Pager,
    /// Why there are no rows.
    pub empty: &'static str,
}

pub struct PairRow {
    pub name: String,
    pub state: Badge,
    pub left: Option<SideView>,
    pub right: Option<SideView>,
    /// From left to right, where that is allowed and changes something.
    pub promote: Option<String>,
}

pub struct SideView {
    pub id: i64,
    pub version: i64,
    pub size: String,
    pub digest: Option<Digest>,
    pub level: &'static str,
}

#[derive(Template)]
#[template(path = "secrets/promote.html")]
pub struct PromotePage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    /// Of the target; the source's while none is chosen.
    pub stage: &'static str,
    /// The environments that a value of this secret may go to.
    pub targets: Vec<Choice>,
    pub form: Form,
    pub plan: Option<PromotePlan>,
    pub approval: Option<Approval>,
}

pub struct PromotePlan {
    pub to: EnvRef,
    pub number: i64,
    pub row_version: i64,
    pub from: SideView,
    pub there: Option<SideView>,
    pub state: Badge,
    pub notes: Vec<Note>,
    pub steps: Vec<Step>,
    pub compare: Link,
}
