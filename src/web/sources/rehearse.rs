//! GET and POST /sources/{id}/rehearse: a whole change on a user made for it, read before and told after.
use super::show::{row, told, verdict};
use crate::domain::error::Result;
use crate::remote::sources::{Act, Rehearsal};
use crate::sources::{self, Found};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, with_status};
use crate::web::views::parts::{Form, Step};
use crate::web::views::sources::{Played, RehearsePage};
use crate::web::views::words::sentence;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RehearseForm {
    reason: String,
}

pub async fn ask(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    sources::demand_to_open(&user.app, &user.actor, &found.place)?;
    html(&page(&user, &found, Form::default(), None).await?)
}

pub async fn play(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(posted): Posted<RehearseForm>,
) -> Answer {
    let found = sources::find(&user.app, &user.actor, id).await?;
    let done = sources::rehearse(&user.app, &user.actor, id, &posted.reason).await;
    let form = Form { refusal: "Not rehearsed", ..Form::default() }.with("reason", posted.reason);
    let (status, form) = match done {
        Ok(rehearsal) => {
            return html(&page(&user, &found, Form::default(), Some(played(&rehearsal))).await?);
        }
        Err(e) => form.refused(e, &[("reason", "Reason")], &format!("/sources/{id}/rehearse"))?,
    };
    with_status(status, &page(&user, &found, form, None).await?)
}

async fn page(user: &CurrentUser, found: &Found, form: Form, played: Option<Played>) -> Result<RehearsePage> {
    let planned = |act: Act| Step { title: sentence(act.words()), ..Step::default() };
    Ok(RehearsePage {
        shell: user.shell("environments", format!("Rehearse at {}", found.source.name)).await?,
        source: row(&found.source),
        env: (&found.place.environment).into(),
        form,
        wants_reason: sources::asks_reason(&found.place),
        plan: Act::ALL.map(planned).to_vec(),
        played,
    })
}

fn played(rehearsal: &Rehearsal) -> Played {
    let note = if rehearsal.passed() {
        verdict(true, "It went well.", "A rotation can change passwords here, and nobody was left behind.")
    } else {
        verdict(
            false,
            "It did not go through.",
            "The step that failed says why; no user of yours was touched.",
        )
    };
    let step = |step: &crate::remote::sources::Step| {
        let failed = step.verdict.as_ref().err().map(ToString::to_string);
        told(step.act.words(), failed.as_deref(), format!("{} ms", step.took.as_millis()))
    };
    Played { verdict: note, steps: rehearsal.steps.iter().map(step).collect() }
}
