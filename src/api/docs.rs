//! GET /api/v1/openapi.json and /api/v1/docs: for everybody, and the same everywhere.
use super::error::Failure;
use super::list::Answer;
use super::openapi::DOCUMENT;
use crate::domain::error::{Error, Result};
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
    is_going: bool,
    parameters: Vec<Field>,
    takes: String,
    answers: Vec<Told>,
    /// What is said in each refusal, one a line, behind its status.
    refusals: String,
}

/// One status.
struct Told {
    status: String,
    kind: String,
    words: String,
    codes: Vec<String>,
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
    is_going: bool,
}

pub async fn page() -> Answer {
    let text = render(&DOCUMENT).map_err(Failure::from)?;
    Ok(Html(text).into_response())
}

/// The page of a document, which is the API's but in a test.
pub fn render(document: &Value) -> Result<String> {
    let page = DocsPage {
        about: words(&document["info"]["description"]),
        operations: operations(document),
        shapes: shapes(document),
    };
    page.render().map_err(Error::broken)
}

/// Without the marks that a page does not read.
fn words(value: &Value) -> String {
    text(value).replace('`', "")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations(document: &Value) -> Vec<Operation> {
    let each = |(path, item): (&String, &Value)| {
        let path = path.clone();
        entries(item).map(move |(method, told)| operation(method, &path, told)).collect::<Vec<_>>()
    };
    entries(&document["paths"]).flat_map(each).collect()
}

fn operation(method: &str, path: &str, told: &Value) -> Operation {
    let parameter = |one: &Value| Field {
        name: text(&one["name"]),
        kind: format!("{}, {}", text(&one["in"]), kind(&one["schema"])),
        about: words(&one["description"]),
        is_required: one["required"] == true,
        is_going: one["deprecated"] == true,
    };
    let body = kind(&told["requestBody"]["content"]["application/json"]["schema"]);
    let is_optional = told["requestBody"]["required"] == false;
    Operation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&told["summary"]),
        description: words(&told["description"]),
        is_going: told["deprecated"] == true,
        parameters: told["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        takes: if is_optional { format!("{body}, or no body") } else { body },
        answers: entries(&told["responses"]).map(answer).collect(),
        refusals: refusals(&told["responses"]),
    }
}

fn answer((status, one): (&String, &Value)) -> Told {
    let content = &one["content"]["application/json"];
    Told {
        status: status.clone(),
        kind: kind(&content["schema"]),
        words: words(&one["description"]),
        codes: entries(&content["examples"]).map(|(code, _)| code.clone()).collect(),
    }
}

fn refusals(answers: &Value) -> String {
    let mut lines = Vec::new();
    for (status, one) in entries(answers) {
        for (_, example) in entries(&one["content"]["application/json"]["examples"]) {
            lines.push(format!("{status} {}", example["value"]));
        }
    }
    lines.join("\n")
}

fn shapes(document: &Value) -> Vec<Shape> {
    let shape = |(name, schema): (&String, &Value)| {
        let is_required =
            |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field));
        let field = |(field, one): (&String, &Value)| Field {
            name: field.clone(),
            kind: kind(one),
            about: words(&one["description"]),
            is_required: is_required(field),
            is_going: one["deprecated"] == true,
        };
        let example = &schema["example"];
        Shape {
            name: name.clone(),
            about: words(&schema["description"]),
            fields: entries(&schema["properties"]).map(field).collect(),
            example: if example.is_null() { String::new() } else { format!("{example:#}") },
        }
    };
    entries(&document["components"]["schemas"]).map(shape).collect()
}

/// "string or null", "list of Secret", "one of user, manager, admin"
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(members) = schema["enum"].as_array() {
        let or_null = if members.contains(&Value::Null) { ", or null" } else { "" };
        let members: Vec<&str> = members.iter().filter_map(Value::as_str).collect();
        return format!("one of {}{or_null}", members.join(", "));
    }
    let parts = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(parts) = parts {
        return parts.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if !schema["items"].is_null() {
        return format!("list of {}", kind(&schema["items"]));
    }
    if !schema["properties"]["items"].is_null() {
        return format!("{{items: {}, next, previous}}", kind(&schema["properties"]["items"]));
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    format!("{kind}{}", bounds(schema))
}

/// ", 1 to 365", ", at most 255 characters"
fn bounds(schema: &Value) -> String {
    let number = |key: &str| schema[key].as_i64();
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) if most < i64::MAX => return format!(", {least} to {most}"),
        (Some(least), _) => return format!(", {least} or more"),
        _ => {}
    }
    match (number("minLength"), number("maxLength")) {
        (Some(least), Some(most)) => format!(", {least} to {most} characters"),
        (None, Some(most)) => format!(", at most {most} characters"),
        _ => String::new(),
    }
}
