//! The three formats, how one is guessed, and how much a file may hold.
use crate::domain::enums::spelled;

/// The largest file, in bytes.
pub const LONGEST: usize = 4 * 1024 * 1024;
pub const MOST_ROWS: usize = 5_000;
/// How deep the brackets of a JSON file may lie in each other.
pub const MOST_DEPTH: usize = 8;

spelled!(Format { Env = "env", Json = "json", Csv = "csv" });

impl Format {
    /// By the file's name if that tells, else by how the text begins.
    pub fn guess(file: &str, text: &str) -> Self {
        match file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "json" => return Self::Json,
            "csv" | "tsv" => return Self::Csv,
            "env" => return Self::Env,
            _ => {}
        }
        if text.trim_start().starts_with(['{', '[']) {
            return Self::Json;
        }
        let head = text.lines().next().unwrap_or_default();
        if !head.contains('=') && super::csv::is_head(head) { Self::Csv } else { Self::Env }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_guessed_by_the_name_and_then_by_the_beginning() {
        for (file, text, format) in [
            ("x.JSON", "a=b", Format::Json),
            ("prod.env", "{", Format::Env),
            (".env", "", Format::Env),
            ("", " [{}]", Format::Json),
            ("", "name,value\na,b", Format::Csv),
            ("", "value;name", Format::Csv),
            ("", "A=b,c", Format::Env),
            ("", "", Format::Env),
        ] {
            assert_eq!(Format::guess(file, text), format, "{file:?} {text:?}");
        }
    }
}
