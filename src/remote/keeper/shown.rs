//! What the API shows, as far as the command line needs it. What else an answer holds is passed over.
use crate::domain::plaintext::Plaintext;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A page of a list.
#[derive(Deserialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// An environment.
#[derive(Deserialize)]
pub struct Place {
    pub id: i64,
    #[serde(deserialize_with = "printable")]
    pub name: String,
    #[serde(deserialize_with = "printable")]
    pub display_name: String,
}

/// Of a secret no more than which it is.
#[derive(Deserialize)]
pub struct Stub {
    pub id: i64,
    #[serde(deserialize_with = "printable")]
    pub name: String,
    pub is_active: bool,
}

/// What commands say of names goes to a terminal, and no Keeper has one with a sign that a terminal obeys.
fn printable<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.contains(char::is_control) { Err(D::Error::custom("no name")) } else { Ok(text) }
}

#[derive(Deserialize)]
pub struct Account {
    pub username: String,
    pub email: Option<String>,
    pub display_name: String,
    pub auth_method: String,
    pub role: String,
    pub is_active: bool,
}

/// What was made.
#[derive(Deserialize)]
pub(super) struct Made {
    pub id: i64,
}

/// The one answer that holds a value.
#[derive(Deserialize)]
pub(super) struct Revealed {
    secret_id: i64,
    value: Plaintext,
    encoding: String,
    length: usize,
}

impl Revealed {
    /// The bytes, if this is the value of that secret, whole.
    pub fn of(self, id: i64) -> Option<Plaintext> {
        let bytes = match self.encoding.as_str() {
            "utf-8" => self.value,
            "base64" => STANDARD.decode(self.value.expose()).map(Plaintext::new).ok()?,
            _ => return None,
        };
        (self.secret_id == id && bytes.len() == self.length).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<u8>> {
        let value: Revealed = serde_json::from_str(text).unwrap();
        value.of(7).map(|value| value.expose().to_vec())
    }

    #[test]
    fn a_name_holds_nothing_that_a_terminal_obeys() {
        let stub = |name: &str| {
            serde_json::from_str::<Stub>(&format!("{{\"id\": 1, \"name\": \"{name}\", \"is_active\": true}}"))
        };
        assert!(stub("db-password").is_ok() && stub("db\\u001b[2J").is_err());
    }

    #[test]
    fn a_value_is_that_of_the_secret_and_whole() {
        let text = r#"{"secret_id": 7, "version": 1, "value": "a\nb", "encoding": "utf-8", "length": 3}"#;
        assert_eq!(read(text).unwrap(), b"a\nb");
        let bytes = r#"{"secret_id": 7, "value": "/wA=", "encoding": "base64", "length": 2}"#;
        assert_eq!(read(bytes).unwrap(), b"\xff\0");
        for odd in [
            text.replace(": 7", ": 8"),
            text.replace(": 3}", ": 4}"),
            text.replace("utf-8", "utf-16"),
            text.replace("utf-8", "base64"),
        ] {
            assert!(read(&odd).is_none(), "{odd}");
        }
    }
}
