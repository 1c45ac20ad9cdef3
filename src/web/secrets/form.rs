//! What the forms of a new and of a changed secret share: labels, choices, and what was typed.
use super::{policy, window};
use crate::crypto::generate::PolicyInput;
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::domain::schedule::WindowInput;
use crate::environments::{Act, Place, Verdict};
use crate::kit::clock::Utc;
use crate::secrets::{Secret, SecretInput};
use crate::web::convert::type_label;
use crate::web::extract::CurrentUser;
use crate::web::forms::choices;
use crate::web::views::parts::{Choice, Form};
use serde::Deserialize;

const FIELDS: [(&str, &str); 14] = [
    ("environment_id", "Environment"),
    ("name", "Name"),
    ("display_name", "Display name"),
    ("description", "Description"),
    ("secret_type", "Type"),
    ("service_name", "Service"),
    ("tags", "Tags"),
    ("mode", "Value"),
    ("value", "Value"),
    ("secrecy_level", "Secrecy level"),
    ("reason", "Reason"),
    ("expires_at", "Expires"),
    ("rotation_interval_days", "Rotate every … days"),
    ("auto_rotate", "Automatic rotation"),
];

pub fn labels() -> Vec<(&'static str, &'static str)> {
    [&FIELDS[..], &policy::LABELS, &window::LABELS].concat()
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SecretForm {
    #[serde(flatten)]
    pub input: SecretInput,
    /// One line end, as the browser sent it.
    #[serde(rename = "_nl")]
    pub line_end: String,
    /// Set: past the approval that the environment asks for.
    pub break_glass: Option<String>,
}

pub fn types() -> Vec<Choice> {
    choices(SecretType::ALL, SecretType::as_str, |t| type_label(t).to_owned(), "")
}

/// The levels that this person may use in one of these places: the others would only be refused.
pub fn levels(user: &CurrentUser, places: &[&Place]) -> Vec<Choice> {
    let may = |l: &&SecrecyLevel| places.iter().any(|p| p.may(&user.actor, Act::Change, **l) == Verdict::Yes);
    let help = |level| match level {
        SecrecyLevel::Internal => {
            "Everybody behind the environment’s door may reveal it, outside production."
        }
        SecrecyLevel::Confidential => "The same people, and it deserves care.",
        SecrecyLevel::Restricted => {
            "Managers and admins alone; each reveal asks for a reason and a fresh proof of identity."
        }
    };
    let choice = |l: &SecrecyLevel| Choice {
        value: l.as_str().into(),
        label: l.label(),
        help: help(*l).into(),
        on: false,
    };
    SecrecyLevel::ALL.iter().filter(may).map(choice).collect()
}

/// Everything that was typed, but the value.
pub fn typed(input: &SecretInput) -> Form {
    window::with(policy::with(Form::default(), &input.policy), &input.window)
        .with("mode", &input.mode)
        .with("environment_id", &input.environment_id)
        .with("name", &input.name)
        .with("display_name", &input.display_name)
        .with("description", &input.description)
        .with("secret_type", &input.secret_type)
        .with("secrecy_level", &input.secrecy_level)
        .with("service_name", &input.service_name)
        .with("expires_at", &input.expires_at)
        .with("auto_rotate", if input.auto_rotate.is_some() { "true" } else { "" })
        .with("rotation_interval_days", &input.rotation_interval_days)
        .with("tags", &input.tags)
        .with("reason", &input.reason)
        .with("row_version", &input.row_version)
}

pub fn stored(secret: &Secret) -> Result<Form> {
    let days = secret.rotation_interval_days.map(|days| days.to_string());
    let kept = PolicyInput::of(secret.kept_policy()?.as_ref());
    let window = window::stored(secret.window()?.as_ref());
    Ok(window::with(policy::with(Form::default(), &kept), &window)
        .with("display_name", &secret.display_name)
        .with("description", &secret.description)
        .with("secret_type", secret.secret_type.as_str())
        .with("secrecy_level", secret.secrecy_level.as_str())
        .with("service_name", &secret.service_name)
        .with("expires_at", secret.expires_at.map(Utc::to_input).unwrap_or_default())
        .with("auto_rotate", if secret.auto_rotate { "true" } else { "" })
        .with("rotation_interval_days", days.unwrap_or_default())
        .with("tags", secret.tag_lines())
        .with("row_version", secret.row_version.to_string()))
}

/// The same with what takes several fields in one text, for who compares two of them.
pub fn summed(form: &Form) -> Form {
    let text = |name: &str| form.get(name).to_owned();
    let input = PolicyInput {
        policy: text("policy"),
        length: text("length"),
        alphabet: text("alphabet"),
        exclude: text("exclude"),
        word_count: text("word_count"),
        separator: text("separator"),
        key_kind: text("key_kind"),
        key_form: text("key_form"),
        byte_count: text("byte_count"),
        encoding: text("encoding"),
    };
    let made_of = match input.parse_kept(&mut FieldErrors::default()) {
        Some(Some(policy)) => policy::words(&policy),
        _ => input.policy,
    };
    let days = text("window_days");
    let hours = WindowInput {
        window_from: text("window_from"),
        window_to: text("window_to"),
        window_zone: text("window_zone"),
        ..WindowInput::default()
    };
    let hours = match hours.with_days(&days).parse(&mut FieldErrors::default()) {
        Some(window) => window.map(|window| window.describe()).unwrap_or_default(),
        None => days,
    };
    let mut values = form.values.clone();
    values.retain(|name, _| !policy::LABELS.iter().chain(&window::LABELS).any(|(field, _)| field == name));
    values.insert("window", hours);
    values.insert("policy", made_of);
    Form { values, ..Form::default() }
}
