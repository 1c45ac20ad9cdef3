//! /login and /step-up.
use super::parts::{Note, Shell};
use askama::Template;

#[derive(Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    pub shell: Shell,
    pub next: String,
    pub username: String,
    pub error: Option<String>,
    pub notice: Option<Note>,
    pub sso: Vec<Sso>,
    pub demo: Vec<Persona>,
    pub no_users: bool,
    /// An account is made at the first sign-in through the identity provider.
    pub is_made_on_arrival: bool,
    pub host: String,
}

pub struct Sso {
    pub name: String,
    pub href: String,
}

pub struct Persona {
    pub value: &'static str,
    pub name: &'static str,
    pub about: &'static str,
}

#[derive(Template)]
#[template(path = "step_up.html")]
pub struct StepUpPage {
    pub shell: Shell,
    pub next: String,
    pub why: String,
    pub cancel: String,
    pub error: Option<String>,
    pub who: String,
    pub proof: Proof,
}

/// How this person proves to be who they are.
pub enum Proof {
    Password { and_code: bool },
    Demo,
    Saml { href: String },
}

/// The second step of a sign-in.
#[derive(Template)]
#[template(path = "login_code.html")]
pub struct CodePage {
    pub shell: Shell,
    /// Who has given the right password, as Keeper signed it.
    pub half: String,
    pub next: String,
    pub error: Option<String>,
    pub who: String,
}

/// Somebody whom the provider sent here by itself.
#[derive(Template)]
#[template(path = "saml/continue.html")]
pub struct ContinuePage {
    pub shell: Shell,
    pub name: String,
}

/// A message that goes to an identity provider by a form.
#[derive(Template)]
#[template(path = "saml/carry.html")]
pub struct CarryPage {
    pub shell: Shell,
    pub action: String,
    pub field: &'static str,
    pub message: String,
    pub relay_state: Option<String>,
}

#[derive(Template)]
#[template(path = "saml/signed_out.html")]
pub struct SignedOutPage {
    pub shell: Shell,
    pub tone: &'static str,
    pub icon: &'static str,
    pub title: &'static str,
    pub text: String,
    pub on: Option<Onward>,
}

/// A way on to the identity provider.
pub enum Onward {
    Link { label: String, href: String },
    Form { label: String, action: String, field: &'static str, message: String },
}

#[derive(Template)]
#[template(path = "saml/refused.html")]
pub struct RefusedPage {
    pub shell: Shell,
    pub title: &'static str,
    pub text: &'static str,
    /// What the button says.
    pub on: &'static str,
    pub reference: String,
}
