//! Purging a secret that was switched off long enough ago: a page that names what goes and what stays, then the act.
use super::destroy::{LABELS, typed};
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets::{self, Found, Sure};
use crate::web::extract::{Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use crate::web::when::date;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

type User = crate::web::extract::CurrentUser;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PurgeForm {
    #[serde(flatten)]
    sure: Sure,
    row_version: String,
}

pub async fn ask(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Destroy)?;
    if found.secret.is_active {
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Destroy, user.app.now())?;
    html(&page(&user, &found, Form::default()).await?)
}

pub async fn purge(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(posted): Posted<PurgeForm>,
) -> Answer {
    let row_version = posted.row_version.parse().unwrap_or(0);
    let done = secrets::purge(&user.app, &user.actor, id, row_version, &posted.sure).await;
    let typed = typed("Not purged", posted.sure);
    let (status, form) = match done {
        Ok(()) => return see_other_saying("/secrets?active=false", "purged"),
        Err(e) => typed.refused(e, &LABELS, &format!("/secrets/{id}/purge"))?,
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, form).await?)
}

async fn page(user: &User, found: &Found, form: Form) -> Result<ConfirmPage> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let home = format!("/secrets/{}", secret.id);
    let copies = secrets::copies(&user.app, secret.id).await?;
    let versions = match secret.current_version {
        1 => "its only version".to_owned(),
        n => format!("its {n} versions"),
    };
    let stays = copies.iter().map(|copy| format!("stays: {} at {}", copy.backend.title(), copy.remote_path));
    let from = secrets::purgeable_from(&user.app, secret).filter(|from| *from > user.app.now());
    let when = from.map(|from| format!(" It can be purged from {} on.", date(from))).unwrap_or_default();
    Ok(ConfirmPage {
        shell: user.shell("secrets", format!("Purge {}", secret.name)).await?,
        stage: weight(environment),
        crumbs: vec![
            Link { href: "/secrets".into(), label: "Secrets".into() },
            Link { href: home.clone(), label: secret.name.clone() },
        ],
        title: "Purge".into(),
        text: format!(
            "This cannot be undone. The secret, its versions and its rotations are removed. The audit log keeps its history, copies stay in their backends, and older backups of the database still hold it.{when}"
        ),
        items: std::iter::once(format!("{} with {versions}", found.label())).chain(stays).collect(),
        more: 0,
        action: format!("{home}/purge"),
        hidden: vec![("row_version", secret.row_version.to_string())],
        type_name: Some(secret.name.clone()),
        form,
        wants_reason: true,
        button: "Purge for good".into(),
        cancel: home,
        is_danger: true,
    })
}
