//! What somebody says who wants a thing that cannot be undone: its name, typed, and why.
use super::reason;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sure {
    pub confirm: String,
    pub reason: String,
}

impl Sure {
    /// The reason, when the name is the right one. Both are told at once if both are wrong.
    pub(super) fn demand(&self, name: &str) -> Result<String> {
        let mut errors = FieldErrors::default();
        if self.confirm.trim() != name {
            errors.add("confirm", format!("must be the secret's name, letter for letter: {name}"));
        }
        match reason(&self.reason, true) {
            Ok(reason) if errors.is_empty() => Ok(reason),
            Ok(_) => Err(Error::Invalid(errors)),
            Err(Error::Invalid(told)) => {
                told.of("reason").iter().for_each(|message| errors.add("reason", message));
                Err(Error::Invalid(errors))
            }
            Err(e) => Err(e),
        }
    }
}
