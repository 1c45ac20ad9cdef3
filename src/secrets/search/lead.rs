//! What leads to the cards: the directories, on which shelves the asked may stand, and the slips of what has changed since.
use super::asked::Asked;
use super::bits::Bits;
use super::card::Line;
use super::directory::{self, Directory};
use crate::db::Conn;
use crate::domain::error::Result;
use crate::sql;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(in crate::secrets) struct Lead {
    /// Where it is looked for: environments with a shelf on which it may stand, or with a slip.
    pub environments: Vec<i64>,
    pub(super) directories: HashMap<i64, Directory>,
    pub(super) slips: HashSet<i64>,
    shelves: HashMap<i64, Option<Bits>>,
    serials: BTreeMap<i64, i64>,
}

impl Lead {
    /// Slips before shelves: what is filed in between is then seen twice and not missed.
    pub async fn read(conn: &mut Conn, asked: &Asked) -> Result<Self> {
        let read = directory::read_all(conn, asked.environments()).await?;
        let slips: Vec<(i64, i64)> =
            conn.all(sql!("SELECT DISTINCT secret_id, environment_id FROM search_slips")).await?;
        let shelves = asked.shelves(conn, asked.environments()).await?;
        let changed: HashSet<i64> = slips.iter().map(|slip| slip.1).collect();
        let mut lead = Self {
            environments: asked.environments().to_vec(),
            serials: read.iter().map(|(id, (serial, _))| (*id, *serial)).collect(),
            directories: read.into_iter().map(|(id, (_, directory))| (id, directory)).collect(),
            slips: slips.into_iter().map(|slip| slip.0).collect(),
            shelves,
        };
        lead.environments = lead
            .environments
            .iter()
            .copied()
            .filter(|id| changed.contains(id) || lead.shelves_of(*id) > 0)
            .collect();
        Ok(lead)
    }

    /// Whether it still leads there: a shelf that was cut meanwhile has lost cards to a new one.
    pub async fn is_still(&self, conn: &mut Conn, asked: &Asked) -> Result<bool> {
        Ok(directory::serials(conn, asked.environments()).await? == self.serials)
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
    pub(super) fn shows(&self, asked: &Asked, environment: i64, line: &Line<'_>) -> bool {
        asked.fits(environment, line.traits, line.text) && !self.slips.contains(&line.id)
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
