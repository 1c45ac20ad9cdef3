//! What a caller may set of a secret, and how it goes over what is there. What nobody may set is not in these types.
use crate::api::error::demand_none;
use crate::api::field::{Field, Unknown, number};
use crate::api::words;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::domain::schedule::Day;
use crate::secrets::{self, SecretInput};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a new secret and a change of one have alike, as the document tells it. Of a new one the type and the level are required.
macro_rules! with_metadata {
    ($(#[$about:meta])* pub struct $name:ident, required = $required:tt { $($own:tt)* }) => {
        #[derive(Deserialize, ToSchema)]
        $(#[$about])*
        pub struct $name {
            $($own)*
            /// Its name for people.
            #[serde(default)]
            #[schema(value_type = String, required = false, min_length = 1, max_length = 255)]
            display_name: Field<String>,
            /// What it is for, in several lines at most.
            #[serde(default)]
            #[schema(value_type = Option<String>, max_length = 4000)]
            description: Field<String>,
            #[serde(default)]
            #[schema(schema_with = words::secret_type, required = $required)]
            secret_type: Field<String>,
            #[serde(default)]
            #[schema(schema_with = words::secrecy_level, required = $required)]
            secrecy_level: Field<String>,
            /// The service that uses it.
            #[serde(default)]
            #[schema(value_type = Option<String>, max_length = 255)]
            service_name: Field<String>,
            /// When it is worth nothing any more; in the future. Null: never.
            #[serde(default)]
            #[schema(value_type = Option<String>, format = DateTime)]
            expires_at: Field<String>,
            /// Keeper rotates it by itself.
            #[serde(default)]
            #[schema(value_type = bool, required = false)]
            auto_rotate: Field<bool>,
            /// How many days after a rotation the next one is due. Required with `auto_rotate`, and with a window.
            #[serde(default)]
            #[schema(value_type = Option<i64>, minimum = 1, maximum = 365)]
            rotation_interval_days: Field<i64>,
            /// What its values are made of, such as `letters` or a policy as a secret shows it. Null: what fits the type.
            #[serde(default)]
            #[schema(value_type = Option<String>)]
            policy: Field<String>,
            #[serde(default)]
            #[schema(schema_with = words::window_days, required = false)]
            window_days: Field<Vec<String>>,
            /// When on these days Keeper may begin, from `00:00` to `23:59`.
            #[serde(default)]
            #[schema(value_type = Option<String>)]
            window_from: Field<String>,
            /// Until when it may begin; before `window_from`: on the next day.
            #[serde(default)]
            #[schema(value_type = Option<String>)]
            window_to: Field<String>,
            /// The time zone of both, such as `Europe/Berlin`.
            #[serde(default)]
            #[schema(value_type = Option<String>)]
            window_zone: Field<String>,
            #[serde(default)]
            #[schema(schema_with = words::tags, required = false)]
            tags: Field<BTreeMap<String, String>>,
            /// For the audit log; required in production.
            #[serde(default)]
            #[schema(value_type = Option<String>, max_length = 500)]
            reason: Field<String>,
            #[serde(flatten)]
            #[schema(ignore)]
            rest: Unknown,
        }
    };
}

with_metadata! {
    /// A new secret with its first value. Absent is as good as null or false; without a name for people it goes by its name.
    #[schema(example = json!({
        "environment_id": 1, "name": "payments-db-password", "display_name": "Payments database", "secret_type": "database_credential",
        "secrecy_level": "confidential", "generate": true, "tags": {"team": "payments"}
    }))]
    pub struct SecretCreate, required = true {
        /// The environment that it belongs to, for ever.
        #[serde(default)]
        #[schema(value_type = i64, required = true, minimum = 1)]
        environment_id: Field<i64>,
        /// ASCII letters and digits with `-`, `_`, `.`, and at least one letter or digit; lower-cased.
        #[serde(default)]
        #[schema(value_type = String, required = true, max_length = 255, pattern = "^\\s*[A-Za-z0-9._-]*[A-Za-z0-9][A-Za-z0-9._-]*\\s*$")]
        name: Field<String>,
        /// The value: 1 byte to 64 KiB, kept byte for byte. Absent with `generate`.
        #[serde(default)]
        #[schema(value_type = Option<String>, write_only, min_length = 1, max_length = 87384)]
        value: Field<Plaintext>,
        #[serde(default)]
        #[schema(schema_with = words::encoding, required = false)]
        encoding: Field<String>,
        /// Keeper makes the value.
        #[serde(default)]
        #[schema(value_type = Option<bool>)]
        generate: Field<bool>,
    }
}

with_metadata! {
    /// What changes of a secret's metadata. What is absent stays; null empties what may be empty. A new value is a rotation.
    #[schema(example = json!({"description": "Read by the payments service", "expires_at": null}))]
    pub struct SecretUpdate, required = false {
        /// The version that the change is meant for, instead of `If-Match`.
        #[serde(default)]
        #[schema(value_type = Option<i64>, minimum = 1)]
        row_version: Field<i64>,
    }
}

