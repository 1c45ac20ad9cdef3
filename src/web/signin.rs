//! /login, /logout, /step-up.
use super::extract::{CurrentUser, Visit};
use super::forms::local_path;
use super::page::{Answer, bare, html, see_other, see_other_saying, with_status};
use super::views::signin::{LoginPage, Persona, Proof, StepUpPage};
use crate::domain::enums::AuthMethod;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::people::{self, User};
use crate::signin::{self, SignIn, keys};
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use time::Duration;
use tower_sessions::{Expiry, Session};

/// However busy a session is, it ends then.
const ABSOLUTE: Duration = Duration::hours(12);
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

pub async fn show(visit: Visit, Query(query): Query<NextQuery>) -> Answer {
    if visit.current.is_some() {
        return see_other(local_path(&query.next));
    }
    html(&login_page(&visit, &query.next, "", None).await?)
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
                let text = format!("Too many tries. Wait {} s, then try again.", wait.whole_seconds().max(1));
                return again(&visit, &form, StatusCode::TOO_MANY_REQUESTS, text).await;
            }
        }
    } else {
        signin::sign_in_as(&visit.app, &form.demo).await?
    };
    begin(&visit, &session, &headers, &user, "session.started").await?;
    see_other(local_path(&form.next))
}

pub async fn sign_out(user: CurrentUser, session: Session) -> Answer {
    signin::sign_out(&user.app, &user.actor, &user.current).await?;
    session.flush().await.map_err(Error::broken)?;
    let mut answer = Redirect::to("/login").into_response();
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(answer)
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
            SignIn::Slow(wait) => {
                Some(format!("Too many tries. Wait {} s, then try again.", wait.whole_seconds().max(1)))
            }
        };
        if error.is_some() {
            return with_status(StatusCode::FORBIDDEN, &step_up_page(&user, &form.next, error));
        }
    }
    signin::forget(&user.app, &user.current).await?;
    begin(&visit, &session, &headers, person, "session.proved").await?;
    see_other_saying(local_path(&form.next), "welcome")
}

/// A new session with a new id; its row and its audit event are stored together by the session store.
async fn begin(
    visit: &Visit,
    session: &Session,
    headers: &HeaderMap,
    user: &User,
    event: &str,
) -> Result<()> {
    let agent: String = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(255)
        .collect();
    let trace = &visit.trace;
    session.clear().await;
    session.cycle_id().await.map_err(Error::broken)?;
    session.set_expiry(Some(Expiry::AtDateTime(visit.app.now().plus(ABSOLUTE).get())));
    let texts = [
        (keys::METHOD, user.auth_method.as_str()),
        (keys::CLIENT, &trace.client),
        (keys::AGENT, &agent),
        (keys::REQUEST, &trace.request_id),
        (keys::EVENT, event),
    ];
    for (key, text) in texts {
        session.insert(key, text).await.map_err(Error::broken)?;
    }
    session.insert(keys::EPOCH, user.auth_epoch).await.map_err(Error::broken)?;
    session.insert(keys::USER, user.id).await.map_err(Error::broken)
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
    let host = visit.app.settings.public_url.host_str().unwrap_or_default().to_owned();
    let shell = bare("Sign in", visit.csrf.clone(), visit.theme);
    Ok(LoginPage {
        shell,
        next,
        username: username.to_owned(),
        error,
        notice: None,
        sso: Vec::new(),
        demo,
        no_users,
        host,
    })
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
        proof: if is_persona { Proof::Demo } else { Proof::Password },
    }
}
