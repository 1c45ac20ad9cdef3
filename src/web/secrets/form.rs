//! New and edit: the same fields, the same rules, the same messages.
use super::index::environments_choices;
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Place, Verdict};
use crate::secrets::{self, Found, Secret, SecretInput};
use crate::web::convert::type_label;
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::forms::{choices, line_ends};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::views::parts::{Choice, Form, When};
use crate::web::views::secrets::{Conflict, ConflictRow, EditPage, NewPage};
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 12] = [
    ("environment_id", "Environment"),
    ("name", "Name"),
    ("display_name", "Display name"),
    ("description", "Description"),
    ("secret_type", "Type"),
    ("service_name", "Service"),
    ("tags", "Tags"),
    ("value", "Value"),
    ("secrecy_level", "Secrecy level"),
    ("expires_at", "Expires"),
    ("rotation_interval_days", "Rotate every … days"),
    ("reason", "Reason"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewQuery {
    environment: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SecretForm {
    #[serde(flatten)]
    input: SecretInput,
    /// One line end, as the browser sent it.
    #[serde(rename = "_nl")]
    line_end: String,
}

pub async fn new(user: CurrentUser, ValidQuery(query): ValidQuery<NewQuery>) -> Answer {
    let form = Form::default()
        .with("environment_id", query.environment.clone())
        .with("secrecy_level", "confidential")
        .with("secret_type", "password");
    let page = new_page(&user, form).await?;
    // A production environment that was chosen already asks for its proof before anything is typed.
    if let Ok(id) = query.environment.parse() {
        let place = environments::enter(&user.app, &user.actor, id).await?;
        place.demand_proof_to_open(&user.actor, Act::Change, SecrecyLevel::Internal, user.app.now())?;
    }
    html(&page)
}

pub async fn create(user: CurrentUser, Posted(mut form): Posted<SecretForm>) -> Answer {
    form.input.value = line_ends(form.input.value.take(), &form.line_end);
    let typed = typed(&form.input);
    let made = match form.input.parse_create(user.app.now()) {
        Ok(new) => secrets::create(&user.app, &user.actor, new).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(id) => see_other_saying(&format!("/secrets/{id}"), "created"),
        Err(Error::Invalid(errors)) => {
            let page = new_page(&user, typed.failing(&errors, &LABELS)).await?;
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

pub async fn edit(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    found.place.demand_proof_to_open(&user.actor, Act::Change, found.secret.secrecy_level, user.app.now())?;
    let form = stored(&found.secret);
    html(&edit_page(&user, &found, form, None).await?)
}

pub async fn save(user: CurrentUser, Id(id): Id, Posted(form): Posted<SecretForm>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let typed = typed(&form.input);
    let saved = match form.input.parse_edit(user.app.now(), &found.secret) {
        Ok(new) => secrets::edit(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    match saved {
        Ok(()) => see_other_saying(&format!("/secrets/{id}"), "saved"),
        Err(Error::Invalid(errors)) => {
            let page = edit_page(&user, &found, typed.failing(&errors, &LABELS), None).await?;
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Error::Conflict(_)) if found.secret.is_active => {
            let conflict = conflict(&user, &found.secret, &typed);
            // The next save is meant to go over theirs: it carries their row version.
            let form = typed.with("row_version", found.secret.row_version.to_string());
            with_status(StatusCode::CONFLICT, &edit_page(&user, &found, form, Some(conflict)).await?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn new_page(user: &CurrentUser, form: Form) -> Result<NewPage> {
    let places = environments::visible(&user.app, &user.actor).await?;
    let may = |p: &Place| p.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes;
    let places: Vec<Place> = places.into_iter().filter(may).collect();
    if places.is_empty() {
        return Err(Error::Forbidden("there is no environment in which you may make a secret: an admin makes environments and opens their doors".into()));
    }
    let chosen = places.iter().find(|p| p.environment.id.to_string() == form.get("environment_id"));
    let stage = chosen.map_or("", |p| crate::web::page::weight(&p.environment));
    let environments = environments_choices(&places, form.get("environment_id"));
    Ok(NewPage {
        shell: user.shell("secrets", "New secret").await?,
        types: types(),
        levels: levels(),
        environments,
        stage,
        form,
    })
}

async fn edit_page(
    user: &CurrentUser,
    found: &Found,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<EditPage> {
    let title = format!("Edit {}", found.secret.name);
    Ok(EditPage {
        shell: user.shell("secrets", title).await?,
        id: found.secret.id,
        name: found.secret.name.clone(),
        env: (&found.place.environment).into(),
        form,
        types: types(),
        levels: levels(),
        environments: Vec::new(),
        conflict,
    })
}

fn types() -> Vec<Choice> {
    choices(SecretType::ALL, SecretType::as_str, |t| type_label(t).to_owned(), "")
}

fn levels() -> Vec<Choice> {
    let help = |level| match level {
        SecrecyLevel::Internal => {
            "Everybody behind the environment’s door may reveal it, outside production."
        }
        SecrecyLevel::Confidential => "The same people, and it deserves care.",
        SecrecyLevel::Restricted => {
            "Managers and admins alone; each reveal asks for a reason and a fresh proof of identity."
        }
    };
    let choice = |l: &SecrecyLevel| Choice {
        value: l.as_str().into(),
        label: l.label(),
        help: help(*l).into(),
        on: false,
    };
    SecrecyLevel::ALL.iter().map(choice).collect()
}

/// Everything that was typed, but the value.
fn typed(input: &SecretInput) -> Form {
    Form::default()
        .with("environment_id", &input.environment_id)
        .with("name", &input.name)
        .with("display_name", &input.display_name)
        .with("description", &input.description)
        .with("secret_type", &input.secret_type)
        .with("secrecy_level", &input.secrecy_level)
        .with("service_name", &input.service_name)
        .with("expires_at", &input.expires_at)
        .with("auto_rotate", if input.auto_rotate.is_some() { "true" } else { "" })
        .with("rotation_interval_days", &input.rotation_interval_days)
        .with("tags", &input.tags)
        .with("reason", &input.reason)
        .with("row_version", &input.row_version)
}

fn stored(secret: &Secret) -> Form {
    Form::default()
        .with("name", &secret.name)
        .with("display_name", &secret.display_name)
        .with("description", &secret.description)
        .with("secret_type", secret.secret_type.as_str())
        .with("secrecy_level", secret.secrecy_level.as_str())
        .with("service_name", &secret.service_name)
        .with("expires_at", secret.expires_at.map(crate::kit::clock::Utc::to_input).unwrap_or_default())
        .with("auto_rotate", if secret.auto_rotate { "true" } else { "" })
        .with(
            "rotation_interval_days",
            secret.rotation_interval_days.map(|days| days.to_string()).unwrap_or_default(),
        )
        .with("tags", secret.tag_lines())
        .with("row_version", secret.row_version.to_string())
}

/// What differs between what is stored now and what was typed.
fn conflict(user: &CurrentUser, now: &Secret, typed: &Form) -> Conflict {
    let theirs = stored(now);
    let differs = |(name, _): &&(&'static str, &'static str)| {
        theirs.values.contains_key(name) && theirs.get(name) != typed.get(name) && *name != "name"
    };
    let rows = LABELS.iter().filter(differs);
    let rows = rows
        .map(|(name, label)| ConflictRow {
            label,
            theirs: theirs.get(name).to_owned(),
            yours: typed.get(name).to_owned(),
        })
        .collect();
    Conflict { who: "somebody".into(), when: When::relative(now.updated_at, user.app.now()), rows }
}
