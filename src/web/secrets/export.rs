//! GET /secrets/export says what would leave; POST sends it, page by page, as a file. Metadata alone, never a value.
use super::query::ListQuery;
use crate::domain::error::Error;
use crate::environments::Place;
use crate::secrets::{COLUMNS, Export, ExportFormat};
use crate::web::extract::{RequireManager, ValidQuery};
use crate::web::page::{Answer, html};
use crate::web::views::parts::{Choice, Form};
use crate::web::views::secrets::ExportPage;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form as Posted;
use futures_util::stream;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ExportForm {
    format: String,
}

pub async fn ask(RequireManager(user): RequireManager, ValidQuery(query): ValidQuery<ListQuery>) -> Answer {
    let places = user.places().await?;
    query.filter(places)?;
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
        filters: query.words(places),
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
    let places = user.places().await?;
    let (filter, what) = (query.filter(places)?, query.words(places).join(", "));
    let now = user.app.now();
    let export = Export::begin(user.app, user.actor, filter, format, &what).await?;
    let pieces = stream::try_unfold(export, async |mut export| {
        let piece = export.next().await.map_err(|e| e.to_string())?;
        Ok::<_, String>(piece.map(|piece| (piece, export)))
    });
    let kind = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Json => "application/json",
    };
    attachment(
        Body::from_stream(pieces),
        kind,
        &format!("keeper-secrets-{}.{}", &now.to_input()[..10], format.as_str()),
    )
}

impl ListQuery {
    /// The filters in words, for the page and the audit log.
    fn words(&self, places: &[Place]) -> Vec<String> {
        let mut words: Vec<String> = self.chips(places).into_iter().map(|chip| chip.label).collect();
        if matches!(self.due.as_str(), "overdue" | "expiring") {
            words.push(self.due.clone());
        }
        if self.active == "false" {
            words.push("switched off".to_owned());
        }
        words
    }
}

fn attachment(body: Body, kind: &'static str, name: &str) -> Answer {
    let mut answer: Response = body.into_response();
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Error::broken)?;
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(answer)
}
