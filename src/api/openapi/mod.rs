//! The document of the API, OpenAPI 3.1: made of the table and of the types. It says nothing of the installation.
mod answers;
mod parameters;

use super::error::ErrorEnvelope;
use super::line::{Line, Shape};
use super::routes::{Access, table};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::{PartialSchema, ToSchema};

pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document(&table()));

const ABOUT: &str = "Secrets, their rotations and what is told of them. Send a token as `Authorization: Bearer …`: a person’s of \
    `POST /api/v1/sessions`, or that of a service account. Lists answer `{items, next, previous}`; send `next` as `after`, and `previous` as `before`. Every \
    refusal has the shape `{\"error\": {\"code\", \"message\", \"fields\"}}`. What is absent in a change stays as it is, and null empties it; a field \
    that cannot be set, and a parameter that does not exist, is refused by its name. Times are UTC, RFC 3339.";

/// Of these lines, which are those of the table but in a test.
pub fn document(lines: &[Line]) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    put(&mut schemas, &ErrorEnvelope::name(), ErrorEnvelope::schema());
    let mut parts = Vec::new();
    ErrorEnvelope::schemas(&mut parts);
    for (name, schema) in parts {
        put(&mut schemas, &name, schema);
    }
    for line in lines {
        for shape in [&line.about.takes, &line.about.gives].into_iter().flatten() {
            for (name, schema) in &shape.schemas {
                put(&mut schemas, name, schema);
            }
        }
        // What is not named is refused.
        if let Some(takes) = &line.about.takes {
            schemas[&takes.name]["additionalProperties"] = false.into();
        }
        let item = paths.entry(line.path).or_insert_with(|| json!({}));
        item[line.method.to_ascii_lowercase()] = operation(line, lines);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Keeper", "version": "1", "description": ABOUT },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn put(schemas: &mut Map<String, Value>, name: &str, schema: impl serde::Serialize) {
    let mut schema = serde_json::to_value(schema).unwrap_or_default();
    for field in
        schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
    {
        lift(field);
    }
    schemas.insert(name.to_owned(), schema);
}

/// Of a field that may be null the words stand beside the schema that it has otherwise: they are the field's.
fn lift(field: &mut Value) {
    let parts = field.get_mut("oneOf").and_then(Value::as_array_mut);
    let words = parts.into_iter().flatten().find_map(|part| part.as_object_mut()?.remove("description"));
    if let (Some(words), Some(field)) = (words, field.as_object_mut()) {
        field.insert("description".into(), words);
    }
}

fn operation(line: &Line, lines: &[Line]) -> Value {
    let about = &line.about;
    let answers = answers::of(line, lines);
    let mut told = json!({ "summary": about.summary, "operationId": id(line), "responses": answers });
    let scope = match line.access {
        Access::Public => String::new(),
        Access::Scope(scope) => {
            told["security"] = json!([{ "token": [] }]);
            scope.map(|scope| format!("A service account needs the scope `{scope}`.")).unwrap_or_default()
        }
    };
    let going = line.going.map(|going| going.words()).unwrap_or_default();
    let parts = [about.description, &scope, &going];
    let description = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if !description.is_empty() {
        told["description"] = description.into();
    }
    if let Some(going) = line.going {
        told["deprecated"] = true.into();
        told["x-sunset"] = going.gone.to_seconds().into();
    }
    let parameters = parameters::of(line);
    if !parameters.is_empty() {
        told["parameters"] = parameters.into();
    }
    if let Some(takes) = &about.takes {
        let content = json!({ "application/json": { "schema": body(takes) } });
        told["requestBody"] = json!({ "required": needs_body(line, takes), "content": content });
    }
    told
}

/// A body that could be empty may be left away; but a change without one would say nothing.
fn needs_body(line: &Line, takes: &Shape) -> bool {
    line.method == "PATCH" || !takes.is_optional
}

fn body(takes: &Shape) -> Value {
    if !takes.many {
        return reference(&takes.name);
    }
    let mut rows = list_of(&takes.name);
    rows["minItems"] = 1.into();
    rows["maxItems"] = crate::secrets::MOST_AT_ONCE.into();
    let whole = json!({
        "type": "object",
        "required": ["items"],
        "properties": { "items": rows },
        "additionalProperties": false,
    });
    json!({ "anyOf": [rows, whole] })
}

/// `post_secrets_id_rotate`
fn id(line: &Line) -> String {
    let path = line.path.trim_start_matches("/api/v1/").replace(['/', '-', '.'], "_").replace(['{', '}'], "");
    format!("{}_{path}", line.method.to_ascii_lowercase())
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}
