//! Destroying a version: a page that names it and says what stays, then the act.
use super::show::size;
use crate::domain::enums::VersionState;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets::{self, Found, Sure};
use crate::web::extract::{Id, Number, RequireManager};
use crate::web::page::{Answer, html, see_other, see_other_saying, weight, with_status};
use crate::web::views::confirm::ConfirmPage;
use crate::web::views::parts::{Form, Link};
use crate::web::when::date;
use axum_extra::extract::Form as Posted;

pub const LABELS: [(&str, &str); 2] = [("reason", "Reason"), ("confirm", "Name")];

type User = crate::web::extract::CurrentUser;

pub async fn ask(RequireManager(user): RequireManager, Id(id): Id, Number(number): Number) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Destroy)?;
    let version = secrets::version(&user.app, id, number).await?;
    if matches!(version.state, VersionState::Current | VersionState::Destroyed) {
        return see_other(&format!("/secrets/{id}/versions"));
    }
    found.demand_proof_to_open(&user.actor, Act::Destroy, user.app.now())?;
    html(&page(&user, &found, number, Form::default()).await?)
}

pub async fn destroy(
    RequireManager(user): RequireManager,
    Id(id): Id,
    Number(number): Number,
    Posted(sure): Posted<Sure>,
) -> Answer {
    let done = secrets::destroy(&user.app, &user.actor, id, number, &sure).await;
    let typed = typed("Not destroyed", sure);
    let (status, form) = match done {
        Ok(()) => return see_other_saying(&format!("/secrets/{id}/versions"), "destroyed"),
        Err(e) => typed.refused(e, &LABELS, &format!("/secrets/{id}/versions/{number}/destroy"))?,
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, number, form).await?)
}

async fn page(user: &User, found: &Found, number: i64, form: Form) -> Result<ConfirmPage> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let version = secrets::version(&user.app, secret.id, number).await?;
    let versions = format!("/secrets/{}/versions", secret.id);
    let title = format!("Destroy version {number}");
    Ok(ConfirmPage {
        shell: user.shell("secrets", format!("{title} of {}", secret.name)).await?,
        stage: weight(environment),
        crumbs: vec![
            Link { href: "/secrets".into(), label: "Secrets".into() },
            Link { href: format!("/secrets/{}", secret.id), label: secret.name.clone() },
            Link { href: versions.clone(), label: "Versions".into() },
        ],
        text: text(environment.backends().next().is_some()),
        items: vec![format!(
            "{}, version {number}: {}, by {}, {}",
            found.label(),
            size(version.length),
            version.author_name,
            date(version.created_at)
        )],
        more: 0,
        action: format!("{versions}/{number}/destroy"),
        hidden: Vec::new(),
        type_name: Some(secret.name.clone()),
        form,
        wants_reason: true,
        button: title.clone(),
        title,
        cancel: versions,
        is_danger: true,
    })
}

/// What was typed to be sure, kept in a form that is refused.
pub(super) fn typed(refusal: &'static str, sure: Sure) -> Form {
    Form { refusal, ..Form::default() }.with("reason", sure.reason).with("confirm", sure.confirm)
}

fn text(has_copies: bool) -> String {
    let backends = if has_copies {
        " So do the histories that backends keep by themselves: Vault's earlier versions, and the previous one of AWS."
    } else {
        ""
    };
    format!(
        "This cannot be undone. Its wrapped data key, its ciphertext and its digest are removed, and nobody can open it any more; its number, author, reason and length stay. Older backups of the database still hold it.{backends}"
    )
}
