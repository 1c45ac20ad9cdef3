//! Error pages: what happened, why, what to do.
use super::parts::{Link, Shell, When};
use askama::Template;

#[derive(Template)]
#[template(path = "error.html", blocks = ["content"])]
pub struct ErrorPage {
    pub shell: Shell,
    pub stage: &'static str,
    pub oops: Oops,
}

#[derive(Template)]
#[template(path = "error_bare.html")]
pub struct BareErrorPage {
    pub shell: Shell,
    pub oops: Oops,
}

pub struct Oops {
    /// "404 Not found"
    pub code: &'static str,
    pub title: String,
    pub text: String,
    pub steps: Vec<String>,
    pub actions: Vec<Link>,
    pub request: String,
    pub when: When,
}
