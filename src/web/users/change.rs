//! POST /users/{id}/…: role, method, password, break-glass, second factor, sessions; disabled or enabled.
use super::show::page;
use super::{Given, is_on, made};
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::people::{self, NewMethod};
use crate::signin;
use crate::web::extract::{CurrentUser, Id, RequireAdmin, SessionId};
use crate::web::page::{Answer, see_other_saying, with_status};
use crate::web::views::parts::Form;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 7] = [
    ("role", "Role"),
    ("mode", "Password"),
    ("password", "The password"),
    ("method", "The method"),
    ("identity_provider", "Identity provider"),
    ("name_id", "NameID"),
    ("on", "Break-glass"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RoleForm {
    role: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PasswordForm {
    mode: String,
    password: Option<Plaintext>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct MethodForm {
    method: String,
    identity_provider: String,
    name_id: String,
    mode: String,
    password: Option<Plaintext>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct BreakGlassForm {
    on: String,
}

pub async fn set_role(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(form): Posted<RoleForm>,
) -> Answer {
    let done = async {
        let role = form.role.parse::<Role>().map_err(|e| Error::invalid("role", &e.to_string()))?;
        let person = people::account(&user.app, &user.actor, id).await?;
        people::set_role(&user.app, &user.actor, &person.username, role).await
    };
    told(&user, id, done.await, "saved").await
}

pub async fn disable(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = set_active(&user, id, false).await;
    told(&user, id, done, "disabled").await
}

pub async fn enable(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let done = set_active(&user, id, true).await;
    told(&user, id, done, "enabled").await
}

async fn set_active(user: &CurrentUser, id: i64, active: bool) -> Result<()> {
    let person = people::account(&user.app, &user.actor, id).await?;
    people::set_active(&user.app, &user.actor, &person.username, active).await
}

pub async fn end_sessions(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    let done = signin::end_sessions_of(&user.app, &user.actor, &person).await;
    told(&user, id, done, "sessions-ended").await
}

pub async fn end_session(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    SessionId(session): SessionId,
) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    let done = signin::end_session_of(&user.app, &user.actor, &person, session).await;
    told(&user, id, done, "session-ended").await
}

pub async fn remove_second_factor(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    let done = people::remove_second_factor(&user.app, &user.actor, &person.username).await;
    told(&user, id, done, "second-factor-removed").await
}

pub async fn set_break_glass(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(form): Posted<BreakGlassForm>,
) -> Answer {
    let done = async {
        let on = is_on("on", &form.on)?;
        let person = people::account(&user.app, &user.actor, id).await?;
        people::set_break_glass(&user.app, &user.actor, &person.username, on).await
    };
    told(&user, id, done.await, "saved").await
}

pub async fn set_method(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(form): Posted<MethodForm>,
) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    let typed = Form::default()
        .with("identity_provider", form.identity_provider.clone())
        .with("name_id", form.name_id.clone());
    let given = match form.method.as_str() {
        "saml" => NewMethod::saml(&form.identity_provider, &form.name_id).map(|new| (new, None)),
        "database" => Given::of(&form.mode, form.password, &user.app.chance)
            .map(|given| (NewMethod::Database { password: given.value.duplicate() }, Some(given))),
        _ => Err(Error::invalid("method", "must be one of saml, database")),
    };
    let (new, given) = match given {
        Ok(given) => given,
        Err(e) => return told_with(&user, id, Err(e), "", typed).await,
    };
    match (people::set_method(&user.app, &user.actor, &person.username, new).await, given) {
        (Ok(()), Some(given)) if given.is_made => made(&user, id, &person.username, &given.value).await,
        (done, _) => told_with(&user, id, done, "method-changed", typed).await,
    }
}

pub async fn set_password(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(form): Posted<PasswordForm>,
) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    let given = match Given::of(&form.mode, form.password, &user.app.chance) {
        Ok(given) => given,
        Err(e) => return told(&user, id, Err(e), "").await,
    };
    let value = given.value.duplicate();
    match people::set_password(&user.app, &user.actor, &person.username, value).await {
        Ok(()) if given.is_made => made(&user, id, &person.username, &given.value).await,
        done => told(&user, id, done, "saved").await,
    }
}

/// Back to the account: with a word, or with what stood in the way.
async fn told(user: &CurrentUser, id: i64, done: Result<()>, word: &'static str) -> Answer {
    told_with(user, id, done, word, Form::default()).await
}

async fn told_with(user: &CurrentUser, id: i64, done: Result<()>, word: &'static str, typed: Form) -> Answer {
    let home = format!("/users/{id}");
    let Err(why) = done else { return see_other_saying(&home, word) };
    let typed = Form { refusal: "Nothing was changed", ..typed };
    let (status, form) = typed.refused(why, &LABELS, &home)?;
    let person = people::account(&user.app, &user.actor, id).await?;
    with_status(status, &page(user, &person, form).await?)
}
