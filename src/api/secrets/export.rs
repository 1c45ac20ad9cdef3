//! GET /secrets/export: metadata as one text, as the page and the command line give it.
use super::view::Secret;
use crate::api::body::ValidQuery;
use crate::api::caller::ApiCaller;
use crate::api::error::Failure;
use crate::api::list::Answer;
use crate::domain::error::Result;
use crate::domain::rules::{asked, id_asked};
use crate::door::exported;
use crate::environments;
use crate::secrets::{COLUMNS, Export, ExportFormat, ListInput};
use axum::http::Method;
use serde::Deserialize;
use serde_json::json;
use std::mem::take;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ExportInput {
    format: String,
    #[serde(flatten)]
    list: ListInput,
}

pub async fn export(
    caller: ApiCaller,
    method: Method,
    ValidQuery(mut input): ValidQuery<ExportInput>,
) -> Answer {
    // It would be told as an export, and nothing would leave.
    if method == Method::HEAD {
        return Err(Failure::NoSuchMethod);
    }
    let format = asked("format", &input.format)?.unwrap_or(ExportFormat::Json);
    let wanted = several(&take(&mut input.list.environment))?;
    let places = environments::visible(&caller.app, &caller.actor).await?;
    let mut filter = input.list.filter(&places)?;
    if !wanted.is_empty() {
        filter.environments.retain(|id| wanted.contains(id));
    }
    let export = Export::begin(caller.app, caller.actor, filter, format).await?;
    Ok(exported(export)?)
}

/// None where none is named; the gate has refused what is no id.
fn several(text: &str) -> Result<Vec<i64>> {
    text.split(',').filter_map(|id| id_asked("environment", id).transpose()).collect()
}

/// A row of an export.
pub struct ExportedSecret;

impl ToSchema for ExportedSecret {}

impl PartialSchema for ExportedSecret {
    /// The table's columns, as `Secret` describes them; in a table a list of days is a text.
    fn schema() -> RefOr<Schema> {
        let secret = match Secret::schema() {
            RefOr::T(Schema::Object(object)) => object,
            _ => Object::new(),
        };
        let text = |words| ObjectBuilder::new().schema_type(Type::String).description(Some(words)).build();
        let mut row =
            ObjectBuilder::new().description(Some("A secret's metadata as a row of the table. No value."));
        let mut example = secret.example.unwrap_or_default();
        example["window_days"] = json!("sat,sun");
        example["environment"] = json!("production");
        for column in COLUMNS {
            let schema = match column {
                "environment" => text("The name of its environment.").into(),
                "window_days" => text("The days on which Keeper may begin, with commas between.").into(),
                _ => secret.properties.get(column).cloned().unwrap_or_else(|| Object::new().into()),
            };
            row = row.property(column, schema).required(column);
        }
        if let Some(example) = example.as_object_mut() {
            example.retain(|column, _| COLUMNS.contains(&column.as_str()));
        }
        let mut row = row.build();
        row.example = Some(example);
        row.into()
    }
}
