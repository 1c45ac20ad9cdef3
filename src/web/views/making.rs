//! What a secret's forms and page say of how and when its values are made.
use super::parts::Choice;

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
