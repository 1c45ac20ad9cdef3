//! /account.
use super::parts::{Form, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "account/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub facts: Vec<(&'static str, String)>,
    pub sessions: Vec<SessionRow>,
    pub has_password: bool,
    pub form: Form,
}

pub struct SessionRow {
    pub id: i64,
    pub device: String,
    pub address: String,
    pub started: When,
    pub seen: When,
    pub is_this: bool,
}
