//! What somebody asks of a list of secrets, as an address says it: the same words at every door.
use super::filter::{Due, Filter, Sort};
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::domain::rules::{asked, environment_asked, printable};
use crate::environments::Place;
use crate::kit::page::{self, Cursor};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct ListInput {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub environment: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tag: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub active: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl ListInput {
    pub fn filter(&self, places: &[Place]) -> Result<Filter> {
        let wanted = environment_asked(&self.environment)?;
        let open = places
            .iter()
            .map(|place| place.environment.id)
            .filter(|id| wanted.is_none_or(|wanted| wanted == *id));
        let due = asked::<Due>("due", &self.due)?;
        Ok(Filter {
            environments: open.collect(),
            q: printable(&self.q),
            secret_type: asked::<SecretType>("type", &self.kind)?,
            level: asked::<SecrecyLevel>("level", &self.level)?,
            status: asked::<SyncStatus>("status", &self.status)?,
            tag: printable(&self.tag),
            due,
            active: match self.active.as_str() {
                "" | "true" => None,
                "false" => Some(false),
                _ => return Err(Error::invalid("active", "must be one of true, false")),
            },
            // Unless told otherwise by name, and by the date where a date was asked for.
            sort: asked("sort", &self.sort)?.unwrap_or(due.map_or(Sort::Name, Due::sort)),
            cursor: Cursor::read(&printable(&self.after), &printable(&self.before)),
            limit: page::limit(self.limit),
        })
    }
}
