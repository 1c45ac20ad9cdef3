//! A path in Vault, segment by segment. The address is built from the segments, so that none can climb out of its place.
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::remote) struct Path(Vec<String>);

/// Reads after "the path" or "the mount".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::remote) enum Odd {
    #[error("is empty")]
    Empty,
    #[error("is longer than 512 characters with its mount")]
    Long,
    #[error("holds an empty part, \".\" or \"..\", or a part that begins or ends with a space")]
    Segment,
    #[error("holds a character that cannot stand in a path")]
    Character,
}

impl Path {
    pub fn parse(raw: &str) -> Result<Self, Odd> {
        // People write the mount as `secret/`, and Vault shows it so.
        let text = raw.strip_suffix('/').unwrap_or(raw);
        if text.is_empty() {
            return Err(Odd::Empty);
        }
        if text.len() > 512 {
            return Err(Odd::Long);
        }
        if text.contains(|c: char| {
            c == '\\' || c.is_control() || !(c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric())
        }) {
            return Err(Odd::Character);
        }
        let odd = |part: &str| part.is_empty() || part == "." || part == ".." || part.trim() != part;
        let parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        if parts.iter().any(|part| odd(part)) { Err(Odd::Segment) } else { Ok(Self(parts)) }
    }

    /// A word of Vault's own, such as `data`.
    pub fn word(word: &str) -> Self {
        Self(vec![word.to_owned()])
    }

    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_climb_out_of_its_place() {
        for raw in ["..", "a/../b", "a/./b", "/a", "a//b", "a/ b", "a /b", "a//"] {
            assert_eq!(Path::parse(raw), Err(Odd::Segment), "{raw:?}");
        }
        for raw in ["a\\b", "a\nb", "a\0b", "a\u{202e}b", "a\u{a0}b"] {
            assert_eq!(Path::parse(raw), Err(Odd::Character), "{raw:?}");
        }
        assert_eq!(Path::parse(""), Err(Odd::Empty));
        assert_eq!(Path::parse(&"a".repeat(513)), Err(Odd::Long));
    }

    #[test]
    fn what_stands_in_names_stands_in_paths() {
        for raw in ["a", "prod/db-password_1.x", "...", "a b/%2e%2e/ü?#", "team/kv/"] {
            assert_eq!(
                Path::parse(raw).map(|path| path.to_string()),
                Ok(raw.trim_end_matches('/').to_owned())
            );
        }
    }
}
