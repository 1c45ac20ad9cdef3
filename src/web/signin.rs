//! /login and /step-up.
use super::extract::{CurrentUser, Visit, cookie};
use super::forms::local_path;
use super::page::{Answer, bare, html, said, see_other, see_other_saying, with_status};
use super::session::{self, Beginning};
use super::views::signin::{LoginPage, Persona, Proof, Sso, StepUpPage};
use crate::domain::enums::AuthMethod;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::people;
use crate::providers::{self, Shown};
use crate::signin::{self, SignIn};
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use time::Duration;
use tower_sessions::Session;
use url::form_urlencoded;

const WRONG: &str = "The user name or the password is not right, or the account does not sign in this way.";

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NextQuery {
    next: String,
}

#[derive(Deserialize)]
#[serde(default)]
pub struct LoginForm {
    username: String,
    password: Plaintext,
    demo: String,
    next: String,
}

impl Default for LoginForm {
    fn default() -> Self {
        Self {
            username: String::new(),
            password: Plaintext::new(Vec::new()),
            demo: String::new(),
            next: String::new(),
        }
    }
}

pub async fn show(visit: Visit, headers: HeaderMap, Query(query): Query<NextQuery>) -> Answer {
    if visit.current.is_some() {
        return see_other(local_path(&query.next));
    }
    let mut page = login_page(&visit, &query.next, "", None).await?;
    page.notice = cookie(&headers, "keeper-said").and_then(said);
    html(&page)
}

pub async fn sign_in(
    visit: Visit,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Answer {
    let user = if form.demo.is_empty() {
        match signin::sign_in(&visit.app, &form.username, &form.password, visit.trace.clone()).await? {
            SignIn::Welcome(user) => user,
            SignIn::Refused => return again(&visit, &form, StatusCode::UNAUTHORIZED, WRONG.to_owned()).await,
            SignIn::Slow(wait) => {
                return again(&visit, &form, StatusCode::TOO_MANY_REQUESTS, slow(wait)).await;
            }
        }
    } else {
        signin::sign_in_as(&visit.app, &form.demo).await?
    };
    session::begin(&visit, &session, &headers, Beginning::of(&user)).await?;
    see_other(local_path(&form.next))
}

/// Nothing was checked.
pub fn slow(wait: Duration) -> String {
    format!("Too many tries. Wait {} s, then try again.", wait.whole_seconds().max(1))
}

pub async fn ask_proof(user: CurrentUser, Query(query): Query<NextQuery>) -> Answer {
    html(&step_up_page(&user, &query.next, None))
}

pub async fn prove(
    visit: Visit,
    user: CurrentUser,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Answer {
    let person = &user.current.user;
    if person.auth_method == AuthMethod::Demo || (user.app.settings.demo && form.demo == "confirm") {
        signin::sign_in_as(&user.app, &person.username).await?;
    } else {
        let error = match signin::prove(&user.app, person, &form.password, visit.trace.clone()).await? {
            SignIn::Welcome(_) => None,
            SignIn::Refused => Some("The password is not right.".to_owned()),
            SignIn::Slow(wait) => Some(slow(wait)),
        };
        if error.is_some() {
            return with_status(StatusCode::FORBIDDEN, &step_up_page(&user, &form.next, error));
        }
    }
    signin::forget(&user.app, &user.current.token_hash).await?;
    session::begin(&visit, &session, &headers, Beginning::proved(person)).await?;
    see_other_saying(local_path(&form.next), "welcome")
}

async fn again(visit: &Visit, form: &LoginForm, status: StatusCode, error: String) -> Answer {
    with_status(status, &login_page(visit, &form.next, &form.username, Some(error)).await?)
}

async fn login_page(visit: &Visit, next: &str, username: &str, error: Option<String>) -> Result<LoginPage> {
    visit.app.keys()?;
    let demo = signin::personas(&visit.app).await?.into_iter();
    let demo = demo.map(|p| Persona { value: p.username, name: p.username, about: p.about }).collect();
    let next = match local_path(next) {
        "/" => String::new(),
        path => path.to_owned(),
    };
    let no_users = people::count(&visit.app).await? == 0;
    let settings = &visit.app.settings;
    let host = settings.public_url.host_str().unwrap_or_default().to_owned();
    let shown = providers::shown(&visit.app).await?;
    let shell = bare("Sign in", visit.csrf.clone(), visit.theme);
    Ok(LoginPage {
        shell,
        sso: sso(&shown, &next),
        next,
        username: username.to_owned(),
        error,
        notice: None,
        demo,
        no_users,
        is_made_on_arrival: shown.iter().any(|one| one.makes_accounts),
        host,
    })
}

/// One button for each identity provider.
fn sso(shown: &[Shown], next: &str) -> Vec<Sso> {
    let is_one = shown.len() == 1;
    let button = |one: &Shown| {
        let with = if is_one { String::new() } else { format!("idp={}", one.name) };
        Sso { href: saml_href(&with, next), name: one.display_name.clone() }
    };
    shown.iter().map(button).collect()
}

fn saml_href(with: &str, next: &str) -> String {
    let next = if next.is_empty() {
        String::new()
    } else {
        form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
    };
    let query = [with, &next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    format!("/saml/login?{query}").trim_end_matches('?').to_owned()
}

fn step_up_page(user: &CurrentUser, next: &str, error: Option<String>) -> StepUpPage {
    let person = &user.current.user;
    let is_persona = user.app.settings.demo && person.username.starts_with("demo-");
    StepUpPage {
        shell: bare("Confirm that it is you", user.csrf.clone(), user.theme),
        next: local_path(next).to_owned(),
        why: "What you are about to do asks for a proof of identity that is not older than ten minutes."
            .to_owned(),
        cancel: "/".to_owned(),
        error,
        who: person.username.clone(),
        proof: match person.auth_method {
            AuthMethod::Saml => Proof::Saml { href: saml_href("proof=1", local_path(next)) },
            _ if is_persona => Proof::Demo,
            _ => Proof::Password,
        },
    }
}
