//! GET and POST /secrets/import/backend: secrets that lie in a backend already are found and read. Nothing is imported yet: it leads to
//! the preview.
use super::new::{Where, most_rows, places};
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::imports::{self, GatherInput};
use crate::sync::Stores;
use crate::web::extract::{CurrentUser, RequireAdmin, ValidQuery};
use crate::web::forms::choices;
use crate::web::page::{Answer, html, see_other, with_status};
use crate::web::views::imports::{ChoiceGroup, GatherPage};
use crate::web::views::parts::{Choice, Form};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 9] = [
    ("environment_id", "Environment"),
    ("backend", "Backend"),
    ("folder", "Folder"),
    ("naming", "Names"),
    ("fields", "Several fields at one path"),
    ("then", "What becomes of what is there"),
    ("known", "Names that Keeper has already"),
    ("secret_type", "Type"),
    ("secrecy_level", "Secrecy level"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct GatherQuery {
    environment: String,
    backend: String,
    folder: String,
}

pub async fn ask(RequireAdmin(user): RequireAdmin, ValidQuery(query): ValidQuery<GatherQuery>) -> Answer {
    let form = filled(&GatherInput {
        environment_id: query.environment,
        backend: query.backend,
        folder: query.folder,
        naming: "last".into(),
        fields: "together".into(),
        known: "skip".into(),
        secret_type: "generic".into(),
        secrecy_level: "confidential".into(),
        ..GatherInput::default()
    });
    html(&page(&user, form).await?)
}

pub async fn gather(RequireAdmin(user): RequireAdmin, Posted(input): Posted<GatherInput>) -> Answer {
    let held = match input.parse() {
        Ok(wish) => imports::gather(&user.app, &Stores::default(), &user.actor, &wish).await,
        Err(e) => Err(e),
    };
    let form = Form { refusal: "Not read", ..filled(&input) };
    let (status, form) = match held {
        Ok(id) => return see_other(&format!("/secrets/import/{id}")),
        Err(e) => form.refused(e, &LABELS, "/secrets/import/backend")?,
    };
    with_status(status, &page(&user, form).await?)
}

fn filled(input: &GatherInput) -> Form {
    Form::default()
        .with("environment_id", input.environment_id.as_str())
        .with("backend", input.backend.as_str())
        .with("folder", input.folder.as_str())
        .with("naming", input.naming.as_str())
        .with("fields", input.fields.as_str())
        .with("then", input.then.as_str())
        .with("known", input.known.as_str())
        .with("secret_type", input.secret_type.as_str())
        .with("secrecy_level", input.secrecy_level.as_str())
}

async fn page(user: &CurrentUser, form: Form) -> Result<GatherPage> {
    Ok(GatherPage {
        shell: user.shell("secrets", "Import from a backend").await?,
        to: Where::of(&places(user).await?, &form),
        backends: backends(),
        groups: groups(),
        most_rows: most_rows(),
        form,
    })
}

fn backends() -> Vec<Choice> {
    let none = Choice { label: "Choose one".into(), ..Choice::default() };
    let all = choices(Backend::ALL, Backend::as_str, |backend| backend.title().to_owned(), "");
    std::iter::once(none).chain(all).collect()
}

fn groups() -> Vec<ChoiceGroup> {
    let choice = |value: &str, label: &str, help: &str| Choice {
        value: value.into(),
        label: label.into(),
        help: help.into(),
        on: false,
    };
    vec![
        ChoiceGroup {
            name: "then",
            label: "What becomes of what is there",
            choices: vec![
                choice(
                    "adopt",
                    "Keeper’s copies",
                    "What lies where Keeper would put it becomes the secret’s copy, unchanged, and rotations reach it. What lies elsewhere stays as it is, and Keeper makes a copy at its own path.",
                ),
                choice(
                    "leave",
                    "Nothing",
                    "Everything stays as it is. Keeper keeps these secrets out of this backend until somebody decides otherwise.",
                ),
            ],
        },
        ChoiceGroup {
            name: "naming",
            label: "Names",
            choices: vec![
                choice("last", "The last part of the path", "The part before it becomes the service."),
                choice(
                    "whole",
                    "The path below the folder",
                    "With - between its parts: use it where last parts are alike.",
                ),
            ],
        },
        ChoiceGroup {
            name: "fields",
            label: "Several fields at one path",
            choices: vec![
                choice("together", "One secret", "Its value is the JSON of the fields."),
                choice(
                    "apart",
                    "A secret for each field",
                    "Named after the path and the field. What is there stays as it is.",
                ),
            ],
        },
        ChoiceGroup {
            name: "known",
            label: "Names that Keeper has already",
            choices: vec![
                choice("skip", "Left as they are", ""),
                choice("change", "Given the value that is there", "As a new version, where that is allowed."),
            ],
        },
    ]
}
