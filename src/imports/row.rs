//! One row of a file, whatever its format: which field holds what, and what is wrong with it before any rule is asked.
use super::tree::Origin;
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::kit::cell::Cell;
use crate::kit::table::At;
use crate::secrets::SecretInput;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a row may hold, in CSV as columns and in JSON as names. `value_base64` is for bytes that are no text.
pub const FIELDS: [&str; 17] = [
    "name",
    "value",
    "value_base64",
    "display_name",
    "description",
    "secret_type",
    "secrecy_level",
    "service_name",
    "expires_at",
    "auto_rotate",
    "rotation_interval_days",
    "policy",
    "window_days",
    "window_from",
    "window_to",
    "window_zone",
    "tags",
];

pub struct Row {
    pub at: At,
    pub input: SecretInput,
    pub problems: FieldErrors,
    /// Of what was read from a backend.
    pub origin: Option<Origin>,
    seen: Vec<&'static str>,
}

impl Row {
    pub fn new(at: At) -> Self {
        Self {
            at,
            input: SecretInput::default(),
            problems: FieldErrors::default(),
            origin: None,
            seen: Vec::new(),
        }
    }

    pub fn failing(at: At, field: &str, problem: &str) -> Self {
        let mut row = Self::new(at);
        row.problems.add(field, problem);
        row
    }

    /// Takes one field. What it does not know it names, unless the name may be anything at all.
    pub fn set(&mut self, field: &str, cell: Cell) {
        let Some(field) = FIELDS.into_iter().find(|known| *known == field) else {
            let known = FIELDS.join(", ");
            return self
                .problems
                .add("", format!("holds a field that Keeper does not know: known are {known}"));
        };
        if self.seen.contains(&field) {
            return self.problems.add(field, "stands here twice: keep one");
        }
        self.seen.push(field);
        if field.starts_with("value") && self.input.value.is_some() {
            return self.problems.add("value", "is given as text and as base64: keep one");
        }
        let input = &mut self.input;
        let text = match (field, cell) {
            (_, Cell::Null) => return,
            ("tags", Cell::Fields(pairs)) => tag_lines(pairs),
            ("tags", Cell::Text(text)) if text.trim_start().starts_with('{') => {
                super::json::tags(&text).and_then(tag_lines)
            }
            ("auto_rotate", Cell::Flag(on)) => Ok(on.to_string()),
            ("rotation_interval_days", Cell::Number(number)) => Ok(number),
            (_, Cell::Text(text)) => Ok(text),
            ("value", _) => Err("must be a text in quotes: another kind would not keep its bytes"),
            (_, _) => Err("must be a text in quotes"),
        };
        let text = match text {
            Ok(text) => text,
            Err(problem) => return self.problems.add(field, problem),
        };
        match field {
            "value" => input.value = Some(Plaintext::from(text)),
            "value_base64" => match STANDARD.decode(text.trim()) {
                Ok(bytes) => input.value = Some(Plaintext::new(bytes)),
                Err(_) => self.problems.add(field, "must be base64 (A-Z a-z 0-9 + / and = at its end)"),
            },
            "auto_rotate" => match text.trim() {
                "true" => input.auto_rotate = Some(text),
                "false" | "" => {}
                _ => self.problems.add(field, "must be true or false"),
            },
            "name" => input.name = text,
            "display_name" => input.display_name = text,
            "description" => input.description = text,
            "secret_type" => input.secret_type = text,
            "secrecy_level" => input.secrecy_level = text,
            "service_name" => input.service_name = text,
            "expires_at" => input.expires_at = text,
            "rotation_interval_days" => input.rotation_interval_days = text,
            "policy" => input.policy.policy = text,
            "window_days" => input.window = std::mem::take(&mut input.window).with_days(&text),
            "window_from" => input.window.window_from = text,
            "window_to" => input.window.window_to = text,
            "window_zone" => input.window.window_zone = text,
            _ => input.tags = text,
        }
    }
}

/// As the form holds them: one `key=value` a line.
fn tag_lines(pairs: Vec<(String, Cell)>) -> Result<String, &'static str> {
    let mut lines = String::new();
    for (key, value) in pairs {
        let Cell::Text(value) = value else { return Err("must hold texts in quotes") };
        if key.contains(['=', '\n', '\r']) || value.contains(['\n', '\r']) {
            return Err("must not hold a line break, nor = in a key");
        }
        for part in [&key, "=", &value, "\n"] {
            lines.push_str(part);
        }
    }
    Ok(lines)
}
