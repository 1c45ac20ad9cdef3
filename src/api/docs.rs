//! GET /api/v1/openapi.json and /api/v1/docs: for everybody, and the same everywhere.
use super::error::Failure;
use super::list::Answer;
use super::openapi::DOCUMENT;
use crate::domain::error::Error;
use crate::door::assets;
use askama::Template;
use axum::Json;
use axum::response::{Html, IntoResponse};
use serde_json::Value;

pub async fn json() -> Answer {
    Ok(Json(&*DOCUMENT).into_response())
}

#[derive(Template)]
#[template(path = "api/docs.html")]
struct DocsPage {
    about: String,
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
}

impl DocsPage {
    #[expect(clippy::unused_self, reason = "as templates call it")]
    fn asset(&self, path: &str) -> String {
        assets::address(path)
    }
}

struct Operation {
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Field>,
    takes: String,
    answers: Vec<(String, String, String)>,
}

struct Shape {
    name: String,
    about: String,
    fields: Vec<Field>,
    example: String,
}

struct Field {
    name: String,
    kind: String,
    about: String,
    is_required: bool,
}

pub async fn page() -> Answer {
    let text = DocsPage {
        about: text(&DOCUMENT["info"]["description"]).replace('`', ""),
        operations: operations(),
        shapes: shapes(),
    };
    let text = text.render().map_err(|e| Failure::from(Error::broken(e)))?;
    Ok(Html(text).into_response())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations() -> Vec<Operation> {
    let each = |(path, item): (&String, &Value)| {
        let path = path.clone();
        entries(item).map(move |(method, told)| operation(method, &path, told)).collect::<Vec<_>>()
    };
    entries(&DOCUMENT["paths"]).flat_map(each).collect()
}

fn operation(method: &str, path: &str, told: &Value) -> Operation {
    let body = |value: &Value| kind(&value["content"]["application/json"]["schema"]);
    let parameter = |one: &Value| Field {
        name: text(&one["name"]),
        kind: format!("{}, {}", text(&one["in"]), kind(&one["schema"])),
        about: text(&one["description"]),
        is_required: one["required"] == true,
    };
    let answer = |(status, one): (&String, &Value)| (status.clone(), body(one), text(&one["description"]));
    Operation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&told["summary"]),
        description: text(&told["description"]).replace('`', ""),
        parameters: told["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        takes: body(&told["requestBody"]),
        answers: entries(&told["responses"]).map(answer).collect(),
    }
}

fn shapes() -> Vec<Shape> {
    let shape = |(name, schema): (&String, &Value)| {
        let is_required =
            |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field));
        let field = |(field, one): (&String, &Value)| Field {
            name: field.clone(),
            kind: kind(one),
            about: text(&one["description"]).replace('`', ""),
            is_required: is_required(field),
        };
        let example = &schema["example"];
        Shape {
            name: name.clone(),
            about: text(&schema["description"]).replace('`', ""),
            fields: entries(&schema["properties"]).map(field).collect(),
            example: if example.is_null() { String::new() } else { format!("{example:#}") },
        }
    };
    entries(&DOCUMENT["components"]["schemas"]).map(shape).collect()
}

/// "string or null", "list of Secret", "one of user, manager, admin"
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(members) = schema["enum"].as_array() {
        return format!("one of {}", members.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
    }
    let parts = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(parts) = parts {
        return parts.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if !schema["items"].is_null() {
        return format!("list of {}", kind(&schema["items"]));
    }
    if !schema["properties"]["items"].is_null() {
        return format!("{{items: {}, next}}", kind(&schema["properties"]["items"]));
    }
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        one => text(one),
    }
}
