//! The three formats, how one is guessed, and how much a file may hold.
use crate::domain::enums::NotAMember;
use std::str::FromStr;

/// The largest file, in bytes.
pub const LONGEST: usize = 4 * 1024 * 1024;
pub const MOST_ROWS: usize = 5_000;
/// How deep the brackets of a JSON file may lie in each other.
pub const MOST_DEPTH: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Env,
    Json,
    Csv,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Env, Self::Json, Self::Csv];
    const SPELLED: &'static [&'static str] = &["env", "json", "csv"];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

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

impl FromStr for Format {
    type Err = NotAMember;
    fn from_str(text: &str) -> Result<Self, NotAMember> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(NotAMember(Self::SPELLED))
    }
}

impl TryFrom<String> for Format {
    type Error = NotAMember;
    fn try_from(text: String) -> Result<Self, NotAMember> {
        text.parse()
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
