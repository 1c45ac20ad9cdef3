//! /users.
use super::parts::{Empty, Pager, Shell, When};
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
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub role_label: &'static str,
    pub method_label: &'static str,
    pub last_login: Option<When>,
    pub is_active: bool,
    pub is_you: bool,
}
