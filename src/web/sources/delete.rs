//! GET and POST /sources/{id}/delete: only what no secret is changed at.
use crate::domain::error::Result;
use crate::sources::{self, Found};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct DeleteForm {
    reason: String,
    row_version: String,
}

pub async fn ask(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    if !sources::used_by(&user.app, &user.actor, id, 1).await?.is_empty() {
        // Its page names them.
        return see_other(&format!("/sources/{id}"));
    }
    sources::demand_to_open(&user.app, &user.actor, &found.place)?;
    html(&page(&user, &found, Form::default()).await?)
}

pub async fn delete(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(posted): Posted<DeleteForm>,
) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    let version = posted.row_version.parse().unwrap_or(0);
    let done = sources::delete(&user.app, &user.actor, id, version, &posted.reason).await;
    let form = Form { refusal: "Not deleted", ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match done {
        Ok(()) => {
            return see_other_saying(&format!("/environments/{}", found.source.environment_id), "deleted");
        }
        Err(e) => form.refused(e, &[("reason", "Reason")], &format!("/sources/{id}/delete"))?,
    };
    // After a conflict the page shows what is there now, and its next try is meant for that.
    let found = sources::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, form).await?)
}

async fn page(user: &CurrentUser, found: &Found, form: Form) -> Result<ConfirmPage> {
    let (source, environment) = (&found.source, &found.place.environment);
    let home = format!("/sources/{}", source.id);
    Ok(ConfirmPage {
        shell: user.shell("environments", format!("Delete {}", source.name)).await?,
        stage: weight(environment),
        crumbs: vec![
            Link { href: "/environments".into(), label: "Environments".into() },
            Link { href: format!("/environments/{}", environment.id), label: environment.name.clone() },
            Link { href: home.clone(), label: source.name.clone() },
        ],
        title: "Delete".into(),
        text: "Keeper forgets the server and its administrator’s password there. At the server nothing is changed; the audit log keeps the history.".into(),
        items: vec![format!("{} at {}:{}", found.label(), source.address.host, source.address.port)],
        more: 0,
        action: format!("{home}/delete"),
        hidden: vec![("row_version", source.row_version.to_string())],
        type_name: None,
        form,
        wants_reason: sources::asks_reason(&found.place),
        button: "Delete the source".into(),
        cancel: home,
        is_danger: true,
    })
}
