//! /account.
use super::parts::{EventLine, Form, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "account/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub username: String,
    pub facts: Vec<(&'static str, String)>,
    pub sessions: Vec<SessionRow>,
    /// For accounts with a password here.
    pub password: Option<Form>,
    pub recent: Vec<EventLine>,
}

pub struct SessionRow {
    pub id: i64,
    pub device: String,
    pub address: String,
    pub started: When,
    pub seen: When,
    pub is_this: bool,
}
