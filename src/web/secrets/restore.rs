//! Bringing a former version back: both are shown, a reason is asked, and it ends on the rotation's own page.
use super::approval::approval;
use super::plan::plan;
use super::show::version_row;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::rotations::{self, Restore};
use crate::secrets::{self, Found};
use crate::sources;
use crate::web::extract::{CurrentUser, Id, Number};
use crate::web::page::{Answer, html, see_other, with_status};
use crate::web::views::parts::Form;
use crate::web::views::versions::RestorePage;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RestoreForm {
    reason: String,
    break_glass: Option<String>,
    row_version: String,
}

pub async fn ask(user: CurrentUser, Id(id): Id, Number(number): Number) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand_way(&user.actor)?;
    if !found.secret.is_active || number == found.secret.current_version {
        return see_other(&format!("/secrets/{id}/versions"));
    }
    found.demand_proof_to_open(&user.actor, Act::Rotate, user.app.now())?;
    html(&page(&user, &found, number, Form::default()).await?)
}

pub async fn restore(
    user: CurrentUser,
    Id(id): Id,
    Number(number): Number,
    Posted(posted): Posted<RestoreForm>,
) -> Answer {
    let row_version = posted.row_version.parse().unwrap_or(0);
    let breaks_glass = posted.break_glass.is_some();
    let wish = Restore { number, reason: posted.reason.clone(), breaks_glass, row_version };
    let typed = Form { refusal: "Not brought back", ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match rotations::restore(&user.app, &user.actor, id, &wish).await {
        Ok(rotation) => return see_other(&format!("/rotations/{rotation}")),
        Err(e) => {
            typed.refused(e, &[("reason", "Reason")], &format!("/secrets/{id}/versions/{number}/restore"))?
        }
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, number, form).await?)
}

/// The form always carries the row version of what the page shows.
async fn page(user: &CurrentUser, found: &Found, number: i64, form: Form) -> Result<RestorePage> {
    let secret = &found.secret;
    let former = secrets::version(&user.app, secret.id, number).await?;
    let current = secrets::version(&user.app, secret.id, secret.current_version).await?;
    let rotations = rotations::of_secret(&user.app, secret.id, 200).await?;
    let copies = secrets::copies(&user.app, secret.id).await?;
    let now = user.app.now();
    let strategy = sources::described(&user.app, &user.actor, secret.id).await?;
    let approval = approval(user, found);
    let mut plan = plan(found, &copies, strategy.as_ref(), approval.as_ref());
    if let Some(first) = plan.get_mut(usize::from(approval.is_some())) {
        first.text = format!("The value of version {number}, opened and encrypted under a key of its own.");
    }
    Ok(RestorePage {
        shell: user.shell("secrets", format!("Bring back version {number} of {}", secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&found.place.environment).into(),
        number,
        form: form.with("row_version", secret.row_version.to_string()),
        pair: [&former, &current].map(|v| version_row(v, &rotations, now)).into(),
        plan,
        approval,
    })
}
