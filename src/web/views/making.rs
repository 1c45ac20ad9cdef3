//! What a secret's forms and page say of how and when its values are made.
use super::parts::{Choice, When};

/// What the fields of a policy offer.
pub struct PolicyChoices {
    pub families: Vec<Choice>,
    pub alphabets: Vec<Choice>,
    pub key_kinds: Vec<Choice>,
    pub key_forms: Vec<Choice>,
    pub encodings: Vec<Choice>,
}

impl PolicyChoices {
    pub fn has(&self, family: &str) -> bool {
        self.families.iter().any(|choice| choice.value == family)
    }
}

pub struct WindowFacts {
    /// "Monday to Friday, 22:00 to 04:00, Europe/Berlin"
    pub words: String,
    /// When the next one begins by itself: in UTC, and as a clock shows it in the window's zone.
    pub begins: Option<(When, String)>,
}
