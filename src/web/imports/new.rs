//! GET and POST /secrets/import: a file or a pasted text. Nothing is imported yet: it leads to the preview.
use crate::domain::enums::{Role, SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::environments::{Act, Place, Verdict};
use crate::imports::{self, Format, MOST_ROWS, UploadInput};
use crate::web::convert::type_label;
use crate::web::extract::{CurrentUser, RequireManager, ValidQuery};
use crate::web::forms::{choices, line_ends};
use crate::web::page::{Answer, html, see_other, weight, with_status};
use crate::web::upload::Upload;
use crate::web::views::imports::NewPage;
pub(super) use crate::web::views::imports::Where;
use crate::web::views::parts::{Choice, Form};
use crate::web::views::places::PlaceChoice;
use axum::http::StatusCode;
use serde::Deserialize;

const LABELS: [(&str, &str); 5] = [
    ("environment_id", "Environment"),
    ("file", "File"),
    ("format", "Format"),
    ("secret_type", "Type"),
    ("secrecy_level", "Secrecy level"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewQuery {
    environment: String,
}

pub async fn new(RequireManager(user): RequireManager, ValidQuery(query): ValidQuery<NewQuery>) -> Answer {
    let form = Form::default()
        .with("environment_id", query.environment)
        .with("secret_type", "generic")
        .with("secrecy_level", "confidential");
    html(&page(&user, form).await?)
}

pub async fn upload(RequireManager(user): RequireManager, upload: Upload) -> Answer {
    let form = Form { refusal: "Not read", ..Form::default() }
        .with("environment_id", upload.text("environment_id"))
        .with("format", upload.text("format"))
        .with("secret_type", upload.text("secret_type"))
        .with("secrecy_level", upload.text("secrecy_level"));
    let held = match input(upload).and_then(UploadInput::parse) {
        Ok(upload) => imports::hold(&user.app, &user.actor, upload).await,
        Err(e) => Err(e),
    };
    match held {
        Ok(id) => see_other(&format!("/secrets/import/{id}")),
        Err(Error::Invalid(errors)) => {
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page(&user, form.failing(&errors, &LABELS)).await?)
        }
        Err(e) => Err(e.into()),
    }
}

fn input(mut upload: Upload) -> Result<UploadInput> {
    let pasted = line_ends(upload.pasted.take(), &upload.text("_nl")).filter(|text| !text.is_empty());
    let file = upload.file.take().filter(|file| !file.is_empty());
    if pasted.is_some() && file.is_some() {
        return Err(Error::invalid("file", "is given beside a pasted text: keep one of the two"));
    }
    Ok(UploadInput {
        environment_id: upload.text("environment_id"),
        format: upload.text("format"),
        secret_type: upload.text("secret_type"),
        secrecy_level: upload.text("secrecy_level"),
        file_name: upload.file_name,
        content: file.or(pasted),
    })
}

async fn page(user: &CurrentUser, form: Form) -> Result<NewPage> {
    let formats = [("", "Guess it"), ("env", ".env"), ("json", "JSON"), ("csv", "CSV")];
    debug_assert_eq!(formats.len(), Format::ALL.len() + 1);
    Ok(NewPage {
        shell: user.shell("secrets", "Import secrets").await?,
        to: Where::of(&places(user).await?, &form),
        formats: formats
            .map(|(value, label)| Choice { value: value.into(), label: label.into(), ..Choice::default() })
            .to_vec(),
        fields: imports::FIELDS.to_vec(),
        most_rows: most_rows(),
        may_gather: user.current.user.role == Role::Admin,
        form,
    })
}

/// The environments into which this person may import.
pub(super) async fn places(user: &CurrentUser) -> Result<Vec<Place>> {
    let mut places = user.places().await?.to_vec();
    places.retain(|place| place.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes);
    if places.is_empty() {
        return Err(Error::Forbidden("there is no environment in which you may make secrets: an admin makes environments and opens their doors".into()));
    }
    Ok(places)
}

pub(super) fn most_rows() -> String {
    format!("{},{:03}", MOST_ROWS / 1000, MOST_ROWS % 1000)
}

impl Where {
    pub(super) fn of(places: &[Place], form: &Form) -> Self {
        let chosen =
            |p: &Place| p.environment.id.to_string() == form.get("environment_id") || places.len() == 1;
        Self {
            environments: places.iter().map(|p| PlaceChoice::of(p, chosen(p))).collect(),
            types: choices(SecretType::ALL, SecretType::as_str, |t| type_label(t).to_owned(), ""),
            levels: choices(SecrecyLevel::ALL, SecrecyLevel::as_str, SecrecyLevel::label, ""),
            stage: places.iter().find(|p| chosen(p)).map_or("", |p| weight(&p.environment)),
        }
    }
}
