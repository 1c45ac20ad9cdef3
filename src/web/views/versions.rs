//! /secrets/{id}/versions and what is done to one of them.
use super::parts::{Badge, EnvRef, Form, Pager, Shell, Step};
use super::rotate::Approval;
use super::secrets::{SecretHead, VersionRow};
use askama::Template;

#[derive(Template)]
#[template(path = "secrets/versions.html", blocks = ["results"])]
pub struct VersionsPage {
    pub shell: Shell,
    pub secret: SecretHead,
    pub lines: Vec<VersionLine>,
    pub pager: Pager,
}

/// One version, and what this person may do with it.
pub struct VersionLine {
    pub v: VersionRow,
    pub may_compare: bool,
    pub may_reveal: bool,
    pub may_restore: bool,
    pub may_destroy: bool,
}

impl VersionLine {
    pub fn may_anything(&self) -> bool {
        self.may_compare || self.may_reveal || self.may_restore || self.may_destroy
    }
}

#[derive(Template)]
#[template(path = "secrets/compare.html", blocks = ["results"])]
pub struct ComparePage {
    pub shell: Shell,
    pub secret: SecretHead,
    pub left: i64,
    pub right: i64,
    pub verdict: Badge,
    /// "12 bytes longer, made 3 d later"
    pub note: String,
    pub pair: Vec<VersionRow>,
    /// The number that can be brought back from here.
    pub restore: Option<i64>,
}

#[derive(Template)]
#[template(path = "secrets/restore.html")]
pub struct RestorePage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub number: i64,
    pub form: Form,
    pub pair: Vec<VersionRow>,
    pub plan: Vec<Step>,
    pub approval: Option<Approval>,
}
