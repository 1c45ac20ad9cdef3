//! A page that asks again before something happens.
use super::parts::{Form, Link, Shell};
use askama::Template;

#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    pub shell: Shell,
    pub stage: &'static str,
    pub crumbs: Vec<Link>,
    pub title: String,
    pub text: String,
    pub items: Vec<String>,
    pub more: i64,
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub type_name: Option<String>,
    pub form: Form,
    pub wants_reason: bool,
    pub button: String,
    pub cancel: String,
    pub is_danger: bool,
}
