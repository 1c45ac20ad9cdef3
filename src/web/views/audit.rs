//! /audit, and the rows that a secret's activity shares with it.
use super::parts::{Badge, Chip, Choice, EnvRef, Pager, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "audit/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub sub: String,
    pub chain: Chain,
    pub may_check: bool,
    pub filters: AuditFilters,
    pub chips: Vec<Chip>,
    pub days: Vec<EventDay>,
    pub pager: Pager,
}

pub struct Chain {
    pub is_whole: bool,
    pub title: String,
    pub parts: Vec<String>,
}

#[derive(Default)]
pub struct AuditFilters {
    pub from: String,
    pub to: String,
    pub who: String,
    pub action: Vec<Choice>,
    pub environment: Vec<Choice>,
    pub result: Vec<Choice>,
}

pub struct EventDay {
    pub day: String,
    pub events: Vec<EventRow>,
}

pub struct EventRow {
    pub seq: i64,
    /// Its text is the time of day.
    pub when: When,
    pub who: String,
    pub name: String,
    pub on: String,
    pub href: Option<String>,
    pub env: Option<EnvRef>,
    pub result: Badge,
    pub note: String,
    /// The first digits of its link in the chain.
    pub link: String,
    pub is_loud: bool,
}
