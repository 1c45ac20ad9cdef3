//! What a form or an API call says of a secret, and what it becomes when it is valid. What a client may not set is not here.
use super::make::NewValue;
use super::row::Secret;
use crate::crypto::generate::{Policy, PolicyInput};
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::SecretName;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Text};
use crate::domain::schedule::{Window, WindowInput};
use crate::kit::clock::Utc;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize, Serialize, Default)]
#[serde(default)]
pub struct SecretInput {
    pub environment_id: String,
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub secret_type: String,
    pub secrecy_level: String,
    pub service_name: String,
    pub expires_at: String,
    pub auto_rotate: Option<String>,
    pub rotation_interval_days: String,
    #[serde(flatten)]
    pub policy: PolicyInput,
    #[serde(flatten)]
    pub window: WindowInput,
    pub tags: String,
    /// `typed` (also where nothing is said) or `generated`.
    pub mode: String,
    /// Never written down.
    #[serde(skip_serializing)]
    pub value: Option<Plaintext>,
    pub reason: String,
    pub row_version: String,
}

/// A secret's metadata, valid.
pub struct EditSecret {
    pub display_name: String,
    pub description: String,
    pub secret_type: SecretType,
    pub secrecy_level: SecrecyLevel,
    pub service_name: String,
    pub expires_at: Option<Utc>,
    pub auto_rotate: bool,
    pub rotation_interval_days: Option<i64>,
    /// What its values are made of; None: what fits the type.
    pub policy: Option<Policy>,
    pub window: Option<Window>,
    pub tags: BTreeMap<String, String>,
    pub reason: String,
    pub row_version: i64,
}

pub struct CreateSecret {
    pub environment_id: i64,
    pub name: SecretName,
    pub value: NewValue,
    pub fields: EditSecret,
}

/// A reason that goes to the audit log; `required` where the act asks for one.
pub fn reason(raw: &str, required: bool) -> Result<String> {
    let text = if required { Text::required(raw, 500) } else { Text::optional(raw, 500) };
    text.map_err(|problem| Error::invalid("reason", &problem.to_string()))
}

impl SecretInput {
    /// What is stored, for a change of a part of it.
    pub fn of(secret: &Secret) -> Self {
        let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
        let window = WindowInput {
            window_from: secret.window_from.clone(),
            window_to: secret.window_to.clone(),
            window_zone: secret.window_zone.clone(),
            ..WindowInput::default()
        };
        Self {
            display_name: secret.display_name.clone(),
            description: secret.description.clone(),
            secret_type: secret.secret_type.as_str().to_owned(),
            secrecy_level: secret.secrecy_level.as_str().to_owned(),
            service_name: secret.service_name.clone(),
            expires_at: secret.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            auto_rotate: secret.auto_rotate.then(|| "true".to_owned()),
            rotation_interval_days: text(secret.rotation_interval_days),
            policy: PolicyInput { policy: secret.policy.clone(), ..PolicyInput::default() },
            window: window.with_days(&secret.window_days),
            tags: secret.tag_lines(),
            row_version: secret.row_version.to_string(),
            ..Self::default()
        }
    }

