//! GET and POST /secrets/{id}/edit: metadata alone; a new value is a rotation. Who saves second is shown both.
use super::approval::approval;
use super::form::{SecretForm, labels, levels, stored, summed, typed, types};
use super::{policy, window};
use crate::domain::enums::SecretType;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::environments::Act;
use crate::rotations::{Change, Planned, change_plan};
use crate::secrets::{self, Found};
use crate::web::convert::type_label;
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html, see_other, see_other_saying, with_status};
use crate::web::views::parts::{Conflict, Form};
use crate::web::views::secrets::EditPage;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;

pub async fn edit(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    if !found.secret.is_active {
        // Its page says that it is switched off, and how to switch it on again.
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Change, user.app.now())?;
    let form = stored(&found.secret)?;
    html(&page(&user, &found, form, None).await?)
}

pub async fn save(user: CurrentUser, Id(id): Id, Posted(form): Posted<SecretForm>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    let typed = typed(&form.input);
    let change = Change::Edit(Box::new(form.input));
    match change_plan(&user.app, &user.actor, id, change, form.break_glass.is_some()).await {
        Ok(Planned::Changed(_)) => see_other_saying(&format!("/secrets/{id}"), "saved"),
        Ok(Planned::Asked(rotation)) => see_other(&format!("/rotations/{rotation}")),
        Err(e) => again(&user, id, typed, e).await,
    }
}

/// The form once more, beside what is stored by now.
async fn again(user: &CurrentUser, id: i64, typed: Form, e: Error) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let (status, form, conflict) = match e {
        Error::Invalid(errors) => (StatusCode::UNPROCESSABLE_ENTITY, typed.failing(&errors, &labels()), None),
        Error::ProofNeeded => (StatusCode::FORBIDDEN, typed.unproved(&format!("/secrets/{id}/edit")), None),
        Error::Conflict(why) if is_as_shown(&found, &typed) => {
            (StatusCode::CONFLICT, typed.failing(&FieldErrors::one("", why), &[]), None)
        }
        Error::Conflict(_) if found.secret.is_active => {
            let (theirs, yours) = (summed(&stored(&found.secret)?), summed(&typed));
            let conflict =
                Conflict::between(&theirs, &yours, &labels(), words, format!("/secrets/{id}/edit"));
            // The next save is meant to go over theirs: it carries their row version.
            let form = typed.with("row_version", found.secret.row_version.to_string());
            (StatusCode::CONFLICT, form, Some(conflict))
        }
        e => return Err(e.into()),
    };
    with_status(status, &page(user, &found, form, conflict).await?)
}

/// Nobody has changed it since: something else stands in the way, a request that still waits for one.
fn is_as_shown(found: &Found, typed: &Form) -> bool {
    found.secret.is_active && typed.is("row_version", &found.secret.row_version.to_string())
}

async fn page(user: &CurrentUser, found: &Found, form: Form, conflict: Option<Conflict>) -> Result<EditPage> {
    let (secret, place) = (&found.secret, &found.place);
    Ok(EditPage {
        shell: user.shell("secrets", format!("Edit {}", secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&place.environment).into(),
        form,
        types: types(),
        levels: levels(user, &[place]),
        environments: Vec::new(),
        locked: Vec::new(),
        policies: policy::offer_all(),
        days: window::days(),
        zones: window::ZONES.as_slice(),
        asks_reason: place.asks(Act::Change, secret.secrecy_level).reason,
        conflict,
        approval: approval(user, found),
    })
}

fn words(name: &str, raw: &str) -> String {
    match (name, raw) {
        ("auto_rotate", "true") => "on".to_owned(),
        ("auto_rotate", _) => "off".to_owned(),
        ("secret_type", raw) => {
            raw.parse::<SecretType>().map_or_else(|_| raw.to_owned(), |t| type_label(t).to_owned())
        }
        ("policy", "") => "what fits its type".to_owned(),
        ("window", "") => "any time".to_owned(),
        (_, "") => "empty".to_owned(),
        (_, raw) => raw.to_owned(),
    }
}
