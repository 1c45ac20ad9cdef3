//! What a form or the command line says of a service account, and what it becomes when it is valid.
use crate::domain::enums::{Role, Scope};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::{Slug, Username};
use crate::domain::rules::{self, Text};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How long a token may live, and in how many hours its former ones may end.
pub const DAYS: RangeInclusive<i64> = 1..=365;
pub const OVERLAP: RangeInclusive<i64> = 0..=168;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ServiceInput {
    pub name: String,
    pub description: String,
    /// A user name.
    pub owner: String,
    pub role: String,
    pub scopes: Vec<String>,
    pub all_environments: Option<String>,
    pub environments: Vec<String>,
    pub row_version: String,
}

pub struct SaveService {
    pub name: Slug,
    pub description: String,
    pub owner: Username,
    pub role: Role,
    /// In the order in which the scopes are told, each once.
    pub scopes: BTreeSet<Scope>,
    /// `None`: all that are open to the owner, and those to come.
    pub environments: Option<BTreeSet<i64>>,
    pub row_version: i64,
}

impl ServiceInput {
    pub fn parse(self) -> Result<SaveService> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", Slug::parse(&self.name));
        let description = errors.take("description", Text::optional(&self.description, 500));
        let owner = errors.take("owner", Username::of_subject(&self.owner));
        let role = errors.take("role", self.role.parse::<Role>());
        let scopes: std::result::Result<BTreeSet<Scope>, _> =
            self.scopes.iter().map(|scope| scope.parse()).collect();
        let scopes = errors.take("scopes", scopes);
        if scopes.as_ref().is_some_and(BTreeSet::is_empty) {
            errors.add("scopes", "are required: without one its tokens open nothing");
        }
        let environments: std::result::Result<BTreeSet<i64>, _> =
            self.environments.iter().map(|id| rules::id(id)).collect();
        let environments = errors.take("environments", environments);
        let for_all = self.all_environments.is_some();
        if !for_all && environments.as_ref().is_some_and(BTreeSet::is_empty) {
            errors.add("environments", "are required: choose some, or say that it is for all");
        }
        match (name, description, owner, role, scopes, environments) {
            (Some(name), Some(description), Some(owner), Some(role), Some(scopes), Some(environments))
                if errors.is_empty() =>
            {
                let environments = (!for_all).then_some(environments);
                let row_version = self.row_version.parse().unwrap_or(0);
                Ok(SaveService { name, description, owner, role, scopes, environments, row_version })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}

impl SaveService {
    /// As the column holds it.
    pub(super) fn scopes_text(&self) -> String {
        self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewTokenInput {
    pub days: String,
    pub former_ends_in: String,
}

pub struct NewToken {
    pub days: i64,
    /// Hours after which those end that live now; `None`: at their own time.
    pub former_ends_in: Option<i64>,
}

impl NewTokenInput {
    pub fn parse(&self) -> Result<NewToken> {
        let mut errors = FieldErrors::default();
        let days = errors.take("days", rules::whole(&self.days, *DAYS.start(), *DAYS.end()));
        if days == Some(None) {
            errors.add("days", "are required: a token that never ends is never changed");
        }
        let former = errors
            .take("former_ends_in", rules::whole(&self.former_ends_in, *OVERLAP.start(), *OVERLAP.end()));
        match (days.flatten(), former) {
            (Some(days), Some(former_ends_in)) if errors.is_empty() => Ok(NewToken { days, former_ends_in }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}
