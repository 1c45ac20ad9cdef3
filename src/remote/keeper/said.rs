//! What another Keeper says instead of doing what it was asked. Its words are for people, and a server that only claims to be one may
//! send any: they are cut short, and hold no sign that a terminal would obey.
use serde::Deserialize;
use std::collections::BTreeMap;

const LONGEST: usize = 500;
/// More fields are not told.
const MOST_FIELDS: usize = 2_000;

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It refuses.
    #[error("{}", .0.message)]
    Said(Said),
    /// It cannot be reached, or is no Keeper.
    #[error("{0}")]
    Away(String),
}

/// A refusal, as the API's one envelope holds it.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// What is wrong with which field.
    pub fields: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

#[derive(Deserialize)]
struct Body {
    code: String,
    message: String,
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
}

impl Said {
    /// `None`: this is not how a Keeper refuses.
    pub(super) fn read(status: u16, body: &[u8]) -> Option<Self> {
        let Envelope { error } = serde_json::from_slice(body).ok()?;
        let tidy = |(field, messages): (String, Vec<String>)| {
            (clean(&field), messages.iter().map(|message| clean(message)).collect())
        };
        Some(Self {
            status,
            code: clean(&error.code),
            message: clean(&error.message),
            fields: error.fields.into_iter().take(MOST_FIELDS).map(tidy).collect(),
        })
    }

    /// What is wrong with each field, or what it says where it names none.
    pub fn words(&self, between: &str) -> String {
        let each = |(field, messages): (&String, &Vec<String>)| {
            format!("{field} {}", messages.join("; ")).trim().to_owned()
        };
        let words: Vec<String> = self.fields.iter().map(each).collect();
        if words.is_empty() { self.message.clone() } else { words.join(between) }
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_holds_nothing_that_a_terminal_obeys() {
        let body = r#"{"error": {"code": "invalid", "message": "not\u001b[2J valid", "fields": {"na\u0007me": ["is\nrequired"]}}}"#;
        let said = Said::read(422, body.as_bytes()).unwrap();
        assert_eq!((said.status, said.message.as_str()), (422, "not[2J valid"));
        assert_eq!(said.fields["name"], ["isrequired"]);
        for odd in ["", "<html>", "{}", r#"{"error": "no"}"#] {
            assert!(Said::read(502, odd.as_bytes()).is_none(), "{odd}");
        }
    }
}
