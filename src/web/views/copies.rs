//! /secrets/{id}/copies and what is decided about one of them.
use super::parts::{Badge, Digest, EnvRef, Form, Shell, When};
use super::secrets::SecretHead;
use askama::Template;

#[derive(Template)]
#[template(path = "secrets/copies.html")]
pub struct CopiesPage {
    pub shell: Shell,
    pub secret: SecretHead,
    pub verdict: Badge,
    pub sides: Vec<Side>,
    pub cards: Vec<CopyCard>,
    pub may_verify: bool,
    pub may_push: bool,
    pub may_choose: bool,
}

/// One place that has the value, beside the others.
pub struct Side {
    pub place: &'static str,
    /// The place's own name of it.
    pub version: String,
    pub digest: Option<Digest>,
    /// When it was last read there.
    pub since: Option<When>,
    pub state: Badge,
}

pub struct CopyCard {
    pub key: &'static str,
    pub place: &'static str,
    /// False: the secret is kept out of it.
    pub is_linked: bool,
    pub state: Badge,
    pub path: String,
    /// Where the environment's template puts it now, if that is elsewhere.
    pub moves_to: Option<String>,
    /// Where one was left when it moved.
    pub left: Option<String>,
    /// The ARN, or the mount and the path.
    pub id: String,
    /// Which of Keeper's versions was last pushed.
    pub holds: Option<i64>,
    pub pushed: Option<When>,
    pub attempts: i64,
    pub next_try: Option<When>,
    pub problem: String,
    pub found: Option<Found>,
}

/// What the last comparison found there.
pub struct Found {
    pub badge: Badge,
    pub when: When,
    pub detail: String,
    pub remedy: String,
}

#[derive(Template)]
#[template(path = "secrets/choose.html")]
pub struct ChoosePage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub key: &'static str,
    pub place: &'static str,
    pub path: String,
    /// Keeper's, and what was found there.
    pub sides: Vec<Side>,
    /// What was found, in words; empty where nothing was compared.
    pub found: String,
    pub choices: Vec<Offer>,
    /// choice, reason, there, row_version.
    pub form: Form,
}

/// /secrets/{id}/sync.
#[derive(Template)]
#[template(path = "secrets/push.html", blocks = ["writes"])]
pub struct PushPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub rows: Vec<WriteRow>,
    pub may_push: bool,
}

/// What a push writes in one backend.
pub struct WriteRow {
    pub place: &'static str,
    pub path: String,
    pub badge: Badge,
    pub text: String,
    /// What is there was not put there by Keeper.
    pub wants_decision: bool,
}

/// Something that can be done with it, and what follows.
#[derive(Clone)]
pub struct Offer {
    pub value: &'static str,
    pub label: String,
    pub help: String,
}
