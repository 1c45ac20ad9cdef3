//! What a form or an API call says of a rotation, and what it becomes when it is valid.
use crate::crypto::generate::PolicyInput;
use crate::domain::enums::spelled;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Text};
use crate::secrets::NewValue;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RotateInput {
    /// `typed` or `generated`.
    pub mode: String,
    pub new_value: Option<Plaintext>,
    #[serde(flatten)]
    pub policy: PolicyInput,
    pub reason: String,
    /// Set: past the approval that the environment asks for.
    pub break_glass: Option<String>,
    pub row_version: String,
}

spelled!(/// How a value came. Restored: a former version's. Promoted: that of a secret in another environment. Imported: from a
/// file, or from a copy's place in a backend.
/// Plan: none did; how the secret is rotated changes.
Mode { Typed = "typed", Generated = "generated", Restored = "restored", Promoted = "promoted", Imported = "imported", Plan = "plan" });

impl Mode {
    /// A value that was made or given just now starts the time to the next rotation anew; a former one does not become younger.
    pub(super) fn is_fresh(self) -> bool {
        self != Self::Restored
    }
}

pub struct Rotate {
    pub new_value: NewValue,
    pub reason: String,
    pub breaks_glass: bool,
    pub row_version: i64,
}

impl Rotate {
    pub fn mode(&self) -> Mode {
        match self.new_value {
            NewValue::Typed(_) => Mode::Typed,
            NewValue::Generated(_) => Mode::Generated,
        }
    }
}

impl RotateInput {
    pub fn parse(self) -> Result<Rotate> {
        let mut errors = FieldErrors::default();
        let new_value = match self.mode.as_str() {
            "typed" => {
                let typed = self.new_value.unwrap_or_else(|| Plaintext::new(Vec::new()));
                errors.take("new_value", rules::value(typed)).map(NewValue::Typed)
            }
            "generated" => self.policy.parse_once(&mut errors).map(NewValue::Generated),
            _ => {
                errors.add("mode", "must be one of typed, generated");
                None
            }
        };
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        match (new_value, reason) {
            (Some(new_value), Some(reason)) if errors.is_empty() => {
                let row_version = self.row_version.parse().unwrap_or(0);
                Ok(Rotate { new_value, reason, breaks_glass: self.break_glass.is_some(), row_version })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}
