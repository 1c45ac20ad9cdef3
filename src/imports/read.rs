//! From the bytes of a file to rows that keep every rule of a secret, each with its place and what is wrong with it.
use super::format::{Format, MOST_ROWS};
use super::row::Row;
use super::tree::Origin;
use super::{csv, dotenv, json};
use crate::crypto::digest::Digest;
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::SecretName;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::kit::table::At;
use crate::secrets::CreateSecret;

/// What a row is given where it says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    pub secret_type: SecretType,
    pub secrecy_level: SecrecyLevel,
}

/// A row after the rules: all that a plan needs to know of it. The secret itself stands beside it.
pub struct Checked {
    pub at: At,
    /// Empty where the row has no name that could be one: it may be part of a value.
    pub name: String,
    pub problems: FieldErrors,
    pub service: String,
    pub level: SecrecyLevel,
    pub digest: Option<Digest>,
    pub length: usize,
    /// The row has no value, and Keeper makes one if the secret is new.
    pub is_made: bool,
    pub origin: Option<Origin>,
}

/// The text of a file, without the mark that some editors put before it.
pub(super) fn text(file: &Plaintext) -> Result<&str> {
    let bytes = file.expose();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].split(|byte| *byte == b'\n').count();
        let problem =
            format!("is not UTF-8, first in line {line}: save it as UTF-8, or give bytes that are no text as value_base64");
        Error::invalid("file", &problem)
    })?;
    if text.trim().is_empty() {
        return Err(Error::invalid("file", "is empty: choose a file, or paste its text"));
    }
    Ok(text)
}

/// Rows as they stand. What is wrong with the file as a whole is an error of its field.
pub(super) fn rows(format: Format, text: &str) -> Result<Vec<Row>> {
    let rows = match format {
        Format::Env => Ok(dotenv::read(text, MOST_ROWS)),
        Format::Json => json::read(text, MOST_ROWS),
        Format::Csv => csv::read(text, MOST_ROWS),
    };
    let rows = rows.map_err(|problem| Error::invalid("file", &problem))?;
    match rows.len() {
        0 => Err(Error::invalid("file", "holds no row: nothing would be imported")),
        n if n > MOST_ROWS => {
            Err(Error::invalid("file", &format!("holds more than {MOST_ROWS} rows: divide it")))
        }
        _ => Ok(rows),
    }
}

/// Each row through the rules that a form goes through; a secret only where all of them are kept.
pub(super) fn check(
    rows: Vec<Row>,
    environment_id: i64,
    defaults: Defaults,
    now: Utc,
) -> Vec<(Checked, Option<CreateSecret>)> {
    rows.into_iter().map(|row| check_one(row, environment_id, defaults, now)).collect()
}

fn check_one(row: Row, environment_id: i64, defaults: Defaults, now: Utc) -> (Checked, Option<CreateSecret>) {
    let Row { at, mut input, problems, origin, .. } = row;
    let name = SecretName::parse(&input.name).map(|name| name.as_str().to_owned()).unwrap_or_default();
    let service = input.service_name.trim().to_owned();
    let level = defaults.secrecy_level;
    let mut checked =
        Checked { at, name, problems, service, level, digest: None, length: 0, is_made: false, origin };
    if !checked.problems.of("").is_empty() {
        return (checked, None);
    }
    input.environment_id = environment_id.to_string();
    let shown = input.name.trim().to_owned();
    for (field, default) in [
        (&mut input.secret_type, defaults.secret_type.as_str()),
        (&mut input.secrecy_level, defaults.secrecy_level.as_str()),
        (&mut input.display_name, &*shown),
    ] {
        if field.trim().is_empty() {
            default.clone_into(field);
        }
    }
    let problems = &mut checked.problems;
    match input.parse_create(now) {
        Ok(secret) if problems.is_empty() => {
            checked.level = secret.fields.secrecy_level;
            checked.length = secret.value.typed().map_or(0, Plaintext::len);
            checked.is_made = secret.value.typed().is_none();
            return (checked, Some(secret));
        }
        Ok(_) => {}
        Err(Error::Invalid(errors)) => {
            // A rule has nothing to add about a field that could not be read.
            let unread = |field: &str| {
                !problems.of(field).is_empty() || field == "value" && !problems.of("value_base64").is_empty()
            };
            let more: Vec<_> = errors.iter().filter(|(field, _)| !unread(field)).collect();
            for (field, messages) in more {
                for message in messages {
                    problems.add(field, message);
                }
            }
        }
        Err(e) => problems.add("", e),
    }
    (checked, None)
}
