//! GET and POST /secrets/{id}/strategy/clear: back to the value alone. At the source nothing is changed.
use super::used::used;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::rotations::{Change, Planned, change_plan};
use crate::secrets::{self, Found};
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ClearForm {
    reason: String,
    row_version: String,
}

pub async fn ask(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    if !found.secret.is_active || used(&user, id).await?.source.is_none() {
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Change, user.app.now())?;
    html(&page(&user, &found, Form::default()).await?)
}

pub async fn clear(user: CurrentUser, Id(id): Id, Posted(posted): Posted<ClearForm>) -> Answer {
    let version = posted.row_version.parse().unwrap_or(0);
    let home = format!("/secrets/{id}");
    let change = Change::Clear { reason: posted.reason.clone(), row_version: version };
    let done = change_plan(&user.app, &user.actor, id, change, false).await;
    let form = Form { refusal: "Not changed", ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match done {
        Ok(Planned::Changed(_)) => return see_other_saying(&home, "cleared"),
        Ok(Planned::Asked(rotation)) => return see_other(&format!("/rotations/{rotation}")),
        Err(e) => form.refused(e, &[("reason", "Reason")], &format!("{home}/strategy/clear"))?,
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, form).await?)
}

async fn page(user: &CurrentUser, found: &Found, form: Form) -> Result<ConfirmPage> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let home = format!("/secrets/{}", secret.id);
    let now = used(user, secret.id).await?;
    let place = now.source.map(|source| format!(" at {}", source.label)).unwrap_or_default();
    Ok(ConfirmPage {
        shell: user.shell("secrets", format!("Value only: {}", secret.name)).await?,
        stage: weight(environment),
        crumbs: vec![
            Link { href: "/secrets".into(), label: "Secrets".into() },
            Link { href: home.clone(), label: secret.name.clone() },
        ],
        title: "Back to value only".into(),
        text: "From then on a rotation changes the value in Keeper alone. The user at the source keeps the password that it has now.".into(),
        items: vec![format!("{}: {}{place}", found.label(), now.text)],
        more: 0,
        action: format!("{home}/strategy/clear"),
        hidden: vec![("row_version", secret.row_version.to_string())],
        type_name: None,
        form,
        wants_reason: found.place.asks(Act::Change, secret.secrecy_level).reason,
        button: "Value only".into(),
        cancel: home,
        is_danger: true,
    })
}
