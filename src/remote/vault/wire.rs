//! What goes over the wire to Vault and comes back: how a value and a mark are laid out in JSON.
//! A value is `{"value": "TEXT"}` when it is UTF-8, so that people and other programs can read it there, and
//! `{"value_base64": "..."}` when it is not.
use crate::domain::plaintext::Plaintext;
use crate::remote::Mark;
use crate::remote::http::wiped;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio_util::bytes::Bytes;
use zeroize::{Zeroize, Zeroizing};

const UID: &str = "keeper_uid";
const VERSION: &str = "keeper_version";

/// A key's custom metadata: ours and everybody's.
pub(super) type Notes = BTreeMap<String, String>;

/// A key as it was found; `version` 0 when nothing was ever written.
#[derive(Default)]
pub(super) struct Found {
    pub version: u64,
    pub held: Option<Held>,
    pub notes: Notes,
}

pub(super) struct Held {
    pub value: Plaintext,
    pub plain: bool,
}

impl Found {
    pub fn mark(&self) -> Option<Mark> {
        let note = |key| self.notes.get(key).map(String::as_str);
        Mark::parse(note(UID), note(VERSION))
    }
}

/// Every success of Vault has this shell.
#[derive(Deserialize)]
pub(super) struct Shell<T> {
    pub data: T,
}

#[derive(Deserialize)]
pub(super) struct Read {
    data: Option<BTreeMap<String, Value>>,
    metadata: ReadMeta,
}

#[derive(Deserialize)]
struct ReadMeta {
    version: u64,
    custom_metadata: Option<Notes>,
}

#[derive(Deserialize)]
pub(super) struct Meta {
    current_version: u64,
    custom_metadata: Option<Notes>,
    #[serde(default)]
    versions: BTreeMap<String, Fate>,
}

/// Of one version. Both servers write an empty time where it was not deleted.
#[derive(Deserialize)]
struct Fate {
    #[serde(default)]
    deletion_time: String,
    #[serde(default)]
    destroyed: bool,
}

impl Meta {
    /// Is there a newest version that still can be read?
    pub fn is_held(&self) -> bool {
        let newest = self.versions.get(&self.current_version.to_string());
        newest.is_some_and(|fate| fate.deletion_time.is_empty() && !fate.destroyed)
    }
}

#[derive(Deserialize)]
pub(super) struct Put {
    pub version: u64,
}

impl From<Read> for Found {
    fn from(read: Read) -> Self {
        let notes = read.metadata.custom_metadata.unwrap_or_default();
        Self { version: read.metadata.version, held: read.data.map(held), notes }
    }
}

impl From<Meta> for Found {
    fn from(meta: Meta) -> Self {
        Self { version: meta.current_version, held: None, notes: meta.custom_metadata.unwrap_or_default() }
    }
}

fn held(mut data: BTreeMap<String, Value>) -> Held {
    if data.len() == 1 {
        if let Some(Value::String(text)) = data.get_mut("value") {
            return Held { value: Plaintext::from(std::mem::take(text)), plain: true };
        }
        if let Some(Value::String(text)) = data.get_mut("value_base64")
            && let Ok(bytes) = STANDARD.decode(&*text)
        {
            text.zeroize();
            return Held { value: Plaintext::new(bytes), plain: true };
        }
    }
    // The keys are in order, so that the same data is always the same text.
    Held { value: Plaintext::new(serde_json::to_vec(&data).unwrap_or_default()), plain: false }
}

#[derive(Serialize)]
struct Write<'a> {
    data: Layout<'a>,
    options: Options,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Layout<'a> {
    Value(&'a str),
    ValueBase64(&'a str),
}

#[derive(Serialize)]
struct Options {
    cas: u64,
}

/// The body of a write, wiped when it was sent.
pub(super) fn put(value: &Plaintext, cas: u64) -> Option<Bytes> {
    let coded;
    let data = if let Ok(text) = std::str::from_utf8(value.expose()) {
        Layout::Value(text)
    } else {
        coded = Zeroizing::new(STANDARD.encode(value.expose()));
        Layout::ValueBase64(&coded)
    };
    // Room for the worst (each byte as \u0000) from the start: a vector that grows leaves unwiped copies behind.
    let mut body = Vec::with_capacity(value.len() * 6 + 128);
    let done = serde_json::to_writer(&mut body, &Write { data, options: Options { cas } });
    let body = wiped(Plaintext::new(body));
    done.is_ok().then_some(body)
}

/// All notes with this mark set, because Vault replaces them all at once.
pub(super) fn marked(notes: &Notes, mark: &Mark) -> Notes {
    let mut notes = notes.clone();
    notes.insert(UID.to_owned(), mark.uid.clone());
    notes.insert(VERSION.to_owned(), mark.version.to_string());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(bytes: &[u8]) -> Held {
        let body = put(&Plaintext::new(bytes.to_vec()), 3).unwrap();
        let sent: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(sent["options"]["cas"], 3);
        held(serde_json::from_value(sent["data"].clone()).unwrap())
    }

    #[test] // S02
    fn a_value_is_laid_out_and_read_back_byte_for_byte() {
        for bytes in
            [&b" x\r\n\0\"\\"[..], "ü\u{2028}\u{feff}𝄞".as_bytes(), b"\xff\xfe\0", b"<&>", b"{\"value\":1}"]
        {
            let held = there_and_back(bytes);
            assert!(held.plain);
            assert_eq!(held.value.expose(), bytes);
        }
    }

    #[test]
    fn what_others_laid_out_is_read_as_its_json_text() {
        for text in [r#"{"password":"p","user":"u"}"#, r#"{"value":1}"#, r#"{"value_base64":"?"}"#, "{}"] {
            let held = held(serde_json::from_str(text).unwrap());
            assert!(!held.plain);
            assert_eq!(held.value.expose(), text.as_bytes());
        }
    }
}
