//! /account: who I am here, where I am signed in, and my password.
use super::extract::{CurrentUser, Id};
use super::page::{Answer, html, method_label, role_label, see_other_saying, with_status};
use super::signin::slow;
use super::views::account::{SessionRow, ShowPage};
use super::views::parts::{Form, When};
use crate::app::App;
use crate::domain::enums::AuthMethod;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::people::{self, User};
use crate::signin::{self, Current, Proved, Session};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 2] =
    [("current_password", "The password that you have"), ("password", "The new password")];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PasswordForm {
    current_password: Option<Plaintext>,
    password: Option<Plaintext>,
}

pub async fn show(user: CurrentUser) -> Answer {
    html(&page(&user, Form::default()).await?)
}

async fn page(user: &CurrentUser, form: Form) -> Result<ShowPage> {
    let person = &user.current.user;
    let now = user.app.now();
    let sessions = signin::sessions_of(&user.app, person.id).await?;
    Ok(ShowPage {
        shell: user.shell("account", "My account").await?,
        facts: facts(&user.app, person).await?,
        sessions: sessions.into_iter().map(|one| session_row(one, &user.current, now)).collect(),
        has_password: person.auth_method == AuthMethod::Database,
        form,
    })
}

pub async fn change_password(user: CurrentUser, Posted(posted): Posted<PasswordForm>) -> Answer {
    let none = || Plaintext::new(Vec::new());
    let current = posted.current_password.unwrap_or_else(none);
    let new = posted.password.unwrap_or_else(none);
    let person = &user.current.user;
    let refusal = match signin::change_password(&user.app, &user.actor, person, (&current, &new)).await {
        // The session that asked has ended with all the others.
        Ok(Proved::Right(_)) => return see_other_saying("/login", "password-changed"),
        Ok(Proved::Wrong) => Error::invalid("current_password", "is not right"),
        Ok(Proved::Slow(wait)) => Error::Conflict(slow(wait)),
        Err(e) => e,
    };
    let form = Form { refusal: "Not changed", ..Form::default() };
    let (status, form) = form.refused(refusal, &LABELS, "/account")?;
    with_status(status, &page(&user, form).await?)
}

pub async fn end(user: CurrentUser, Id(id): Id) -> Answer {
    signin::end_session(&user.app, &user.actor, &user.current, Some(id)).await?;
    see_other_saying("/account", "saved")
}

pub async fn end_others(user: CurrentUser) -> Answer {
    signin::end_session(&user.app, &user.actor, &user.current, None).await?;
    see_other_saying("/account", "saved")
}

pub fn session_row(session: Session, current: &Current, now: Utc) -> SessionRow {
    SessionRow {
        is_this: session.id == current.session_id,
        id: session.id,
        device: device(&session.user_agent),
        address: session.client_addr,
        started: When::relative(session.created_at, now),
        seen: When::relative(session.last_seen_at, now),
    }
}

pub async fn facts(app: &App, person: &User) -> Result<Vec<(&'static str, String)>> {
    let now = app.now();
    let mut facts = vec![
        ("User name", person.username.clone()),
        ("Name", person.display_name.clone()),
        ("Role", role_label(person.role).to_owned()),
        ("Signs in by", method_label(person.auth_method).to_owned()),
    ];
    let of_provider = [("Identity provider", &person.identity_provider), ("NameID", &person.saml_subject_id)];
    let at = |at: Option<Utc>| at.map_or("never".to_owned(), |at| When::relative(at, now).text);
    facts.push(("Last sign-in", at(person.last_login_at)));
    if let Some(email) = &person.email {
        facts.push(("E-mail", email.clone()));
    }
    facts.extend(of_provider.into_iter().filter_map(|(label, text)| Some((label, text.clone()?))));
    if person.auth_method == AuthMethod::Database {
        facts.push(("Second factor", second_factor(app, person, now).await?));
    }
    Ok(facts)
}

async fn second_factor(app: &App, person: &User, now: Utc) -> Result<String> {
    let state = people::second_factor(app, person).await?;
    Ok(state.map_or("none".to_owned(), |state| {
        let since = When::relative(state.since, now).text;
        format!("an app, set up {since}; {} recovery codes left", state.codes_left)
    }))
}

/// "Firefox on Linux", from what the browser says of itself; nobody relies on it.
fn device(agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Firefox", "Firefox"),
        ("Edg", "Edge"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = find(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Another program".to_owned(),
    }
}
