//! /settings/service-accounts.
use super::parts::{Badge, Choice, Conflict, Form, Link, Note, Pager, Shell, When};
use super::words::Exact;
use askama::Template;

#[derive(Template)]
#[template(path = "service_accounts/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    /// Accounts whose last token ends soon.
    pub ending: Vec<Note>,
    pub rows: Vec<ServiceRow>,
    pub pager: Pager,
}

pub struct ServiceRow {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub owner_id: i64,
    pub owner: String,
    pub role_label: &'static str,
    pub state: Badge,
    /// Those that live.
    pub tokens: usize,
    /// When the last of them ends.
    pub ends: Option<When>,
    pub last_used: Option<When>,
}

#[derive(Template)]
#[template(path = "service_accounts/form.html")]
pub struct FormPage {
    pub shell: Shell,
    /// None: a new one.
    pub home: Option<Link>,
    pub action: String,
    pub cancel: String,
    pub roles: Vec<Choice>,
    pub scopes: Vec<Choice>,
    pub environments: Vec<Choice>,
    pub form: Form,
    pub conflict: Option<Conflict>,
}

#[derive(Template)]
#[template(path = "service_accounts/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub description: String,
    pub state: Badge,
    pub is_active: bool,
    pub facts: Vec<(&'static str, String)>,
    /// When its last token ends, if that is soon.
    pub ends: Option<When>,
    /// By their spelling, with what they let a token do.
    pub scopes: Vec<(&'static str, &'static str)>,
    pub all_environments: bool,
    pub environments: Vec<Link>,
    pub has_live: bool,
    /// A new token takes the end of those that live.
    pub is_full: bool,
    pub tokens: Vec<TokenRow>,
    pub form: Form,
}

pub struct TokenRow {
    pub id: i64,
    /// Its last characters.
    pub hint: String,
    pub state: Badge,
    pub made: When,
    pub by: String,
    /// Or when it was revoked.
    pub ends: When,
    pub last_used: Option<When>,
    pub from: String,
    pub is_live: bool,
}

/// A token, this once.
#[derive(Template)]
#[template(path = "service_accounts/made.html")]
pub struct MadePage<'a> {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub ends: When,
    pub text: Exact<'a>,
}
