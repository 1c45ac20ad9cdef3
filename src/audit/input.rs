//! What somebody asks of the log, as an address says it: the same words at every door.
use super::list::Filter;
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::domain::rules::{asked, environment_asked, id_asked};
use crate::kit::clock::Utc;
use crate::kit::page::{self, Cursor};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct ListInput {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub who: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub environment: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub result: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// 50 unless told, at most 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl ListInput {
    pub fn filter(&self, within: Option<Vec<i64>>) -> Result<Filter> {
        let set = |text: &str| {
            Some(text.replace(char::is_control, "").trim().to_owned()).filter(|text| !text.is_empty())
        };
        let day = |field: &str, text: &str| match text {
            "" => Ok(None),
            text => Utc::parse(&format!("{text}T00:00"))
                .map(Some)
                .ok_or_else(|| Error::invalid(field, "must be a date such as 2026-01-31")),
        };
        let outcome = asked::<Outcome>("result", &set(&self.result).unwrap_or_default())?;
        Ok(Filter {
            environment_id: environment_asked(&self.environment)?,
            secret_id: id_asked("secret", &self.secret)?,
            actor_name: set(&self.who).map(|who| who.to_lowercase()),
            action: set(&self.action),
            outcome: outcome.map(|outcome| outcome.as_str().to_owned()),
            since: day("from", &self.from)?,
            until: day("to", &self.to)?.map(|at| at.plus(time::Duration::days(1))),
            within,
            cursor: Cursor::read(&self.after, &self.before),
            limit: page::limit(self.limit),
            ..Filter::default()
        })
    }
}
