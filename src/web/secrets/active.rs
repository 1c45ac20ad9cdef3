//! Switching a secret off and on again: a page that asks, then the act.
use crate::domain::error::Error;
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ActiveForm {
    reason: String,
    row_version: String,
}

pub async fn ask_off(user: CurrentUser, Id(id): Id) -> Answer {
    ask(&user, id, false).await
}

pub async fn ask_on(user: CurrentUser, Id(id): Id) -> Answer {
    ask(&user, id, true).await
}

pub async fn off(user: CurrentUser, Id(id): Id, Posted(form): Posted<ActiveForm>) -> Answer {
    set(&user, id, false, form).await
}

pub async fn on(user: CurrentUser, Id(id): Id, Posted(form): Posted<ActiveForm>) -> Answer {
    set(&user, id, true, form).await
}

async fn ask(user: &CurrentUser, id: i64, active: bool) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    found.place.demand_proof_to_open(&user.actor, Act::Change, found.secret.secrecy_level, user.app.now())?;
    html(&page(user, &found, active, Form::default()).await?)
}

async fn set(user: &CurrentUser, id: i64, active: bool, form: ActiveForm) -> Answer {
    let version = form.row_version.parse().unwrap_or(0);
    match secrets::set_active(&user.app, &user.actor, id, active, &form.reason, version).await {
        Ok(()) => {
            see_other_saying(&format!("/secrets/{id}"), if active { "restored" } else { "deactivated" })
        }
        Err(Error::Invalid(errors)) => {
            let found = secrets::find(&user.app, &user.actor, id).await?;
            let form = Form::default().with("reason", form.reason).failing(&errors, &[("reason", "Reason")]);
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page(user, &found, active, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn page(
    user: &CurrentUser,
    found: &Found,
    active: bool,
    form: Form,
) -> crate::domain::error::Result<ConfirmPage> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let home = format!("/secrets/{}", secret.id);
    let (title, text, button) = if active {
        ("Switch on again", "It appears in lists, and its copies are brought up to date.", "Switch on again")
    } else {
        (
            "Switch off",
            "It disappears from lists and is neither pushed nor rotated. Nothing is lost: its versions stay, and so do its copies.",
            "Switch off",
        )
    };
    Ok(ConfirmPage {
        shell: user.shell("secrets", format!("{title} {}", secret.name)).await?,
        stage: weight(environment),
        crumbs: vec![
            Link { href: "/secrets".into(), label: "Secrets".into() },
            Link { href: home.clone(), label: secret.name.clone() },
        ],
        title: title.into(),
        text: text.into(),
        items: vec![found.label()],
        more: 0,
        action: format!("{home}/{}", if active { "switch-on" } else { "switch-off" }),
        hidden: vec![("row_version", secret.row_version.to_string())],
        type_name: None,
        form,
        wants_reason: found.place.asks(Act::Change, secret.secrecy_level).reason,
        button: button.into(),
        cancel: home,
        is_danger: !active,
    })
}
