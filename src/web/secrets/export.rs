//! GET /secrets/export says what would leave; POST sends it, page by page, as a file. Metadata alone, never a value.
use super::query::ListQuery;
use crate::domain::error::Error;
use crate::door::exported;
use crate::secrets::{COLUMNS, Export, ExportFormat};
use crate::web::extract::{RequireManager, ValidQuery};
use crate::web::page::{Answer, html};
use crate::web::views::parts::{Choice, Form};
use crate::web::views::secrets::ExportPage;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ExportForm {
    format: String,
}

pub async fn ask(RequireManager(user): RequireManager, ValidQuery(query): ValidQuery<ListQuery>) -> Answer {
    let places = user.places().await?;
    let format = |value: &str, label: &str, help: &str| Choice {
        value: value.into(),
        label: label.into(),
        help: help.into(),
        on: value == "csv",
    };
    let action = query.address("/secrets/export");
    html(&ExportPage {
        shell: user.shell("secrets", "Export metadata").await?,
        form: Form::default(),
        filters: query.filter(places)?.told(places),
        cancel: query.address("/secrets"),
        action,
        formats: vec![
            format(
                "csv",
                "CSV",
                "For spreadsheets. A cell that would be taken for a formula gets an apostrophe before it.",
            ),
            format("json", "JSON", "A list of objects, for programs."),
        ],
        columns: COLUMNS.to_vec(),
    })
}

pub async fn send(
    RequireManager(user): RequireManager,
    ValidQuery(query): ValidQuery<ListQuery>,
    Posted(form): Posted<ExportForm>,
) -> Answer {
    let format = form.format.parse::<ExportFormat>().map_err(|e| Error::invalid("format", &e.to_string()))?;
    let filter = query.filter(user.places().await?)?;
    let export = Export::begin(user.app, user.actor, filter, format).await?;
    Ok(exported(export)?)
}
