//! /rotations and /rotations/{id}.
use super::parts::{Badge, Choice, Digest, Empty, EnvRef, Form, Note, Pager, Shell, Step, Tab, When};
use super::rotate::BrokenGlass;
use askama::Template;

#[derive(Template)]
#[template(path = "rotations/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub sub: String,
    pub tabs: Vec<Tab>,
    pub filters: RotationFilters,
    pub rows: Vec<RotationRow>,
    pub pager: Pager,
    pub empty: Empty,
}

#[derive(Default)]
pub struct RotationFilters {
    pub environment: Vec<Choice>,
    pub status: Vec<Choice>,
}

pub struct RotationRow {
    pub id: i64,
    pub secret: String,
    pub secret_id: i64,
    pub env: EnvRef,
    pub status: Badge,
    /// "version 7 to 9, given"
    pub what: String,
    pub asked_by: String,
    pub reason: String,
    pub when: When,
}

#[derive(Template)]
#[template(path = "rotations/show.html", blocks = ["rotation"])]
pub struct ShowPage {
    pub shell: Shell,
    pub id: i64,
    pub secret: String,
    pub secret_id: i64,
    pub env: EnvRef,
    pub status: Badge,
    pub sub: Vec<String>,
    pub verdict: Option<Note>,
    pub steps: Vec<Step>,
    /// "Steps"; of what has not happened, "What would happen".
    pub steps_title: &'static str,
    /// Announced when it changes, so no seconds in it: "4 of 6 done".
    pub steps_note: String,
    pub took: String,
    pub done: i64,
    pub all: i64,
    pub percent: i64,
    /// It still moves: the page renews itself.
    pub is_live: bool,
    pub proof: Option<Equality>,
    /// Of a key pair that Keeper made.
    pub public_half: Option<String>,
    pub facts: Vec<(&'static str, String)>,
    pub history: Vec<RotationRef>,
    pub acts: Acts,
    pub request: Option<RequestView>,
    pub form: Form,
    pub glass: Vec<BrokenGlass>,
}

/// What waits for another person, or did. Never the value.
pub struct RequestView {
    pub digest: Option<Digest>,
    pub facts: Vec<(&'static str, String)>,
    pub may_decide: bool,
    /// Where a decider shows first who they are.
    pub prove: Option<String>,
    pub may_withdraw: bool,
}

/// What its reader may do with it.
pub struct Acts {
    pub push: bool,
    /// Where the former version is brought back.
    pub restore: Option<String>,
    pub lead_back: bool,
    /// The way back again, or taking over.
    pub again: bool,
}

impl Acts {
    fn any(&self) -> bool {
        self.push || self.restore.is_some() || self.lead_back || self.again
    }
}

/// After the last step: what the copies hold now.
pub struct Equality {
    pub badge: Badge,
    pub digest: Option<Digest>,
    pub text: String,
}

pub struct RotationRef {
    pub id: i64,
    pub status: Badge,
    pub when: When,
}