/// What a new secret and a change of one have alike, over what is there.
macro_rules! metadata_over {
    ($asked:ident, $input:ident, $errors:ident) => {
        $asked.display_name.over("display_name", &mut $input.display_name, $errors);
        $asked.description.over("description", &mut $input.description, $errors);
        $asked.secret_type.over("secret_type", &mut $input.secret_type, $errors);
        $asked.secrecy_level.over("secrecy_level", &mut $input.secrecy_level, $errors);
        $asked.service_name.over("service_name", &mut $input.service_name, $errors);
        expiry($asked.expires_at, &mut $input.expires_at, $errors);
        flag(&$asked.auto_rotate, "auto_rotate", &mut $input.auto_rotate, $errors);
        $asked.rotation_interval_days.over(
            "rotation_interval_days",
            &mut $input.rotation_interval_days,
            $errors,
        );
        $asked.policy.over("policy", &mut $input.policy.policy, $errors);
        days($asked.window_days, &mut $input.window.window_days, $errors);
        $asked.window_from.over("window_from", &mut $input.window.window_from, $errors);
        $asked.window_to.over("window_to", &mut $input.window.window_to, $errors);
        $asked.window_zone.over("window_zone", &mut $input.window.window_zone, $errors);
        tags($asked.tags, &mut $input.tags, $errors);
        $asked.reason.over("reason", &mut $input.reason, $errors);
    };
}

impl SecretCreate {
    pub fn input(self) -> Result<SecretInput> {
        let (mut input, mut errors) = (SecretInput::default(), FieldErrors::default());
        let e = &mut errors;
        self.rest.refuse(e);
        self.environment_id.over("environment_id", &mut input.environment_id, e);
        self.name.over("name", &mut input.name, e);
        input.display_name.clone_from(&input.name);
        metadata_over!(self, input, e);
        input.value = bytes("value", (self.value, self.encoding), e);
        if self.generate.given("generate", e) == Some(true) {
            if input.value.is_some() {
                e.add("generate", "cannot be true beside a value");
            }
            "generated".clone_into(&mut input.mode);
        }
        demand_none(errors).map(|()| input)
    }
}

impl SecretUpdate {
    /// Over what is stored.
    pub fn over(self, stored: &secrets::Secret) -> Result<SecretInput> {
        let (mut input, mut errors) = (SecretInput::of(stored), FieldErrors::default());
        let e = &mut errors;
        self.rest.refuse(e);
        metadata_over!(self, input, e);
        row_version(self.row_version, &mut input.row_version, e);
        demand_none(errors).map(|()| input)
    }
}

/// A form's box that is ticked.
fn flag(field: &Field<bool>, name: &str, there: &mut Option<String>, errors: &mut FieldErrors) {
    match field {
        Field::Absent => {}
        Field::Null => errors.add(name, "must be true or false"),
        Field::Wrong(must) => errors.add(name, must),
        Field::Given(on) => *there = on.then(|| "true".to_owned()),
    }
}

/// Null takes it away. An empty text, which a form sends for that, is no time.
fn expiry(field: Field<String>, there: &mut String, errors: &mut FieldErrors) {
    if matches!(&field, Field::Given(text) if text.trim().is_empty()) {
        errors.add("expires_at", "must be a date and time such as 2026-01-31T10:00:00Z, or null for none");
    }
    field.over("expires_at", there, errors);
}

fn days(field: Field<Vec<String>>, there: &mut Vec<String>, errors: &mut FieldErrors) {
    match field {
        Field::Absent => {}
        Field::Null => there.clear(),
        Field::Wrong(must) => errors.add("window_days", must),
        Field::Given(days) => {
            if let Some(problem) = days.iter().find_map(|day| day.parse::<Day>().err()) {
                errors.add("window_days", problem);
            }
            *there = days;
        }
    }
}

/// The version that a change is meant for, instead of the one that was read for it.
pub fn row_version(field: Field<i64>, there: &mut String, errors: &mut FieldErrors) {
    if let Some(version) = number("row_version", field, errors) {
        *there = version.to_string();
    }
}

/// As the features take them: one `key=value` a line.
fn tags(field: Field<BTreeMap<String, String>>, there: &mut String, errors: &mut FieldErrors) {
    match field {
        Field::Absent => {}
        Field::Null => there.clear(),
        Field::Wrong(must) => errors.add("tags", must),
        Field::Given(pairs) => {
            let breaks = |text: &str| text.contains(['\n', '\r']);
            if pairs.iter().any(|(key, value)| key.contains('=') || breaks(key) || breaks(value)) {
                errors.add("tags", "must not hold a line break, nor = in a key");
            }
            let lines = pairs.iter().map(|(key, value)| format!("{key}={value}"));
            *there = lines.collect::<Vec<_>>().join("\n");
        }
    }
}

/// A value as it was sent: text as it is, or base64 of bytes that are none.
pub fn bytes(
    name: &str,
    (value, encoding): (Field<Plaintext>, Field<String>),
    errors: &mut FieldErrors,
) -> Option<Plaintext> {
    let encoding = encoding.given("encoding", errors);
    let is_base64 = encoding.as_deref() == Some("base64");
    if !is_base64 && !matches!(encoding.as_deref(), None | Some("utf-8")) {
        errors.add("encoding", "must be one of utf-8, base64");
    }
    let value = value.given(name, errors)?;
    if !is_base64 {
        return Some(value);
    }
    let bytes = STANDARD.decode(value.expose()).map(Plaintext::new);
    errors.take(name, bytes.map_err(|_| "must be base64 (A-Z a-z 0-9 + / and = at its end)"))
}

/// For a row of many: its own errors, each with where it stands.
pub fn at_row(row: usize, e: Error, errors: &mut FieldErrors) -> Result<()> {
    let Error::Invalid(own) = e else { return Err(e) };
    secrets::tell_row(row, &own, errors);
    Ok(())
}
