//! What the address of a list of secrets says: read into a filter, and written again with something changed.
use crate::domain::error::{Error, Result};
use crate::secrets::{Filter, ListInput, Sort, Tallies};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(transparent)]
pub struct ListQuery(ListInput);

impl Deref for ListQuery {
    type Target = ListInput;
    fn deref(&self) -> &ListInput {
        &self.0
    }
}

impl DerefMut for ListQuery {
    fn deref_mut(&mut self) -> &mut ListInput {
        &mut self.0
    }
}

impl ListQuery {
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
