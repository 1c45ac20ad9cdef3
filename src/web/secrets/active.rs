//! Switching a secret off and on again: a page that asks, then the act.
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
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
    if found.secret.is_active == active {
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Change, user.app.now())?;
    html(&page(user, &found, active, Form::default()).await?)
}

async fn set(user: &CurrentUser, id: i64, active: bool, posted: ActiveForm) -> Answer {
    let version = posted.row_version.parse().unwrap_or(0);
    let home = format!("/secrets/{id}");
    let done = secrets::set_active(&user.app, &user.actor, id, active, &posted.reason, version).await;
    let refusal = if active { "Not switched on" } else { "Not switched off" };
    let form = Form { refusal, ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match done {
        Ok(()) => return see_other_saying(&home, if active { "restored" } else { "deactivated" }),
        // After a conflict the page names what is there now, and its next try is meant for that.
        Err(e) => form.refused(e, &[("reason", "Reason")], &format!("{home}/{}", verb(active)))?,
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(user, &found, active, form).await?)
}

fn verb(active: bool) -> &'static str {
    if active { "switch-on" } else { "switch-off" }
}

async fn page(user: &CurrentUser, found: &Found, active: bool, form: Form) -> Result<ConfirmPage> {
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
        items: vec![format!("{}, version {}", found.label(), secret.current_version)],
        more: 0,
        action: format!("{home}/{}", verb(active)),
        hidden: vec![("row_version", secret.row_version.to_string())],
        type_name: None,
        form,
        wants_reason: found.place.asks(Act::Change, secret.secrecy_level).reason,
        button: button.into(),
        cancel: home,
        is_danger: !active,
    })
}
