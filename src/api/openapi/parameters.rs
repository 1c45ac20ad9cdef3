//! What an address takes beside a body: the id in its path, the parameters that the gate holds it to, and headers.
use crate::api::filter::Kind;
use crate::api::line::Line;
use serde_json::{Value, json};

pub fn of(line: &Line) -> Vec<Value> {
    let mut all = Vec::new();
    if line.path.contains("{id}") {
        let id = json!({ "type": "integer", "format": "int64", "minimum": 1 });
        all.push(one(("id", "path"), "Its id.", &id));
    }
    let filters = line.about.filters.iter();
    all.extend(filters.map(|filter| {
        let mut told = one((filter.name, "query"), filter.words, &filter.kind.schema());
        if matches!(filter.kind, Kind::Ids) {
            (told["style"], told["explode"]) = ("form".into(), false.into());
        }
        told
    }));
    if line.about.matching {
        let words = "The ETag that was read: the change is made only if nobody was faster, else 412.";
        all.push(one(("If-Match", "header"), words, &json!({ "type": "string" })));
    }
    if line.once {
        let words = "A word of your own: within 24 hours the same request with the same key is done once, and answered again.";
        let key = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
        all.push(one(("Idempotency-Key", "header"), words, &key));
    }
    all
}

fn one((name, place): (&str, &str), words: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "description": words, "schema": schema })
}
