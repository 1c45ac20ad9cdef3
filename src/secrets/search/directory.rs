//! The directory of an environment: with which name each of its shelves begins, in the order of names; and the edition of its
//! stretches.
use crate::db::{Conn, Tx, Value};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Names from here on, up to where the next shelf begins. The first shelf begins with nothing.
    pub low: String,
    pub shelf: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Directory {
    pub shelves: Vec<Entry>,
    /// The stretches that are in force (`stretch.rs`): `refile` makes a whole new edition of them.
    pub edition: i64,
}

impl Directory {
    /// The place of the shelf on which a name stands, or would stand.
    pub fn place_of(&self, name: &str) -> usize {
        self.shelves.partition_point(|entry| entry.low.as_str() <= name).saturating_sub(1)
    }

    /// Where the shelf at a place ends; `None`: nowhere.
    pub fn high(&self, place: usize) -> Option<&str> {
        self.shelves.get(place + 1).map(|entry| entry.low.as_str())
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = self.edition.to_le_bytes().to_vec();
        for entry in &self.shelves {
            let length = u16::try_from(entry.low.len()).unwrap_or(0);
            bytes.extend(entry.shelf.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend(entry.low.as_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Self {
        let Some((edition, mut bytes)) = bytes.split_first_chunk::<8>() else { return Self::default() };
        let next = || {
            let (shelf, rest) = bytes.split_first_chunk::<8>()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let (low, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            bytes = rest;
            let low = String::from_utf8_lossy(low).into_owned();
            Some(Entry { low, shelf: i64::from_le_bytes(*shelf) })
        };
        Self { shelves: std::iter::from_fn(next).collect(), edition: i64::from_le_bytes(*edition) }
    }
}

/// The directories of some environments, each with the serial number that every writing raises.
pub(super) type Read = HashMap<i64, (i64, Arc<Directory>)>;

pub(super) async fn read_all(conn: &mut Conn, environments: &[i64]) -> Result<Read> {
    let mut query = sql!("SELECT environment_id, serial, shelves FROM search_directories WHERE 1 = 1");
    query.push_list(" AND environment_id IN ", environments.iter().copied().map(Value::from));
    let rows: Vec<(i64, i64, Vec<u8>)> = conn.all(query).await?;
    let decoded =
        |(id, serial, bytes): (i64, i64, Vec<u8>)| (id, (serial, Arc::new(Directory::decode(&bytes))));
    Ok(rows.into_iter().map(decoded).collect())
}

pub(super) async fn read(conn: &mut Conn, environment: i64) -> Result<Directory> {
    let found = read_all(conn, &[environment]).await?.remove(&environment);
    Ok(found.map(|(_, directory)| Arc::unwrap_or_clone(directory)).unwrap_or_default())
}

/// The serial number goes with the clock, so that one which was there before a backup came back does not come again.
pub(super) async fn write(tx: &mut Tx, now: Utc, environment_id: i64, directory: &Directory) -> Result<()> {
    let bytes = directory.encode();
    let update = sql!(
        "UPDATE search_directories SET shelves = ?, serial = CASE WHEN serial < ? THEN ? ELSE serial + 1 END, updated_at = ?
         WHERE environment_id = ?",
        bytes.clone(),
        now.micros(),
        now.micros(),
        now,
        environment_id
    );
    if tx.exec(update).await? == 0 {
        tx.insert(sql!(
            "INSERT INTO search_directories (environment_id, shelves, serial, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
            environment_id,
            bytes,
            now.micros(),
            now,
            now
        ))
        .await?;
    }
    Ok(())
}

/// An empty shelf.
pub(super) async fn new_shelf(tx: &mut Tx, now: Utc, environment_id: i64, cards: Vec<u8>) -> Result<i64> {
    let query = sql!(
        "INSERT INTO search_shelves (environment_id, cards, created_at, updated_at) VALUES (?, ?, ?, ?)",
        environment_id,
        cards,
        now,
        now
    );
    tx.insert(query).await
}

/// Filing is done by one at a time: whoever holds this row.
pub(super) async fn lock(tx: &mut Tx) -> Result<()> {
    let held: Option<(i64,)> = tx.maybe(sql!("SELECT id FROM search_grams WHERE gram = '' {lock}")).await?;
    held.map(drop).ok_or_else(|| Error::broken("the search's own first row is gone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_on_the_last_shelf_that_begins_before_it() {
        let entry = |low: &str, shelf| Entry { low: low.to_owned(), shelf };
        let shelves = vec![entry("", 3), entry("db", 9), entry("svc-1", 4)];
        let directory = Directory { shelves, edition: 7 };
        for (name, place) in [("a", 0), ("db", 1), ("db-pass", 1), ("svc-0", 1), ("svc-1", 2), ("z", 2)] {
            assert_eq!(directory.place_of(name), place, "{name}");
        }
        assert_eq!((directory.high(0), directory.high(2)), (Some("db"), None));
        assert_eq!(Directory::decode(&directory.encode()), directory);
    }
}
