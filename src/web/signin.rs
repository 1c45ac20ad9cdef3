//! /login, and /login/code for whoever has a second factor.
use super::extract::{Visit, cookie};
use super::forms::local_path;
use super::page::{Answer, bare, html, said, see_other, see_other_saying, with_status};
use super::session::{self, Beginning};
use super::views::signin::{CodePage, LoginPage, Persona, Sso};
use super::views::words::whole_sentence;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::people::{self, Means, User};
use crate::providers::{self, Shown};
use crate::signin::{self, Second, SignIn};
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use time::Duration;
use tower_sessions::Session;
use url::form_urlencoded;

const OVER: &str = "That took too long, or the account was changed meanwhile: give the password once more.";

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NextQuery {
    pub next: String,
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
            SignIn::HalfWay(user) => return ask_code(&visit, &user, &form.next, None, StatusCode::OK),
            SignIn::Refused => {
                return again(&visit, &form, StatusCode::UNAUTHORIZED, whole_sentence(signin::WRONG)).await;
            }
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

#[derive(Deserialize)]
pub struct CodeForm {
    half: String,
    code: Plaintext,
    #[serde(default)]
    next: String,
}

/// The second step: the page of the first carries who has given the right password.
pub async fn by_code(
    visit: Visit,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Answer {
    let given = (form.half.as_str(), visit.holder.as_str());
    match signin::sign_in_by_code(&visit.app, given, &form.code, &visit.trace).await? {
        Second::Welcome(user, means) => {
            let beginning = Beginning { second: Some(means), ..Beginning::of(&user) };
            session::begin(&visit, &session, &headers, beginning).await?;
            match means {
                Means::App => see_other(local_path(&form.next)),
                Means::RecoveryCode => see_other_saying(local_path(&form.next), "recovery-code-used"),
            }
        }
        Second::Refused(user) => {
            let why = format!("{} Take the one that the app shows now.", whole_sentence(signin::WRONG_CODE));
            ask_code(&visit, &user, &form.next, Some(why), StatusCode::UNAUTHORIZED)
        }
        Second::Slow(user, wait) => {
            ask_code(&visit, &user, &form.next, Some(slow(wait)), StatusCode::TOO_MANY_REQUESTS)
        }
        Second::Over => {
            let page = login_page(&visit, &form.next, "", Some(OVER.to_owned())).await?;
            with_status(StatusCode::UNAUTHORIZED, &page)
        }
    }
}

/// A reload, or somebody's bookmark: the password comes first.
pub async fn anew(visit: Visit) -> Answer {
    see_other(if visit.current.is_some() { "/" } else { "/login" })
}

fn ask_code(visit: &Visit, user: &User, next: &str, error: Option<String>, status: StatusCode) -> Answer {
    let page = CodePage {
        shell: bare("Sign in", visit.csrf.clone(), visit.theme),
        half: signin::half_way(&visit.app, user, &visit.holder)?,
        next: local_path(next).to_owned(),
        error,
        who: user.username.clone(),
    };
    with_status(status, &page)
}

/// Nothing was checked.
pub fn slow(wait: Duration) -> String {
    format!("Too many tries. Wait {} s, then try again.", wait.whole_seconds().max(1))
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

pub fn saml_href(with: &str, next: &str) -> String {
    let next = if next.is_empty() {
        String::new()
    } else {
        form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
    };
    let query = [with, &next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    format!("/saml/login?{query}").trim_end_matches('?').to_owned()
}
