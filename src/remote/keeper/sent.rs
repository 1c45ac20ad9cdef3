//! What is sent to be made. Values leave their wrapping here, into bytes that are wiped as well.
use crate::domain::plaintext::Plaintext;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};
use zeroize::Zeroizing;

/// A new account without a password. What it may sign in with, no token sets.
#[derive(Serialize)]
pub struct NewAccount<'a> {
    pub username: &'a str,
    pub email: Option<&'a str>,
    pub display_name: &'a str,
    pub role: &'a str,
    pub is_active: bool,
}

pub struct NewSecret {
    pub environment_id: i64,
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub secret_type: &'static str,
    pub secrecy_level: &'static str,
    pub service_name: String,
    pub expires_at: Option<String>,
    pub auto_rotate: bool,
    pub rotation_interval_days: Option<i64>,
    pub policy: Option<String>,
    pub window_days: Vec<String>,
    pub window_from: String,
    pub window_to: String,
    pub window_zone: String,
    pub tags: BTreeMap<String, String>,
    pub reason: String,
    /// None: it is made there.
    pub value: Option<Plaintext>,
}

/// Secrets that are made together or not at all, as the body of one request.
pub struct Batch {
    pub rows: usize,
    pub(super) body: Plaintext,
}

impl Batch {
    /// As many from the front as `most` of them and the API's longest body allow; at least one.
    pub fn of(secrets: &[NewSecret], most: usize) -> io::Result<Self> {
        let (mut rows, mut length) = (0, 2);
        for secret in secrets.iter().take(most) {
            let mut counted = Counted(0);
            serde_json::to_writer(&mut counted, secret)?;
            length += counted.0 + 1;
            if rows > 0 && length > LONGEST {
                break;
            }
            rows += 1;
        }
        // In one piece: a vector that grows leaves unwiped copies behind.
        let mut body = Counted(0);
        serde_json::to_writer(&mut body, &Rows(&secrets[..rows]))?;
        let mut body = Vec::with_capacity(body.0);
        serde_json::to_writer(&mut body, &Rows(&secrets[..rows]))?;
        Ok(Self { rows, body: Plaintext::new(body) })
    }
}

/// A little below what `POST /api/v1/secrets/bulk` takes.
const LONGEST: usize = 7 * 1024 * 1024;

struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Rows<'a>(&'a [NewSecret]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rows = to.serialize_seq(Some(self.0.len()))?;
        for row in self.0 {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}

impl Serialize for NewSecret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut row = to.serialize_struct("NewSecret", 19)?;
        row.serialize_field("environment_id", &self.environment_id)?;
        row.serialize_field("name", &self.name)?;
        row.serialize_field("display_name", &self.display_name)?;
        row.serialize_field("description", &self.description)?;
        row.serialize_field("secret_type", self.secret_type)?;
        row.serialize_field("secrecy_level", self.secrecy_level)?;
        row.serialize_field("service_name", &self.service_name)?;
        row.serialize_field("expires_at", &self.expires_at)?;
        row.serialize_field("auto_rotate", &self.auto_rotate)?;
        row.serialize_field("rotation_interval_days", &self.rotation_interval_days)?;
        row.serialize_field("policy", &self.policy)?;
        row.serialize_field("window_days", &self.window_days)?;
        row.serialize_field("window_from", &self.window_from)?;
        row.serialize_field("window_to", &self.window_to)?;
        row.serialize_field("window_zone", &self.window_zone)?;
        row.serialize_field("tags", &self.tags)?;
        row.serialize_field("reason", &self.reason)?;
        let Some(bytes) = self.value.as_ref().map(Plaintext::expose) else {
            row.serialize_field("generate", &true)?;
            return row.end();
        };
        if let Ok(text) = std::str::from_utf8(bytes) {
            row.serialize_field("value", text)?;
        } else {
            let text = Zeroizing::new(STANDARD.encode(bytes));
            row.serialize_field("value", text.as_str())?;
            row.serialize_field("encoding", "base64")?;
        }
        row.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(value: Option<&[u8]>) -> NewSecret {
        NewSecret {
            environment_id: 1,
            name: "db".into(),
            display_name: "DB".into(),
            description: String::new(),
            secret_type: "password",
            secrecy_level: "internal",
            service_name: String::new(),
            expires_at: None,
            auto_rotate: false,
            rotation_interval_days: None,
            policy: None,
            window_days: Vec::new(),
            window_from: String::new(),
            window_to: String::new(),
            window_zone: String::new(),
            tags: BTreeMap::new(),
            reason: String::new(),
            value: value.map(|value| Plaintext::new(value.to_vec())),
        }
    }

    #[test]
    fn a_value_is_sent_byte_for_byte_or_made_there() {
        let batch = Batch::of(&[secret(Some(b"a\n")), secret(Some(b"\xff")), secret(None)], 10).unwrap();
        let sent: serde_json::Value = serde_json::from_slice(batch.body.expose()).unwrap();
        assert_eq!((batch.rows, &sent[0]["value"], &sent[0]["encoding"]), (3, &"a\n".into(), &().into()));
        assert_eq!((&sent[1]["value"], &sent[1]["encoding"]), (&"/w==".into(), &"base64".into()));
        assert_eq!((&sent[2]["value"], &sent[2]["generate"]), (&().into(), &true.into()));
    }

    #[test]
    fn a_batch_ends_at_its_rows_and_at_its_bytes() {
        let few: Vec<NewSecret> = (0..5).map(|_| secret(Some(b"x"))).collect();
        assert_eq!(Batch::of(&few, 2).unwrap().rows, 2);
        // Each byte of it takes six on its way.
        let long = vec![1_u8; 64 * 1024];
        let many: Vec<NewSecret> = (0..40).map(|_| secret(Some(&long))).collect();
        let batch = Batch::of(&many, 1000).unwrap();
        assert!(batch.rows < 20 && batch.rows > 10 && batch.body.len() <= LONGEST, "{}", batch.rows);
    }
}
