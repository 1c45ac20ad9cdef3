//! What leads to the cards, as it was at one moment: the directories, on which shelves the asked may stand, and the slips of what
//! has changed.
use super::asked::Asked;
use super::bits::Bits;
use super::card::Line;
use super::directory::{self, Directory};
use crate::app::App;
use crate::db::{Conn, Value};
use crate::domain::error::Result;
use crate::kit::memo::Memo;
use crate::sql;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So often is it read anew, and a walk begun again: shelves are cut now and then, and not each time.
pub(super) const TRIES: u32 = 4;
/// The serial number of a directory that is not there yet.
const NO_DIRECTORY: i64 = -1;

pub(in crate::secrets) struct Lead {
    pub(super) asked: Asked,
    /// Where it is looked for: environments with a shelf on which it may stand, or with a slip.
    pub environments: Vec<i64>,
    pub(super) directories: HashMap<i64, Arc<Directory>>,
    pub(super) slips: HashSet<i64>,
    shelves: HashMap<i64, Option<Bits>>,
    serials: HashMap<i64, i64>,
}

/// What is stored of it, read in one statement and so at one moment.
#[derive(Default)]
struct Stored {
    grams: HashMap<String, Bits>,
    slips: Vec<(i64, i64)>,
    serials: HashMap<i64, i64>,
}

/// A gram and its shelves, a slip's secret and environment, or an environment with the serial number of its directory.
#[derive(sqlx::FromRow)]
struct Part {
    kind: String,
    id: i64,
    number: i64,
    name: String,
    display_name: String,
    stage: String,
    bytes: Option<Vec<u8>>,
}

impl Lead {
    pub async fn read(app: &App, conn: &mut Conn, asked: &Asked) -> Result<Self> {
        let mut asked = asked.clone();
        let mut tries = 0;
        loop {
            tries += 1;
            let stored = read_stored(conn, &mut asked).await?;
            let read = directories(&app.memo, conn, &stored.serials).await?;
            let is_one_moment = read.iter().all(|(id, (serial, _))| stored.serials.get(id) == Some(serial));
            if is_one_moment || tries == TRIES {
                return Ok(Self::of(asked, stored, read));
            }
        }
    }

    fn of(asked: Asked, stored: Stored, read: directory::Read) -> Self {
        let changed: HashSet<i64> = stored.slips.iter().map(|slip| slip.1).collect();
        let all = asked.environments().to_vec();
        let mut lead = Self {
            environments: Vec::new(),
            directories: read.into_iter().map(|(id, (_, directory))| (id, directory)).collect(),
            slips: stored.slips.into_iter().map(|slip| slip.0).collect(),
            shelves: all.iter().map(|id| (*id, asked.shelves(*id, &stored.grams))).collect(),
            serials: stored.serials,
            asked,
        };
        lead.environments =
            all.into_iter().filter(|id| changed.contains(id) || lead.shelves_of(*id) > 0).collect();
        lead
    }

    /// Whether a directory is still the one that led here: a shelf that was cut meanwhile has lost cards to a new one.
    pub(super) fn is_still(&self, environment: i64, serial: i64) -> bool {
        self.serials.get(&environment) == Some(&serial)
    }

    /// On how many shelves it may stand.
    pub fn shelves(&self) -> usize {
        self.environments.iter().map(|id| self.shelves_of(*id)).sum()
    }

    /// Less than half of the shelves are left: so it is worth to ask for the shelf of a name.
    pub fn is_narrow(&self) -> bool {
        let all: usize =
            self.environments.iter().filter_map(|id| Some(self.directories.get(id)?.shelves.len())).sum();
        self.shelves() * 2 < all
    }

    /// Whether a secret may be one of those that are looked for.
    pub fn may_be(&self, environment: i64, name: &str, id: i64) -> bool {
        self.slips.contains(&id)
            || self.directories.get(&environment).is_some_and(|directory| {
                directory
                    .shelves
                    .get(directory.place_of(name))
                    .is_some_and(|entry| self.has(environment, entry.shelf))
            })
    }

    /// Whether a card is one of those that are looked for, and says how its secret is now.
    pub(super) fn shows(&self, environment: i64, line: &Line<'_>) -> bool {
        self.asked.fits(environment, line.traits, line.text) && !self.slips.contains(&line.id)
    }

    /// Whether it may stand on this shelf.
    pub(super) fn has(&self, environment: i64, id: i64) -> bool {
        self.shelves.get(&environment).is_none_or(|bits| bits.as_ref().is_none_or(|bits| bits.has(id)))
    }

    fn shelves_of(&self, environment: i64) -> usize {
        let Some(directory) = self.directories.get(&environment) else { return 0 };
        directory.shelves.iter().filter(|entry| self.has(environment, entry.shelf)).count()
    }
}

async fn read_stored(conn: &mut Conn, asked: &mut Asked) -> Result<Stored> {
    let mut query = sql!(
        "SELECT 'gram' AS kind, 0 AS id, 0 AS number, gram AS name, '' AS display_name, '' AS stage, shelves AS bytes
         FROM search_grams WHERE 1 = 1"
    );
    query.push_list(" AND gram IN ", asked.grams().into_iter().map(Value::from));
    query.push(
        " UNION ALL SELECT 'slip', secret_id, environment_id, '', '', '', NULL FROM search_slips
          UNION ALL SELECT 'environment', environments.id, COALESCE(serial, ?), name, display_name, stage, NULL
          FROM environments LEFT JOIN search_directories ON search_directories.environment_id = environments.id WHERE 1 = 1",
        [NO_DIRECTORY.into()],
    );
    query.push_list(" AND environments.id IN ", asked.environments().iter().copied().map(Value::from));
    let mut stored = Stored::default();
    for part in conn.all::<Part>(query).await? {
        match part.kind.as_str() {
            "gram" => drop(stored.grams.insert(part.name, Bits::from_bytes(part.bytes.unwrap_or_default()))),
            "slip" => stored.slips.push((part.id, part.number)),
            _ => {
                asked.name(part.id, &format!("{}\n{}\n{}", part.name, part.display_name, part.stage));
                stored.serials.insert(part.id, part.number);
            }
        }
    }
    Ok(stored)
}

/// As they are with these serial numbers, or newer: decoded once, and read again when they have changed.
async fn directories(memo: &Memo, conn: &mut Conn, serials: &HashMap<i64, i64>) -> Result<directory::Read> {
    let (mut read, mut missing) = (directory::Read::new(), Vec::new());
    for (id, serial) in serials.iter().filter(|(_, serial)| **serial != NO_DIRECTORY) {
        match memo.get::<Directory>(*id, *serial) {
            Some(directory) => drop(read.insert(*id, (*serial, directory))),
            None => missing.push(*id),
        }
    }
    if !missing.is_empty() {
        for (id, (serial, directory)) in directory::read_all(conn, &missing).await? {
            memo.put(id, serial, &directory);
            read.insert(id, (serial, directory));
        }
    }
    Ok(read)
}
