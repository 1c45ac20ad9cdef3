//! GET /users/new and POST /users: an account that signs in by password.
use super::{Given, made, roles};
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::people::{self, NewUser};
use crate::web::extract::{CurrentUser, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::parts::Form;
use crate::web::views::users::NewPage;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 6] = [
    ("username", "User name"),
    ("email", "E-mail"),
    ("display_name", "Name"),
    ("role", "Role"),
    ("mode", "Password"),
    ("password", "The password"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewForm {
    username: String,
    email: String,
    display_name: String,
    role: String,
    mode: String,
    password: Option<Plaintext>,
}

pub async fn new(RequireAdmin(user): RequireAdmin) -> Answer {
    people::demand_to_open(&user.actor, user.app.now())?;
    html(&page(&user, Form::default().with("role", "user").with("mode", "generated")).await?)
}

pub async fn create(RequireAdmin(user): RequireAdmin, Posted(mut posted): Posted<NewForm>) -> Answer {
    let refusal = match add(&user, &mut posted).await {
        Ok((id, Given { is_made: true, value })) => {
            return made(&user, id, &posted.username.trim().to_ascii_lowercase(), &value).await;
        }
        Ok((id, _)) => return see_other_saying(&format!("/users/{id}"), "created"),
        Err(e) => e,
    };
    let typed = Form { refusal: "Not made", ..Form::default() }
        .with("username", posted.username)
        .with("email", posted.email)
        .with("display_name", posted.display_name)
        .with("role", posted.role)
        .with("mode", posted.mode);
    let (status, form) = typed.refused(refusal, &LABELS, "/users/new")?;
    with_status(status, &page(&user, form).await?)
}

async fn add(user: &CurrentUser, posted: &mut NewForm) -> Result<(i64, Given)> {
    let given = Given::of(&posted.mode, posted.password.take(), &user.app.chance)?;
    let password = Some(given.value.duplicate());
    let new = NewUser::parse(&posted.username, &posted.email, &posted.display_name, &posted.role, password)?;
    Ok((people::add(&user.app, &user.actor, new).await?, given))
}

async fn page(user: &CurrentUser, form: Form) -> Result<NewPage> {
    Ok(NewPage { shell: user.shell("users", "New user").await?, roles: roles(form.get("role")), form })
}
