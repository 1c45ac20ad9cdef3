//! What a form says of a bulk operation, and what it becomes when it is valid.
use crate::domain::actor::Actor;
use crate::domain::enums::{SecrecyLevel, spelled};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::rules::{self, Text};
use crate::environments::{Act, Place};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many secrets one operation may touch.
pub const MOST: usize = 5_000;

spelled!(Kind { Tag = "tag", Sync = "sync", SwitchOff = "switch_off", Rotate = "rotate" });

impl Kind {
    /// Whose rights and whose questions hold for each secret. `None`: it sends what is stored, and changes nothing.
    pub fn act(self) -> Option<Act> {
        match self {
            Self::Tag | Self::SwitchOff => Some(Act::Change),
            Self::Rotate => Some(Act::Rotate),
            Self::Sync => None,
        }
    }

    /// Where the place asks for one, and where another person hears of it.
    pub fn asks_reason(self, actor: &Actor, place: &Place, level: SecrecyLevel) -> bool {
        let waits = self == Self::Rotate && place.waits(actor, level);
        waits || self.act().is_some_and(|act| place.asks(act, level).reason)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct BulkInput {
    #[serde(rename = "do")]
    pub kind: String,
    #[serde(rename = "id")]
    pub ids: Vec<String>,
    pub add: String,
    pub remove: String,
    pub reason: String,
}

pub struct Bulk {
    pub kind: Kind,
    pub ids: Vec<i64>,
    pub tags: Tags,
    pub reason: String,
}

/// Tags to put on, and keys to take off.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Tags {
    pub add: BTreeMap<String, String>,
    pub remove: BTreeSet<String>,
}

impl BulkInput {
    pub fn parse(self) -> Result<Bulk> {
        let mut errors = FieldErrors::default();
        let kind = errors.take("do", self.kind.parse::<Kind>());
        let ids: BTreeSet<i64> = self.ids.iter().filter_map(|id| id.parse().ok()).collect();
        match ids.len() {
            0 => errors.add("", "no secret is chosen: tick some in the list first"),
            n if n > MOST => errors.add("", format!("{n} secrets are chosen, and {MOST} is the most")),
            _ => {}
        }
        let add = errors.take("add", rules::tags(&self.add));
        let remove = errors.take("remove", keys(&self.remove));
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        let tags = add.zip(remove).map(|(add, remove)| Tags { add, remove });
        match (kind, tags, reason) {
            (Some(kind), Some(tags), Some(reason)) if errors.is_empty() => {
                if kind == Kind::Tag && tags.add.is_empty() && tags.remove.is_empty() {
                    return Err(Error::invalid("", "no tag is named: say which to add or to remove"));
                }
                Ok(Bulk { kind, ids: ids.into_iter().collect(), tags, reason })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// One key a line.
fn keys(raw: &str) -> std::result::Result<BTreeSet<String>, rules::Problem> {
    let lines = raw.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: BTreeSet<String> =
        lines.map(|line| Text::required(line, 64)).collect::<std::result::Result<_, _>>()?;
    if keys.iter().any(|key| key.contains('=')) {
        return Err(rules::Problem::new("must be one key a line, without = and a value"));
    }
    Ok(keys)
}
