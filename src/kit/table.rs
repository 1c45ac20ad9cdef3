//! A table as a text: CSV with a head, a JSON list of objects, or JSON Lines. Its rows come out with their places. Of what cannot
//! be read the place alone is told: a cell may hold what nobody should see.
use super::cell::{Cell, Object, depth};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::fmt;

const MOST_DEPTH: usize = 8;

/// Where a row stands: a line of a text, an element of a list, or a path in what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    Line(usize),
    Row(usize),
    Path(String),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(n) => write!(f, "line {n}"),
            Self::Row(n) => write!(f, "row {n}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

pub struct Record {
    pub at: At,
    /// By the names of their columns, in small letters. What is empty in CSV is not there.
    pub cells: Vec<(String, Cell)>,
    pub problem: Option<String>,
}

/// The text of a file, without the mark that some editors put before it.
pub fn text(bytes: &[u8]) -> Result<&str, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].split(|byte| *byte == b'\n').count();
        format!("is not UTF-8, first in line {line}: save it as UTF-8")
    })?;
    if text.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(text) }
}

/// `known` are the columns that there may be, `needed` those without which nothing can be done. One more than `most` rows is read.
pub fn read(text: &str, known: &[&str], needed: &[&str], most: usize) -> Result<Vec<Record>, String> {
    match text.trim_start().chars().next() {
        Some('[') => list(text, known),
        Some('{') => lines(text, known, most),
        _ => csv(text, known, needed, most),
    }
}

/// A reader of CSV with a head: commas, semicolons or tabs, as the head has them; quotes as in RFC 4180.
pub fn csv_reader(text: &str) -> Result<Reader<&[u8]>, String> {
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        return Err("has a quote that is never closed: inside quotes, a quote is written twice".into());
    }
    let head = text.lines().next().unwrap_or_default();
    Ok(ReaderBuilder::new().delimiter(delimiter(head)).flexible(true).from_reader(text.as_bytes()))
}

fn csv(text: &str, known: &[&str], needed: &[&str], most: usize) -> Result<Vec<Record>, String> {
    let mut reader = csv_reader(text)?;
    let head = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let columns = columns(&head, known)?;
    if let Some(missing) = needed.iter().find(|name| !columns.iter().any(|column| column == *name)) {
        return Err(format!("needs a head that names its columns, and at least {missing} among them"));
    }
    let mut records = Vec::new();
    for row in reader.records() {
        records.push(record(&columns, &row.map_err(|e| unreadable(&e))?));
        if records.len() > most {
            break;
        }
    }
    Ok(records)
}

fn columns(head: &StringRecord, known: &[&str]) -> Result<Vec<String>, String> {
    let mut columns = Vec::new();
    for (i, name) in head.iter().enumerate() {
        let name = name.trim().to_ascii_lowercase();
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(format!("has a column {} in its head that is not known: known are {known}", i + 1));
        }
        if columns.contains(&name) {
            return Err(format!("has the column {name} twice"));
        }
        columns.push(name);
    }
    Ok(columns)
}

fn record(columns: &[String], row: &StringRecord) -> Record {
    let line = row.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or_default();
    let at = At::Line(line);
    if let Some(problem) = misfit(row, columns.len()) {
        return Record { at, cells: Vec::new(), problem: Some(problem) };
    }
    let cells = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
    let cells = cells.map(|(column, cell)| (column.clone(), Cell::Text(cell.to_owned())));
    Record { at, cells: cells.collect(), problem: None }
}

/// Why a row does not stand below its head.
pub fn misfit(row: &StringRecord, columns: usize) -> Option<String> {
    let cells = row.len();
    (cells != columns).then(|| {
        format!("has {cells} cells where the head has {columns}: a comma inside a cell wants quotes round it")
    })
}

pub fn delimiter(head: &str) -> u8 {
    [b',', b';', b'\t'].into_iter().find(|byte| head.as_bytes().contains(byte)).unwrap_or(b',')
}

fn unreadable(e: &csv::Error) -> String {
    let line = e.position().map_or(1, csv::Position::line);
    format!("is not CSV that can be read, at line {line}")
}

fn list(text: &str, known: &[&str]) -> Result<Vec<Record>, String> {
    demand_shallow(text)?;
    let objects: Vec<Object> = serde_json::from_str(text)
        .map_err(|e| format!("is not a JSON list of objects, at line {}, column {}", e.line(), e.column()))?;
    let numbered = objects.into_iter().enumerate();
    Ok(numbered.map(|(i, Object(cells))| object(At::Row(i + 1), cells, known)).collect())
}

