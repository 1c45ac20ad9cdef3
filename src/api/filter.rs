//! The parameters of an address: what the document says of each, and what is refused that lies outside of it. One list serves both, and
//! the gate holds every address to its own.
use super::field::shown;
use crate::domain::enums::NotAMember;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::kit::clock::Utc;
use crate::kit::page;
use axum::extract::Query;
use axum::http::Uri;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What people search for is cut there by the features, too.
const LONGEST: usize = 300;
const MOST_LOOKED_AT: usize = 40;
const MOST_IDS: usize = 100;

/// One parameter: its name, what it means, and what it may be.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    pub name: &'static str,
    pub words: &'static str,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The id of something. One that does not exist finds nothing.
    Id,
    /// Ids with commas between.
    Ids,
    /// How many rows a page has.
    Limit,
    Text,
    OneOf(&'static [&'static str]),
    Day,
}

pub const fn filter(name: &'static str, words: &'static str, kind: Kind) -> Filter {
    Filter { name, words, kind }
}

impl Kind {
    pub fn schema(self) -> Value {
        match self {
            Self::Id => json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX }),
            Self::Ids => {
                json!({ "type": "array", "minItems": 1, "maxItems": MOST_IDS, "items": Self::Id.schema() })
            }
            Self::Limit => json!({ "type": "integer", "minimum": 1, "maximum": page::LONGEST }),
            Self::Text => json!({ "type": "string", "maxLength": LONGEST }),
            Self::OneOf(members) => json!({ "type": "string", "enum": members }),
            // The years that all databases keep.
            Self::Day => {
                json!({ "type": "string", "format": "date", "pattern": "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$" })
            }
        }
    }

    /// What it must be instead.
    fn problem(self, text: &str) -> Option<String> {
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let whole = || text.parse::<i64>().ok().filter(|_| is_whole);
        match self {
            Self::Id if whole().is_none_or(|id| id < 1) => Some("must be a whole number above 0".to_owned()),
            Self::Ids if text.split(',').count() > MOST_IDS => {
                Some(format!("must have at most {MOST_IDS} ids"))
            }
            Self::Ids => text.split(',').find_map(|id| Self::Id.problem(id)),
            Self::Limit if whole().is_none_or(|limit| !(1..=i64::from(page::LONGEST)).contains(&limit)) => {
                Some(format!("must be a whole number from 1 to {}", page::LONGEST))
            }
            Self::Text if text.chars().count() > LONGEST => {
                Some(format!("must have at most {LONGEST} characters"))
            }
            Self::OneOf(members) if !members.contains(&text) => Some(NotAMember(members).to_string()),
            Self::Day if text.len() != 10 || Utc::parse(&format!("{text}T00:00")).is_none() => {
                Some("must be a date such as 2026-01-31".to_owned())
            }
            _ => None,
        }
    }
}

/// Refuses what is outside of these parameters, each by its name: one that is none of them, too, because what is passed over in silence
/// would seem to have been heard.
pub fn demand(filters: &[Filter], address: &Uri) -> Result<()> {
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(address) else {
        return Err(Error::invalid("", "the address holds a parameter that cannot be read"));
    };
    let (mut errors, mut seen) = (FieldErrors::default(), HashSet::new());
    // There are fewer parameters than that: among so many one is wrong.
    for (name, text) in pairs.iter().take(MOST_LOOKED_AT) {
        let known = filters.iter().find(|filter| filter.name == name);
        match known.map(|filter| filter.kind.problem(text)) {
            None => errors.add(&shown(name), "is no parameter of this address"),
            Some(_) if !seen.insert(name) => errors.add(name, "must be given once"),
            Some(Some(problem)) => errors.add(name, problem),
            Some(None) => {}
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S64
    fn what_lies_outside_of_a_parameter_is_refused_by_its_name() {
        let filters = [
            filter("environment", "", Kind::Id),
            filter("limit", "", Kind::Limit),
            filter("some", "", Kind::Ids),
            filter("q", "", Kind::Text),
            filter("sort", "", Kind::OneOf(&["name", "due"])),
            filter("from", "", Kind::Day),
        ];
        let told = |query: &str| -> Vec<String> {
            match demand(&filters, &format!("/api?{query}").parse().unwrap()) {
                Err(Error::Invalid(errors)) => errors.iter().map(|(name, _)| name.to_owned()).collect(),
                Err(other) => panic!("{other:?}"),
                Ok(()) => Vec::new(),
            }
        };
        let most = i64::MAX;
        for fine in ["", "q=", "q=%00%22", "limit=200&environment=1", "sort=due&from=2024-02-29"] {
            assert!(told(fine).is_empty(), "{fine}");
        }
        assert!(told(&format!("environment={most}")).is_empty());
        for wrong in [
            "environment=0",
            "environment=%201",
            "environment=-1",
            "environment=",
            "environment=9223372036854775808",
        ] {
            assert_eq!(told(wrong), ["environment"], "{wrong}");
        }
        for wrong in ["limit=0", "limit=201", "limit=1.5", "limit=x"] {
            assert_eq!(told(wrong), ["limit"], "{wrong}");
        }
        for wrong in ["from=2023-02-29", "from=0001-01-01", "from=2026-1-1", "from=", "from=2026-01-01T00:00"]
        {
            assert_eq!(told(wrong), ["from"], "{wrong}");
        }
        assert!(told("some=1").is_empty() && told("some=3,1,3").is_empty());
        for wrong in ["some=", "some=1,", "some=1,,2", "some=0", "some=1%202"] {
            assert_eq!(told(wrong), ["some"], "{wrong}");
        }
        assert_eq!(told(&format!("some={}", ["1"; 101].join(","))), ["some"]);
        assert_eq!(told("sort=Name&nonsense=1&q=a&q=b"), ["nonsense", "q", "sort"]);
        assert_eq!(told(&format!("q={}", "x".repeat(301))), ["q"]);
    }
}
