//! The document of the API, OpenAPI 3.1: made of the table and of the types. It says nothing of the installation.
use super::error::ErrorEnvelope;
use super::line::{Line, Shape};
use super::routes::{Access, table};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::{PartialSchema, ToSchema};

pub static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

const ABOUT: &str = "Secrets, their rotations and what is told of them. Send a token as `Authorization: Bearer …`: a person’s of \
    `POST /api/v1/sessions`, or that of a service account. Lists answer `{items, next}`; send `next` as `after`. Every refusal has the \
    shape `{\"error\": {\"code\", \"message\", \"fields\"}}`. What is absent in a change stays as it is, and null empties it; a field \
    that cannot be set is refused by its name. Times are UTC, RFC 3339.";

fn document() -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    put(&mut schemas, &ErrorEnvelope::name(), ErrorEnvelope::schema());
    let mut parts = Vec::new();
    ErrorEnvelope::schemas(&mut parts);
    for (name, schema) in parts {
        put(&mut schemas, &name, schema);
    }
    for line in table() {
        for shape in [&line.about.takes, &line.about.gives].into_iter().flatten() {
            for (name, schema) in &shape.schemas {
                put(&mut schemas, name, schema);
            }
        }
        let item = paths.entry(line.path).or_insert_with(|| json!({}));
        item[line.method.to_ascii_lowercase()] = operation(&line);
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
    schemas.insert(name.to_owned(), serde_json::to_value(schema).unwrap_or_default());
}

fn operation(line: &Line) -> Value {
    let about = &line.about;
    let mut answers = Map::new();
    answers.insert(about.status.to_string(), answer(about.gives.as_ref()));
    if about.waits {
        let shape = reference(&super::rotations::Rotation::name());
        let words = "It waits for another person, in this rotation";
        answers.insert(
            "202".into(),
            json!({ "description": words, "content": { "application/json": { "schema": shape } } }),
        );
    }
    for (status, words) in refusals(line) {
        let shape = reference(&ErrorEnvelope::name());
        answers.insert(
            status.to_owned(),
            json!({ "description": words, "content": { "application/json": { "schema": shape } } }),
        );
    }
    let mut told = json!({ "summary": about.summary, "operationId": id(line), "responses": answers });
    let scope = match line.access {
        Access::Public => String::new(),
        Access::Scope(scope) => {
            told["security"] = json!([{ "token": [] }]);
            scope.map(|scope| format!("A service account needs the scope `{scope}`.")).unwrap_or_default()
        }
    };
    let description = [about.description, &scope].join(" ").trim().to_owned();
    if !description.is_empty() {
        told["description"] = description.into();
    }
    if line.going.is_some() {
        told["deprecated"] = true.into();
    }
    let parameters = parameters(line);
    if !parameters.is_empty() {
        told["parameters"] = parameters.into();
    }
    if let Some(takes) = &about.takes {
        let schema = if takes.many { list_of(&takes.name) } else { reference(&takes.name) };
        told["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    told
}

/// `post_secrets_id_rotate`
fn id(line: &Line) -> String {
    let path = line.path.trim_start_matches("/api/v1/").replace(['/', '-', '.'], "_").replace(['{', '}'], "");
    format!("{}_{path}", line.method.to_ascii_lowercase())
}

fn parameters(line: &Line) -> Vec<Value> {
    let one = |name: &str, place: &str, words: &str, schema: Value| json!({ "name": name, "in": place, "required": place == "path", "description": words, "schema": schema });
    let mut all = Vec::new();
    if line.path.contains("{id}") {
        all.push(one("id", "path", "its id", json!({ "type": "integer", "format": "int64", "minimum": 1 })));
    }
    all.extend(line.about.filters.iter().map(|(name, words)| {
        let kind = if matches!(*name, "limit" | "environment") { "integer" } else { "string" };
        one(name, "query", words, json!({ "type": kind }))
    }));
    if line.about.matching {
        let words = "The ETag that was read: the change is made only if nobody was faster, else 412.";
        all.push(one("If-Match", "header", words, json!({ "type": "string" })));
    }
    if line.once {
        let words = "Up to 255 characters: within 24 hours the same request with the same key is done once, and answered again.";
        all.push(one("Idempotency-Key", "header", words, json!({ "type": "string", "maxLength": 255 })));
    }
    all
}

fn answer(gives: Option<&Shape>) -> Value {
    let Some(shape) = gives else { return json!({ "description": "Done" }) };
    let schema = if shape.many {
        let next = json!({ "type": ["string", "null"], "description": "Send it as `after` for the next page; null at the end." });
        json!({
            "type": "object",
            "required": ["items", "next"],
            "properties": { "items": list_of(&shape.name), "next": next },
        })
    } else {
        reference(&shape.name)
    };
    json!({ "description": "Done", "content": { "application/json": { "schema": schema } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

fn refusals(line: &Line) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("429", "Too many requests: wait as long as Retry-After says")];
    let (changes, is_public) = (line.method != "GET", line.access == Access::Public);
    if !is_public || changes {
        all.push((
            "401",
            "No token, or one that is not known any more; at a sign-in, no such account or not its password",
        ));
        all.push(("503", "A part that Keeper needs is away: nothing was changed"));
    }
    if !is_public {
        all.push(("403", "The role or the scope does not reach this"));
    }
    if line.path.contains("{id}") {
        all.push(("404", "There is nothing, or not for you"));
    }
    if changes {
        all.push(("409", "Somebody else was faster, or it is not the time for this"));
        all.push(("413", "The body is too large"));
    }
    if line.about.takes.is_some() || line.once {
        all.push(("400", "The body is not JSON, or a header cannot be read"));
    }
    if line.about.takes.is_some() {
        all.push(("415", "The body is not said to be JSON"));
    }
    if line.about.takes.is_some() || line.once || !line.about.filters.is_empty() {
        all.push(("422", "Something does not fit: `fields` tells what"));
    }
    if line.about.matching {
        all.push(("412", "If-Match names another version"));
    }
    all
}
