//! What was read from a backend, as it lies between its preview and its confirmation: sealed like a file, with the place of each value.
use super::row::Row;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::cell::Cell;
use crate::kit::table::At;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where a value lies in the backend, and what becomes of it there when the secret is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub path: String,
    /// Of several fields at one path.
    pub field: Option<String>,
    /// As it was read: only that version is taken over.
    pub version: String,
    pub fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It lies where Keeper would put it, and becomes the secret's copy.
    Adopted,
    /// It stays as it is; Keeper makes a copy at a path of its own.
    Beside,
    /// It stays as it is, and Keeper keeps the secret out of this backend.
    LeftAlone,
}

/// What is not taken over, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftOut {
    pub path: String,
    pub why: String,
}

pub(super) struct Leaf {
    pub name: String,
    pub service: String,
    pub origin: Origin,
    pub value: Plaintext,
}

#[derive(Serialize)]
struct Written<'a> {
    leaves: Vec<WrittenLeaf<'a>>,
    left_out: &'a [LeftOut],
}

#[derive(Serialize)]
struct WrittenLeaf<'a> {
    name: &'a str,
    service: &'a str,
    origin: &'a Origin,
    value: &'a str,
}

#[derive(Deserialize)]
struct Read {
    leaves: Vec<ReadLeaf>,
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
struct ReadLeaf {
    name: String,
    service: String,
    origin: Origin,
    value: Plaintext,
}

pub(super) fn write(leaves: &[Leaf], left_out: &[LeftOut]) -> Result<Plaintext> {
    let coded: Vec<Zeroizing<String>> =
        leaves.iter().map(|leaf| Zeroizing::new(STANDARD.encode(leaf.value.expose()))).collect();
    let written = leaves.iter().zip(&coded).map(|(leaf, value)| WrittenLeaf {
        name: &leaf.name,
        service: &leaf.service,
        origin: &leaf.origin,
        value,
    });
    let all = Written { leaves: written.collect(), left_out };
    let mut size = Size(0);
    serde_json::to_writer(&mut size, &all).map_err(Error::broken)?;
    // Room for all of it from the start: a vector that grows leaves unwiped copies behind.
    let mut text = Vec::with_capacity(size.0);
    let done = serde_json::to_writer(&mut text, &all);
    let text = Plaintext::new(text);
    done.map(|()| text).map_err(Error::broken)
}

/// How long something is that is written.
struct Size(usize);

impl std::io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) fn read(text: &str) -> Result<(Vec<Row>, Vec<LeftOut>)> {
    let tree: Read = serde_json::from_str(text).map_err(|_| Error::broken("a held tree cannot be read"))?;
    let rows = tree.leaves.into_iter().map(|leaf| {
        let at = match &leaf.origin.field {
            Some(field) => format!("{}, {field}", leaf.origin.path),
            None => leaf.origin.path.clone(),
        };
        let mut row = Row::new(At::Path(at));
        row.set("name", Cell::Text(leaf.name));
        row.set("service_name", Cell::Text(leaf.service));
        match STANDARD.decode(leaf.value.expose()) {
            Ok(bytes) => row.input.value = Some(Plaintext::new(bytes)),
            Err(_) => row.problems.add("value", "cannot be read"),
        }
        row.origin = Some(leaf.origin);
        row
    });
    Ok((rows.collect(), tree.left_out))
}
