//! GET /users/{id}: one account, its sessions, and what an admin may change of it.
use super::roles;
use crate::domain::enums::{AuthMethod, Role};
use crate::domain::error::Result;
use crate::people::{self, User};
use crate::signin;
use crate::web::account::{facts, session_row};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html};
use crate::web::views::parts::Form;
use crate::web::views::users::ShowPage;

pub async fn show(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let person = people::account(&user.app, &user.actor, id).await?;
    html(&page(&user, &person, Form::default()).await?)
}

pub(super) async fn page(user: &CurrentUser, person: &User, form: Form) -> Result<ShowPage> {
    let now = user.app.now();
    let sessions = signin::sessions_of(&user.app, person.id).await?;
    let is_you = person.id == user.current.user.id;
    Ok(ShowPage {
        shell: user.shell("users", person.username.clone()).await?,
        id: person.id,
        name: person.username.clone(),
        display_name: person.display_name.clone(),
        facts: facts(&user.app, person).await?,
        is_active: person.is_active,
        is_you,
        // The groups of an identity provider decide about the role of whoever comes through it, at each sign-in.
        roles: if is_you || person.auth_method == AuthMethod::Saml {
            Vec::new()
        } else {
            roles(person.role.as_str())
        },
        may_set_password: !is_you && person.auth_method == AuthMethod::Database,
        is_by_password: person.auth_method == AuthMethod::Database,
        has_second_factor: people::has_second_factor(&user.app, person).await?,
        is_break_glass: person.is_break_glass,
        may_break_glass: !is_you && person.role == Role::Admin && person.auth_method == AuthMethod::Database,
        sessions: sessions.into_iter().map(|one| session_row(one, &user.current, now)).collect(),
        form: form.with("mode", "generated"),
    })
}
