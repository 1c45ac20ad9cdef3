//! CSV as Keeper reads it: a head that names the columns, then a row for each secret. Commas, semicolons or tabs, as the
//! head has them; quotes as in RFC 4180. A cell is never changed: what begins with `=` is a value like any other.
use super::row::{FIELDS, Row};
use crate::kit::cell::Cell;
use crate::kit::table::{At, csv_reader, delimiter, misfit};
use ::csv::StringRecord;

pub fn read(text: &str, most: usize) -> Result<Vec<Row>, String> {
    let mut reader = csv_reader(text)?;
    let head = reader.headers().map_err(|e| told(&e))?.clone();
    let columns = columns(&head)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| told(&e))?;
        rows.push(row(&columns, &record));
        if rows.len() > most {
            break;
        }
    }
    Ok(rows)
}

/// The columns by their names, whatever blanks and capitals they have.
fn columns(head: &StringRecord) -> Result<Vec<&'static str>, String> {
    let mut columns = Vec::new();
    for (i, name) in head.iter().enumerate() {
        let name = name.trim().to_ascii_lowercase();
        let Some(known) = FIELDS.into_iter().find(|known| *known == name) else {
            let known = FIELDS.join(", ");
            return Err(format!(
                "has a column {} in its head that Keeper does not know: known are {known}",
                i + 1
            ));
        };
        if columns.contains(&known) {
            return Err(format!("has the column {known} twice"));
        }
        columns.push(known);
    }
    if !columns.contains(&"name") || !columns.iter().any(|column| column.starts_with("value")) {
        return Err("needs a head that names at least the columns name and value, or value_base64".into());
    }
    Ok(columns)
}

fn row(columns: &[&'static str], record: &StringRecord) -> Row {
    let line = record.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or_default();
    let at = At::Line(line);
    if let Some(problem) = misfit(record, columns.len()) {
        return Row::failing(at, "", &problem);
    }
    let mut row = Row::new(at);
    for (column, cell) in columns.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        row.set(column, Cell::Text(cell.to_owned()));
    }
    row
}

/// Whether a line names columns, so that a text without a name is taken for CSV.
pub fn is_head(line: &str) -> bool {
    let delimiter = char::from(delimiter(line));
    let names: Vec<String> =
        line.split(delimiter).map(|name| name.trim().trim_matches('"').to_ascii_lowercase()).collect();
    names.len() > 1 && names.iter().any(|name| name == "name")
}

/// The place alone: the crate's own words may hold what it read.
fn told(e: &::csv::Error) -> String {
    let line = e.position().map_or(1, ::csv::Position::line);
    format!("is not CSV that Keeper can read, at line {line}")
}
