//! What an address answers: what it gives, and each refusal with what is said then, made by what refuses.
use super::{id, list_of, reference};
use crate::api::error::{ErrorEnvelope, Failure};
use crate::api::gate::NOT_KNOWN;
use crate::api::line::{Line, Shape};
use crate::api::rotations::Rotation;
use crate::api::routes::Access;
use crate::domain::enums::Scope;
use crate::domain::error::Error;
use crate::signin::WRONG;
use serde_json::{Map, Value, json};
use time::Duration;
use utoipa::ToSchema;

pub fn of(line: &Line, lines: &[Line]) -> Map<String, Value> {
    let about = &line.about;
    let mut answers = Map::new();
    let mut given = if about.is_file { file(about.gives.as_ref()) } else { given(about.gives.as_ref()) };
    let (headers, onward) = (headers(line, about.status), onward(line, lines));
    if !headers.is_empty() {
        given["headers"] = headers.into();
    }
    if !onward.is_empty() {
        given["links"] = onward.into();
    }
    answers.insert(about.status.to_string(), given);
    if about.waits {
        let mut waits = json(&reference(&Rotation::name()), "It waits for another person, in this rotation.");
        waits["headers"] = json!({ "Location": header("Where the rotation is read.") });
        answers.insert("202".into(), waits);
    }
    for (words, failures) in refusals(line) {
        let Some(first) = failures.first() else { continue };
        let mut refusal = json(&reference(&ErrorEnvelope::name()), words);
        let said = |failure: &Failure| (failure.code().to_owned(), json!({ "value": failure.envelope() }));
        refusal["content"]["application/json"]["examples"] = failures.iter().map(said).collect::<Value>();
        if matches!(first, Failure::Slow(_) | Failure::Said(Error::Unavailable { .. })) {
            refusal["headers"] = json!({ "Retry-After": header("So many seconds.") });
        }
        answers.insert(first.status().as_u16().to_string(), refusal);
    }
    answers
}

fn json(schema: &Value, words: &str) -> Value {
    json!({ "description": words, "content": { "application/json": { "schema": schema } } })
}

fn header(words: &str) -> Value {
    json!({ "description": words, "schema": { "type": "string" } })
}

fn given(gives: Option<&Shape>) -> Value {
    let Some(shape) = gives else { return json!({ "description": "Done." }) };
    let schema = if shape.many {
        let key = |words: &str| json!({ "type": ["string", "null"], "description": words });
        let next = key("Send it as `after` for the next page; null at the end.");
        let previous = key("Send it as `before` for the page before; null at the beginning.");
        json!({
            "type": "object",
            "required": ["items", "next", "previous"],
            "properties": { "items": list_of(&shape.name), "next": next, "previous": previous },
        })
    } else {
        reference(&shape.name)
    };
    json(&schema, "Done.")
}

/// A list of rows, or the same as a table.
fn file(rows: Option<&Shape>) -> Value {
    let mut given = json(&list_of(rows.map_or("", |rows| &rows.name)), "Done.");
    given["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
    given["headers"] = json!({ "Content-Disposition": header("What to call the file.") });
    given
}

fn headers(line: &Line, status: u16) -> Map<String, Value> {
    let mut all = Map::new();
    let gives = line.about.gives.as_ref().filter(|gives| !gives.many);
    if gives.is_some_and(|gives| ["Secret", "User", "Environment"].contains(&gives.name.as_str())) {
        all.insert("ETag".into(), header("Which version this is; send it as If-Match with a change."));
    }
    if gives.is_some() && line.once && status != 200 {
        all.insert("Location".into(), header("Where it is read."));
    }
    if line.going.is_some() {
        all.insert("Deprecation".into(), header("Since when this is not to be used any more (RFC 9745)."));
        all.insert("Sunset".into(), header("When it will be gone (RFC 8594)."));
    }
    all
}

/// From what was made to what may be done with it.
fn onward(line: &Line, lines: &[Line]) -> Map<String, Value> {
    let made = line.about.gives.as_ref().filter(|gives| line.about.status == 201 && !gives.many);
    let room = match made.map(|gives| gives.name.as_str()) {
        Some("Secret") => "/api/v1/secrets/{id}",
        Some("Rotation") => "/api/v1/rotations/{id}",
        Some("User") => "/api/v1/users/{id}",
        _ => return Map::new(),
    };
    let there = lines.iter().filter(|line| line.path.starts_with(room)).map(id);
    let operation = |id: String| {
        let to = json!({ "operationId": id, "parameters": { "id": "$response.body#/id" } });
        (id, to)
    };
    there.map(operation).collect()
}

/// Each status once: its words, and the failures that have it.
fn refusals(line: &Line) -> Vec<(&'static str, Vec<Failure>)> {
    let about = &line.about;
    let (changes, is_public) = (line.method != "GET", line.access == Access::Public);
    let mut all = vec![(
        "Too many requests: wait as long as Retry-After says.",
        vec![Failure::Slow(Duration::seconds(11))],
    )];
    if is_public && changes {
        let failures = vec![Failure::Unauthenticated(WRONG), Failure::SecondFactorNeeded];
        all.push(("No such account, or not its password or code.", failures));
    } else if !is_public {
        all.push(("No token, or one that is not known any more.", vec![Failure::Unauthenticated(NOT_KNOWN)]));
    }
    if !is_public || changes {
        let away = Error::unavailable("the database is away: try again later");
        all.push(("A part that Keeper needs is away: nothing was changed.", vec![away.into()]));
    }
    if let Access::Scope(scope) = line.access {
        let why = scope.map_or("your role does not reach this", Scope::lacking);
        let mut failures = vec![Failure::from(Error::Forbidden(why.to_owned()))];
        failures.extend(changes.then(|| Error::ProofNeeded.into()));
        all.push((
            "The role or the scope does not reach this, or it takes a fresh proof of identity.",
            failures,
        ));
    }
    if line.path.contains("{id}") {
        all.push(("There is nothing, or not for you.", vec![Error::NotFound.into()]));
    }
    if changes {
        let faster = Error::Conflict("somebody else changed this meanwhile: nothing was changed".into());
        let mut failures = vec![Failure::from(faster)];
        failures.extend(line.once.then_some(Failure::KeyBusy));
        all.push(("Somebody else was faster, or it is not the time for this.", failures));
        all.push(("The body did not come in time.", vec![Failure::TooSlow]));
        all.push(("The body is too large.", vec![Failure::TooLarge(line.most)]));
        let unread = "the body is not JSON: it cannot be read at line 1, column 7";
        all.push((
            "The body is not JSON, or a header cannot be read or is not taken.",
            vec![Failure::NotJson(unread.into())],
        ));
    }
    if about.takes.is_some() {
        all.push(("The body is not said to be JSON.", vec![Failure::NotThisKind]));
    }
    if changes || !is_public {
        all.push(("Something does not fit: `fields` tells what.", unfit(line)));
    }
    if about.matching {
        all.push(("If-Match names another version.", vec![Failure::NotMatching]));
    }
    all
}

fn unfit(line: &Line) -> Vec<Failure> {
    let wrong = if line.about.takes.is_some() {
        Error::invalid("id", "cannot be set here")
    } else if line.about.filters.is_empty() {
        Error::invalid("nonsense", "is no parameter of this address")
    } else {
        Error::invalid("limit", "must be a whole number from 1 to 200")
    };
    let reused = line.once.then_some(Failure::KeyUsed);
    [Failure::from(wrong)].into_iter().chain(reused).collect()
}
