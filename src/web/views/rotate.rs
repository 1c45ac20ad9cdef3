//! Asking for a new value, and what a change says of another person's approval.
use super::making::PolicyChoices;
use super::parts::{EnvRef, Form, Link, Shell, Step, When};
use askama::Template;

#[derive(Template)]
#[template(path = "secrets/rotate.html")]
pub struct RotatePage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub env: EnvRef,
    pub form: Form,
    pub policies: PolicyChoices,
    pub plan: Vec<Step>,
    pub plan_note: String,
    pub has_copies: bool,
    /// Where it waits for another person.
    pub approval: Option<Approval>,
    pub facts: Vec<(&'static str, String)>,
    pub last_attempt: Option<Link>,
}

/// A change that waits for another person.
pub struct Approval {
    pub why: &'static str,
    /// Who may act may break the glass instead.
    pub may_break: bool,
}

/// A change that was made without the approval that it should have waited for, until another person has acknowledged it.
pub struct BrokenGlass {
    pub id: i64,
    /// "production/db-password"
    pub label: String,
    pub secret_id: i64,
    /// "was changed without approval"
    pub what: &'static str,
    pub rotation_id: Option<i64>,
    pub who: String,
    pub reason: String,
    pub when: When,
    pub may_acknowledge: bool,
}
