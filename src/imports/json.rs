//! JSON as Keeper reads it: a list of objects with the fields of `row::FIELDS`, or one object of names and values.
//! serde_json's own words may hold what it read: of its errors only the place is told.
use super::format::MOST_DEPTH;
use super::row::Row;
use crate::kit::cell::{Cell, Opened, depth};
use crate::kit::table::At;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

pub fn read(text: &str, most: usize) -> Result<Vec<Row>, String> {
    if depth(text) > MOST_DEPTH {
        return Err(format!("is nested deeper than {MOST_DEPTH}: a row holds texts, and tags as one object"));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let rows = Top { most }.deserialize(&mut json).and_then(|rows| json.end().map(|()| rows));
    rows.map_err(|e| {
        format!(
            "is not JSON that Keeper can read, at line {}, column {}: it must be a list of objects, or one object of names and texts",
            e.line(),
            e.column()
        )
    })
}

/// A CSV cell that holds tags as JSON.
pub fn tags(text: &str) -> Result<Vec<(String, Cell)>, &'static str> {
    let problem = "must be one key=value a line, or a JSON object of texts";
    let mut json = serde_json::Deserializer::from_str(text);
    let cell = Opened { depth: 1 }.deserialize(&mut json).map_err(|_| problem)?;
    match (cell, json.end()) {
        (Cell::Fields(pairs), Ok(())) => Ok(pairs),
        _ => Err(problem),
    }
}

struct Top {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Top {
    type Value = Vec<Row>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Vec<Row>, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top {
    type Value = Vec<Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Row>, A::Error> {
        let mut rows = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let mut row = Row::new(At::Row(rows.len() + 1));
            row.set("name", Cell::Text(name));
            row.set("value", map.next_value_seed(Opened { depth: 0 })?);
            rows.push(row);
            if rows.len() > self.most {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            }
        }
        Ok(rows)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Row>, A::Error> {
        let mut rows = Vec::new();
        while let Some(cell) = list.next_element_seed(Opened { depth: 2 })? {
            let at = At::Row(rows.len() + 1);
            rows.push(match cell {
                Cell::Fields(fields) => {
                    let mut row = Row::new(at);
                    for (field, cell) in fields {
                        row.set(&field, cell);
                    }
                    row
                }
                _ => Row::failing(at, "", "must be an object such as {\"name\": …, \"value\": …}"),
            });
            if rows.len() > self.most {
                while list.next_element::<IgnoredAny>()?.is_some() {}
            }
        }
        Ok(rows)
    }
}
