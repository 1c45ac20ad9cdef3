//! Rotate: a plan that is read, then confirmed; ends on the rotation's own page.
use super::approval::approval;
use super::plan::plan;
use super::policy;
use crate::crypto::generate::{Family, PolicyInput};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::rotations::{self, RotateInput};
use crate::secrets::{self, Found};
use crate::sources::{self, Described};
use crate::web::extract::{CurrentUser, Id};
use crate::web::forms::line_ends;
use crate::web::page::{Answer, html, see_other, with_status};
use crate::web::views::parts::{Form, Link};
use crate::web::views::rotate::RotatePage;
use crate::web::when::date;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const FIELDS: [(&str, &str); 3] = [("mode", "New value"), ("new_value", "New value"), ("reason", "Reason")];

fn labels() -> Vec<(&'static str, &'static str)> {
    [&FIELDS[..], &policy::LABELS].concat()
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RotateForm {
    #[serde(flatten)]
    input: RotateInput,
    #[serde(rename = "_nl")]
    line_end: String,
}

pub async fn ask(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand_way(&user.actor)?;
    if !found.secret.is_active {
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Rotate, user.app.now())?;
    let own = found.secret.made_of()?;
    let mode = if own.is_some() { "generated" } else { "typed" };
    let form = policy::with(Form::default(), &PolicyInput::of(own.as_ref())).with("mode", mode);
    html(&page(&user, &found, form).await?)
}

pub async fn rotate(user: CurrentUser, Id(id): Id, Posted(mut form): Posted<RotateForm>) -> Answer {
    form.input.new_value = line_ends(form.input.new_value.take(), &form.line_end);
    let input = &form.input;
    let typed =
        policy::with(Form::default(), &input.policy).with("mode", &input.mode).with("reason", &input.reason);
    let done = match form.input.parse() {
        Ok(wish) => rotations::rotate(&user.app, &user.actor, id, wish).await,
        Err(e) => Err(e),
    };
    let (status, typed) = match done {
        Ok(rotation) => return see_other(&format!("/rotations/{rotation}")),
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, typed.failing(&errors, &labels())),
        Err(Error::Conflict(why)) => {
            let why = crate::domain::fields::FieldErrors::one("", why);
            (StatusCode::CONFLICT, Form { refusal: "Not rotated", ..typed }.failing(&why, &labels()))
        }
        Err(e) => return Err(e.into()),
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, typed).await?)
}

/// The form always carries the row version of what the page shows.
async fn page(user: &CurrentUser, found: &Found, form: Form) -> Result<RotatePage> {
    let secret = &found.secret;
    let copies = secrets::copies(&user.app, secret.id).await?;
    let last = rotations::of_secret(&user.app, secret.id, 1).await?;
    let strategy = sources::described(&user.app, &user.actor, secret.id).await?;
    let approval = approval(user, found);
    let plan = plan(found, &copies, strategy.as_ref(), approval.as_ref());
    Ok(RotatePage {
        shell: user.shell("secrets", format!("Rotate {}", secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&found.place.environment).into(),
        form: form.with("row_version", secret.row_version.to_string()),
        policies: policy::offer(Family::fitting(secret.secret_type)),
        plan_note: format!("{} steps", plan.len()),
        plan,
        has_copies: !copies.is_empty(),
        approval,
        facts: facts(found, strategy.as_ref(), user.app.now())?,
        last_attempt: last.first().map(|r| Link {
            href: format!("/rotations/{}", r.id),
            label: format!("rotation {}, {}", r.id, r.status.label().to_lowercase()),
        }),
    })
}

fn facts(found: &Found, strategy: Option<&Described>, now: Utc) -> Result<Vec<(&'static str, String)>> {
    let source = match strategy {
        None => "is yours to change: Keeper changes the stored value and its copies".to_owned(),
        Some(strategy) => format!("{}, which Keeper changes", strategy.source.name),
    };
    let service = if found.secret.service_name.is_empty() { "not named" } else { &found.secret.service_name };
    let next = found.secret.due_after(now)?.map_or_else(|| "not planned".to_owned(), date);
    Ok(vec![("Service", service.to_owned()), ("Next due", next), ("The source", source)])
}
