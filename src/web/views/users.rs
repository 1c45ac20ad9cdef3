//! /users.
use super::parts::{Choice, Empty, Pager, Shell, Tab, When};
use askama::Template;

#[derive(Template)]
#[template(path = "users/index.html", blocks = ["results"])]
pub struct IndexPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub filters: UserFilters,
    pub rows: Vec<UserRow>,
    pub pager: Pager,
    pub empty: Empty,
}

#[derive(Default)]
pub struct UserFilters {
    pub q: String,
    pub role: Vec<Choice>,
    pub method: Vec<Choice>,
}

pub struct UserRow {
    pub id: i64,
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub role_label: &'static str,
    pub method_label: &'static str,
    pub provider: String,
    pub last_login: Option<When>,
    pub is_active: bool,
    pub is_you: bool,
}
