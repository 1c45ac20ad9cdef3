//! /step-up: a fresh proof of identity.
use super::extract::{CurrentUser, Visit};
use super::forms::local_path;
use super::page::{Answer, bare, html, see_other_saying, with_status};
use super::session::{self, Beginning};
use super::signin::{NextQuery, saml_href, slow};
use super::views::signin::{Proof, StepUpPage};
use crate::domain::enums::AuthMethod;
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::people;
use crate::signin::{self, Proved};
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tower_sessions::Session;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ProofForm {
    password: Option<Plaintext>,
    code: Option<Plaintext>,
    demo: String,
    next: String,
}

pub async fn ask(user: CurrentUser, Query(query): Query<NextQuery>) -> Answer {
    html(&page(&user, &query.next, None).await?)
}

pub async fn prove(
    visit: Visit,
    user: CurrentUser,
    session: Session,
    headers: HeaderMap,
    Form(mut form): Form<ProofForm>,
) -> Answer {
    let person = &user.current.user;
    if person.auth_method == AuthMethod::Demo || (user.app.settings.demo && form.demo == "confirm") {
        signin::sign_in_as(&user.app, &person.username).await?;
    } else if let Some(error) = fault(&visit, &user, &mut form).await? {
        return with_status(StatusCode::FORBIDDEN, &page(&user, &form.next, Some(error)).await?);
    }
    signin::forget(&user.app, &user.current.token_hash).await?;
    session::begin(&visit, &session, &headers, Beginning::proved(person)).await?;
    see_other_saying(local_path(&form.next), "welcome")
}

async fn fault(visit: &Visit, user: &CurrentUser, form: &mut ProofForm) -> Result<Option<String>> {
    let none = || Plaintext::new(Vec::new());
    let password = form.password.take().unwrap_or_else(none);
    let code = form.code.take().unwrap_or_else(none);
    let person = &user.current.user;
    Ok(match signin::prove(&user.app, person, (&password, &code), visit.trace.clone()).await? {
        Proved::Right(_) => None,
        Proved::Wrong if people::has_second_factor(&user.app, person).await? => {
            Some("The password or the code is not right. Each code is good once.".to_owned())
        }
        Proved::Wrong => Some("The password is not right.".to_owned()),
        Proved::Slow(wait) => Some(slow(wait)),
    })
}

async fn page(user: &CurrentUser, next: &str, error: Option<String>) -> Result<StepUpPage> {
    let person = &user.current.user;
    let is_persona = user.app.settings.demo && person.username.starts_with("demo-");
    Ok(StepUpPage {
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
            _ => Proof::Password { and_code: people::has_second_factor(&user.app, person).await? },
        },
    })
}
