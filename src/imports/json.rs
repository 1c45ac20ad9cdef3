//! JSON as Keeper reads it: a list of objects with the fields of `row::FIELDS`, or one object of names and values.
//! serde_json's own words may hold what it read: of its errors only the place is told.
use super::format::MOST_DEPTH;
use super::row::{At, Cell, Row};
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
    let cell = Value { depth: 1 }.deserialize(&mut json).map_err(|_| problem)?;
    match (cell, json.end()) {
        (Cell::Fields(pairs), Ok(())) => Ok(pairs),
        _ => Err(problem),
    }
}

/// How deep brackets lie in each other, outside of texts; counted before anything is built.
fn depth(text: &str) -> usize {
    let (mut now, mut most, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
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
            row.set("value", map.next_value_seed(Value { depth: 0 })?);
            rows.push(row);
            if rows.len() > self.most {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            }
        }
        Ok(rows)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Row>, A::Error> {
        let mut rows = Vec::new();
        while let Some(cell) = list.next_element_seed(Value { depth: 2 })? {
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

/// One value; objects are opened `depth` times, what lies deeper is passed over.
struct Value {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Cell;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Cell, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true, false, null or an object")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }
    fn visit_bool<E>(self, on: bool) -> Result<Cell, E> {
        Ok(Cell::Flag(on))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Number(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Number(number.to_string()))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cell, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Cell::Nested);
        };
        let mut fields = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            fields.push((key, map.next_value_seed(Value { depth })?));
        }
        Ok(Cell::Fields(fields))
    }
}