fn lines(text: &str, known: &[&str], most: usize) -> Result<Vec<Record>, String> {
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(i, line): (usize, &str)| -> Result<Record, String> {
        demand_shallow(line)?;
        let Object(cells) = serde_json::from_str(line).map_err(|e| {
            format!("is not JSON Lines, an object in each line, at line {}, column {}", i + 1, e.column())
        })?;
        Ok(object(At::Line(i + 1), cells, known))
    };
    numbered.take(most + 1).map(read).collect()
}

fn demand_shallow(text: &str) -> Result<(), String> {
    if depth(text) > MOST_DEPTH { Err(format!("is nested deeper than {MOST_DEPTH}")) } else { Ok(()) }
}

fn object(at: At, cells: Vec<(String, Cell)>, known: &[&str]) -> Record {
    let mut seen: Vec<&str> = Vec::new();
    let mut problem = None;
    for (name, _) in &cells {
        if !known.contains(&name.as_str()) {
            problem = Some(format!("holds a field that is not known: known are {}", known.join(", ")));
        } else if seen.contains(&name.as_str()) {
            problem = Some(format!("holds {name} twice"));
        }
        seen.push(name);
    }
    Record { at, cells, problem }
}

impl Cell {
    /// As a text, where it can be one; what is null or blank is none.
    pub fn into_text(self) -> Result<Option<String>, &'static str> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) | Self::Number(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
            Self::Flag(on) => Ok(Some(on.to_string())),
            Self::Fields(_) | Self::Nested => Err("must be a text"),
        }
    }
}

/// Yes or no, as databases and languages write it.
pub fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" => Some(true),
        "false" | "f" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A member of an enumeration, as another program wrote it: `PASSWORD`, or `SecretType.PASSWORD`.
pub fn member(text: &str) -> String {
    let text = text.trim();
    text.rsplit_once('.').map_or(text, |(_, member)| member).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["name", "role", "more"];

    fn names(text: &str) -> Result<Vec<String>, String> {
        let told = |record: Record| {
            if let Some(problem) = record.problem {
                format!("{}: {problem}", record.at)
            } else {
                let cells = record
                    .cells
                    .into_iter()
                    .map(|(name, cell)| format!("{name}={}", cell.into_text().unwrap().unwrap_or_default()));
                format!("{}: {}", record.at, cells.collect::<Vec<_>>().join(" "))
            }
        };
        Ok(read(text, &KNOWN, &["name"], 10)?.into_iter().map(told).collect())
    }

    #[test]
    fn a_table_is_read_whatever_it_is_written_in() {
        assert_eq!(
            names("Name;ROLE\nada;\n\"b\nc\";user\n").unwrap(),
            ["line 2: name=ada", "line 3: name=b\nc role=user"]
        );
        assert_eq!(
            names("[{\"name\": \"ada\", \"role\": null}, {\"name\": 7}]").unwrap(),
            ["row 1: name=ada role=", "row 2: name=7"]
        );
        assert_eq!(
            names("{\"name\": \"ada\"}\n\n{\"name\": \"bob\", \"more\": true}\n").unwrap(),
            ["line 1: name=ada", "line 3: name=bob more=true"]
        );
    }

    #[test]
    fn a_mistake_is_told_by_its_place_and_never_repeated() {
        for (text, words) in [
            ("name,canary\nada,b", "a column 2"),
            ("role\nuser", "at least name"),
            ("name,name\na,b", "name twice"),
            ("name\n\"canary", "never closed"),
            ("{\"name\": canary}", "line 1, column"),
            ("{\"name\": \"a\"}\ncanary", "at line 2"),
            ("[\"canary\"]", "line 1"),
            ("[[[[[[[[[[1]]]]]]]]]]", "nested deeper"),
        ] {
            let told = names(text).unwrap_err();
            assert!(told.contains(words) && !told.contains("canary"), "{text}: {told}");
        }
        assert!(names("name,role\nada").unwrap()[0].contains("1 cells where the head has 2"));
        let odd = names("[{\"canary\": 1}, {\"name\": \"a\", \"name\": \"b\"}]").unwrap();
        assert!(
            odd[0].contains("not known") && !odd[0].contains("canary") && odd[1].contains("name twice"),
            "{odd:?}"
        );
        assert!(text(b"a\n\xff").unwrap_err().contains("line 2"));
    }

    #[test]
    fn what_others_write_is_understood() {
        assert_eq!((flag("True"), flag("0"), flag("maybe")), (Some(true), Some(false), None));
        assert_eq!((member("SecretType.API_KEY").as_str(), member(" Admin ").as_str()), ("api_key", "admin"));
    }
}
