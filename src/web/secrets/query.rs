//! What the address of a list of secrets says: read into a filter, and written again with something changed.
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::kit::page::{self, Cursor};
use crate::secrets::{Due, Filter, Sort, Tallies};
use crate::web::forms::{asked, environment_asked};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) environment: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) q: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub(super) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) level: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) tag: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) due: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) active: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) after: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<u32>,
}

/// What people search for holds no control characters, and PostgreSQL takes no NUL.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect::<String>().trim().to_owned()
}

impl ListQuery {
    pub fn filter(&self, places: &[Place]) -> Result<Filter> {
        let wanted = environment_asked(&self.environment)?;
        let open = places
            .iter()
            .map(|place| place.environment.id)
            .filter(|id| wanted.is_none_or(|wanted| wanted == *id));
        let due = match self.due.as_str() {
            "" => None,
            "overdue" => Some(Due::Overdue),
            "soon" => Some(Due::Soon),
            "expiring" => Some(Due::Expiring),
            _ => return Err(Error::invalid("due", "must be one of overdue, soon, expiring")),
        };
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
            sort: self.order(due)?,
            cursor: Cursor::read(&printable(&self.after), &printable(&self.before)),
            limit: page::limit(self.limit),
        })
    }

    /// Unless told otherwise by name, and by the date where a date was asked for.
    fn order(&self, due: Option<Due>) -> Result<Sort> {
        match self.sort.as_str() {
            "" => Ok(due.map_or(Sort::Name, Due::sort)),
            "name" => Ok(Sort::Name),
            "updated" => Ok(Sort::Updated),
            "due" => Ok(Sort::Due),
            "expires" => Ok(Sort::Expires),
            _ => Err(Error::invalid("sort", "must be one of name, updated, due, expires")),
        }
    }

    /// The address of this list with something changed; paging starts anew.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        (other.after, other.before) = Default::default();
        change(&mut other);
        format!("/secrets?{}", serde_html_form::to_string(&other).unwrap_or_default())
            .trim_end_matches('?')
            .to_owned()
    }

    /// The same filters at another address.
    pub(super) fn address(&self, path: &str) -> String {
        self.with(|_| ()).replacen("/secrets", path, 1)
    }

    /// What filters the list, as the fields of a form.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let address = self.with(|_| ());
        let query = address.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The list that a form means with all of its pages, if it does.
    pub fn of_all(raw: &str) -> Result<Option<Self>> {
        let all =
            url::form_urlencoded::parse(raw.as_bytes()).any(|(name, value)| name == "all" && value == "1");
        let read = |raw| {
            serde_html_form::from_str(raw)
                .map_err(|_| Error::invalid("", "the address holds something that this page does not know"))
        };
        if all { read(raw).map(Some) } else { Ok(None) }
    }

    pub(super) fn next(&self, key: Option<String>) -> Option<String> {
        key.map(|key| self.with(|q| q.after = key))
    }

    /// Beyond either end there is nothing: the way back from there is the first page.
    pub(super) fn previous(&self, key: Option<String>, is_empty: bool) -> Option<String> {
        match key {
            Some(key) => Some(self.with(|q| q.before = key)),
            None => (is_empty && self.is_inside()).then(|| self.with(|_| ())),
        }
    }

    /// Somewhere in the list, not at its beginning.
    pub(super) fn is_inside(&self) -> bool {
        !(self.after.is_empty() && self.before.is_empty())
    }

    /// How many there are in all, where the tallies know it.
    pub(super) fn total(&self, filter: &Filter, tallies: &Tallies) -> Option<i64> {
        let narrowed =
            [&self.q, &self.kind, &self.level, &self.tag, &self.due].iter().any(|text| !text.is_empty());
        if narrowed || filter.sort == Sort::Due || filter.sort == Sort::Expires {
            return None;
        }
        let of = |id: &i64| match (filter.status, filter.active) {
            (None, Some(false)) => Some(tallies.inactive(*id)),
            (None, _) => Some(tallies.of(*id)),
            (Some(status), None | Some(true)) => Some(tallies.with(*id, status)),
            (Some(_), Some(false)) => None,
        };
        filter.environments.iter().map(of).sum()
    }
}
