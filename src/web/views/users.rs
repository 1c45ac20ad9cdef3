//! /users, /users/new and /users/{id}.
use super::account::SessionRow;
use super::parts::{Choice, Empty, Form, Pager, Shell, When};
use super::words::Exact;
use askama::Template;

#[derive(Template)]
#[template(path = "users/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub rows: Vec<UserRow>,
    pub pager: Pager,
    pub empty: Empty,
}

pub struct UserRow {
    pub id: i64,
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub role_label: &'static str,
    pub method_label: &'static str,
    pub last_login: Option<When>,
    pub is_active: bool,
    pub is_break_glass: bool,
    pub is_you: bool,
}

#[derive(Template)]
#[template(path = "users/new.html")]
pub struct NewPage {
    pub shell: Shell,
    pub form: Form,
    pub roles: Vec<Choice>,
}

/// A password that Keeper made, this once.
#[derive(Template)]
#[template(path = "users/made.html")]
pub struct MadePage<'a> {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub password: Exact<'a>,
}

#[derive(Template)]
#[template(path = "users/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub facts: Vec<(&'static str, String)>,
    pub is_active: bool,
    pub is_you: bool,
    pub may_set_password: bool,
    pub is_by_password: bool,
    pub has_second_factor: bool,
    pub is_break_glass: bool,
    pub may_break_glass: bool,
    /// None where the role is not changed here.
    pub roles: Vec<Choice>,
    pub sessions: Vec<SessionRow>,
    pub form: Form,
}

#[derive(Template)]
#[template(path = "users/policy.html")]
pub struct PolicyPage {
    pub shell: Shell,
    pub is_sso_only: bool,
    /// Break-glass admins who can sign in now: id and name.
    pub able: Vec<(i64, String)>,
    /// What stands in the way of single sign-on alone; empty: nothing.
    pub why_not: String,
    pub form: Form,
}