    pub fn parse_create(mut self, now: Utc) -> Result<CreateSecret> {
        let mut errors = FieldErrors::default();
        let environment_id = errors.take("environment_id", rules::id(&self.environment_id));
        let name = errors.take("name", SecretName::parse(&self.name));
        let value = self.first_value(&mut errors);
        let fields = self.fields(&mut errors, now, None);
        match (environment_id, name, value, fields) {
            (Some(environment_id), Some(name), Some(value), Some(fields)) if errors.is_empty() => {
                Ok(CreateSecret { environment_id, name, value, fields })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn first_value(&mut self, errors: &mut FieldErrors) -> Option<NewValue> {
        match self.mode.as_str() {
            "" | "typed" => {
                let typed = self.value.take().unwrap_or_else(|| Plaintext::new(Vec::new()));
                errors.take("value", rules::value(typed)).map(NewValue::Typed)
            }
            "generated" => {
                // A type that is none is told beside itself.
                let made = self.secret_type.parse().map_or(Ok(()), Policy::can_generate);
                errors.take("mode", made).map(|()| NewValue::Generated(None))
            }
            _ => {
                errors.add("mode", "must be one of typed, generated");
                None
            }
        }
    }

    pub fn parse_edit(self, now: Utc, old: &Secret) -> Result<EditSecret> {
        let mut errors = FieldErrors::default();
        match self.fields(&mut errors, now, old.expires_at) {
            Some(fields) if errors.is_empty() => Ok(fields),
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn fields(&self, errors: &mut FieldErrors, now: Utc, old_expiry: Option<Utc>) -> Option<EditSecret> {
        let display_name = errors.take("display_name", Text::required(&self.display_name, 255));
        let description = errors.take("description", Text::long(&self.description, 4000));
        let secret_type = errors.take("secret_type", self.secret_type.parse::<SecretType>());
        let secrecy_level = errors.take("secrecy_level", self.secrecy_level.parse::<SecrecyLevel>());
        let service_name = errors.take("service_name", Text::optional(&self.service_name, 255));
        let expires_at = errors.take("expires_at", rules::expiry(&self.expires_at, now, old_expiry));
        let interval =
            errors.take("rotation_interval_days", rules::rotation_interval(&self.rotation_interval_days));
        let window = self.window.parse(errors);
        let policy = self.policy.parse_kept(errors);
        if let (Some(kind), Some(Some(policy))) = (secret_type, &policy) {
            errors.take("policy", policy.fits(kind));
        }
        let tags = errors.take("tags", rules::tags(&self.tags));
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        let auto_rotate = self.auto_rotate.is_some();
        if auto_rotate && interval == Some(None) {
            errors.add("rotation_interval_days", "is required with automatic rotation: 1 to 365 days");
        }
        if !auto_rotate && matches!(window, Some(Some(_))) && interval == Some(None) {
            errors.add("rotation_interval_days", "is required with a window: 1 to 365 days");
        }
        Some(EditSecret {
            display_name: display_name?,
            description: description?,
            secret_type: secret_type?,
            secrecy_level: secrecy_level?,
            service_name: service_name?,
            expires_at: expires_at?,
            auto_rotate,
            rotation_interval_days: interval?,
            policy: policy?,
            window: window?,
            tags: tags?,
            reason: reason?,
            row_version: self.row_version.parse().unwrap_or(0),
        })
    }
}

impl EditSecret {
    /// The metadata of a secret as it is, for one like it elsewhere. A date that has passed is left behind.
    pub fn like(secret: &Secret, now: Utc, reason: &str) -> Result<Self> {
        let as_it_is = Self::of(secret, reason)?;
        Ok(Self { expires_at: secret.expires_at.filter(|at| *at > now), row_version: 0, ..as_it_is })
    }

    /// What is stored, as if nothing were changed.
    pub(super) fn of(secret: &Secret, reason: &str) -> Result<Self> {
        Ok(Self {
            display_name: secret.display_name.clone(),
            description: secret.description.clone(),
            secret_type: secret.secret_type,
            secrecy_level: secret.secrecy_level,
            service_name: secret.service_name.clone(),
            expires_at: secret.expires_at,
            auto_rotate: secret.auto_rotate,
            rotation_interval_days: secret.rotation_interval_days,
            policy: secret.kept_policy()?,
            window: secret.window()?,
            tags: secret.tag_map(),
            reason: reason.to_owned(),
            row_version: secret.row_version,
        })
    }

    /// What of how the secret is rotated would change, in words: whether by itself, how often, when, and what its values are made of.
    pub fn rotation_changes(&self, old: &Secret) -> Result<Vec<String>> {
        let own = |policy: Option<&Policy>| policy.map_or("what fits its type".into(), Policy::describe);
        let days = |days: Option<i64>| days.map_or("none".into(), |days| format!("{days} days"));
        let by_itself = |it| if it { "by itself" } else { "by hand" }.to_owned();
        let (policy, window) = (old.kept_policy()?, old.window()?);
        let during = |window: Option<&Window>| window.map_or("any time".into(), Window::to_string);
        let told = [
            ("Rotated", by_itself(old.auto_rotate), by_itself(self.auto_rotate)),
            ("Interval", days(old.rotation_interval_days), days(self.rotation_interval_days)),
            ("Made of", own(policy.as_ref()), own(self.policy.as_ref())),
            ("Window", during(window.as_ref()), during(self.window.as_ref())),
        ];
        let changed = told.into_iter().filter(|(_, old, new)| old != new);
        Ok(changed.map(|(what, old, new)| format!("{what}: {old}, from then on {new}")).collect())
    }

    /// As the columns hold it.
    pub(super) fn window_columns(&self) -> WindowInput {
        self.window.as_ref().map(WindowInput::from).unwrap_or_default()
    }

    /// Its kept spelling; empty: what fits the type.
    pub(super) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Policy::to_string).unwrap_or_default()
    }

    pub(super) fn tags_json(&self) -> Result<String> {
        serde_json::to_string(&self.tags).map_err(Error::broken)
    }
}
