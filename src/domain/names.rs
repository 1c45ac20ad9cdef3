//! Names that are checked once, where they come in.
use super::rules::{Problem, Text};
use std::fmt;

/// A secret's name: trimmed, lower-cased, ASCII letters and digits with `-`, `_`, `.`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SecretName(String);

impl SecretName {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let name = Text::required(raw, 255)?.to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !name.chars().all(allowed) || !name.chars().any(|c| c.is_ascii_alphanumeric()) {
            return Err(Problem::new(
                "Invalid name format: use letters, digits, \"-\", \"_\" and \".\", with at least one letter or digit",
            ));
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An environment's name: a slug, so that it can stand in a path and an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slug(String);

impl Slug {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let slug = Text::required(raw, 64)?.to_ascii_lowercase();
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let inner = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !inner || !edge(slug.chars().next()) || !edge(slug.chars().last()) {
            return Err(Problem::new(
                "Invalid name format: use letters, digits and \"-\", beginning and ending with a letter or digit",
            ));
        }
        Ok(Self(slug))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A user's name, canonical: trimmed and lower-cased once, here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Username(String);

impl Username {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let name = Text::required(raw, 255)?.to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+');
        if name.chars().all(allowed) {
            Ok(Self(name))
        } else {
            Err(Problem::new("Invalid user name: use letters, digits and - _ . @ +"))
        }
    }

    /// The name of somebody who arrives through an identity provider: what it calls them, of whatever characters.
    pub fn of_subject(subject: &str) -> Result<Self, Problem> {
        Text::required(subject, 255).map(|name| Self(name.to_lowercase())).and_then(|name| {
            if name.0.chars().count() <= 255 {
                Ok(name)
            } else {
                Err(Problem::new("must have at most 255 characters"))
            }
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! shown {
    ($($name:ident),+) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+ };
}
shown!(SecretName, Slug, Username);

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S49 S50 S51 S52
    fn a_secrets_name_is_trimmed_lower_cased_and_held_to_its_letters() {
        for (raw, kept) in
            [(" db ", "db"), ("DB-Pass", "db-pass"), ("db-password_1.prod", "db-password_1.prod"), ("7", "7")]
        {
            assert_eq!(SecretName::parse(raw).unwrap().as_str(), kept);
        }
        for raw in ["a b", "a/b", "a$b", "---", "ä", "a\0b", "a\nb", "\u{212a}ey"] {
            let problem = SecretName::parse(raw).unwrap_err().to_string();
            assert!(
                problem.starts_with("Invalid name format") || problem.contains("control"),
                "{raw:?}: {problem}"
            );
        }
        assert!(SecretName::parse("").is_err() && SecretName::parse(&"a".repeat(256)).is_err());
        assert!(SecretName::parse("a").is_ok() && SecretName::parse(&"a".repeat(255)).is_ok());
    }

    #[test]
    fn an_environments_name_can_stand_in_a_path() {
        assert_eq!(Slug::parse("Payments-EU").unwrap().as_str(), "payments-eu");
        for raw in ["", "-a", "a-", "a_b", "a.b", "../x"] {
            assert!(Slug::parse(raw).is_err(), "{raw:?}");
        }
    }
}
