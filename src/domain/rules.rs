//! The rules that many fields share: length, control characters, ranges, times, tags. Each text is said here alone.
use super::error::Error;
use super::plaintext::Plaintext;
use crate::kit::clock::Utc;
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::str::FromStr;
use validator::{ValidateEmail, ValidateLength, ValidateRange};

/// Why one field is refused, in words for the person who typed it. Never holds the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One-line and many-line texts.
pub struct Text;

impl Text {
    /// Trimmed, 1 to `max` characters, no control characters.
    pub fn required(raw: &str, max: u64) -> Result<String, Problem> {
        let text = Self::optional(raw, max)?;
        if text.is_empty() { Err(Problem::new("is required")) } else { Ok(text) }
    }

    /// Trimmed, up to `max` characters, no control characters.
    pub fn optional(raw: &str, max: u64) -> Result<String, Problem> {
        Self::bounded(raw, max, char::is_control)
    }

    /// Several lines: line breaks and tabs may stay.
    pub fn long(raw: &str, max: u64) -> Result<String, Problem> {
        Self::bounded(&raw.replace("\r\n", "\n"), max, |c| c.is_control() && c != '\n' && c != '\t')
    }

    fn bounded(raw: &str, max: u64, refused: impl Fn(char) -> bool) -> Result<String, Problem> {
        let text = raw.trim();
        if text.contains(|c| refused(c) || is_bidi(c)) {
            return Err(Problem::new("must not hold control characters"));
        }
        if !text.validate_length(None, Some(max), None) {
            return Err(Problem::new(format!("must have at most {max} characters")));
        }
        Ok(text.to_owned())
    }
}

/// Characters that turn the direction of text, with which a name can be made to look like another.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

pub fn email(raw: &str) -> Result<Option<String>, Problem> {
    let text = Text::optional(raw, 255)?;
    if text.is_empty() {
        return Ok(None);
    }
    if text.validate_email() { Ok(Some(text)) } else { Err(Problem::new("must be an e-mail address")) }
}

/// A value: 1 byte to 64 KiB (the limit of AWS Secrets Manager), never changed by one byte.
pub fn value(raw: Plaintext) -> Result<Plaintext, Problem> {
    match raw.len() {
        0 => Err(Problem::new("is required: a value has at least 1 byte")),
        1..=65_536 => Ok(raw),
        _ => Err(Problem::new("must have at most 65536 bytes (64 KiB)")),
    }
}

/// What a backend knows Keeper by. It travels in a header, so it is one line of visible ASCII.
pub fn credential(raw: Plaintext, max: usize) -> Result<Plaintext, Problem> {
    if !raw.expose().iter().all(u8::is_ascii_graphic) {
        return Err(Problem::new("must be ASCII letters, digits and signs, without blanks or line breaks"));
    }
    if raw.len() > max { Err(Problem::new(format!("must have at most {max} characters"))) } else { Ok(raw) }
}

/// A whole number within a range; the empty text is "none".
pub fn whole(raw: &str, min: i64, max: i64) -> Result<Option<i64>, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: i64 =
        text.parse().map_err(|_| Problem::new(format!("must be a whole number from {min} to {max}")))?;
    if number.validate_range(Some(min), Some(max), None, None) {
        Ok(Some(number))
    } else {
        Err(Problem::new(format!("must be from {min} to {max}")))
    }
}

/// 1 to 365 days.
pub fn rotation_interval(raw: &str) -> Result<Option<i64>, Problem> {
    whole(raw, 1, 365)
}

/// The id of another row: a whole number above 0.
pub fn id(raw: &str) -> Result<i64, Problem> {
    match whole(raw, 1, i64::MAX) {
        Ok(Some(id)) => Ok(id),
        Ok(None) => Err(Problem::new("is required")),
        Err(_) => Err(Problem::new("must be a whole number above 0")),
    }
}

/// A time; the empty text is "none".
pub fn time(raw: &str) -> Result<Option<Utc>, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Utc::parse(text)
        .map(Some)
        .ok_or_else(|| Problem::new("must be a date and time such as 2026-01-31T10:00, read as UTC"))
}

/// A time that must lie in the future unless it stays what it was.
pub fn expiry(raw: &str, now: Utc, unchanged: Option<Utc>) -> Result<Option<Utc>, Problem> {
    let Some(at) = time(raw)? else { return Ok(None) };
    // A form carries minutes only: the same minute is "unchanged", and keeps the stored seconds.
    let carries_minutes = raw.trim().len() <= "2026-01-31T10:00".len();
    let is_same = |old: &Utc| *old == at || carries_minutes && old.to_input() == at.to_input();
    if let Some(old) = unchanged.filter(is_same) {
        return Ok(Some(old));
    }
    if at > now { Ok(Some(at)) } else { Err(Problem::new("must lie in the future")) }
}

/// The environment that an address asks for; the empty text is none.
pub fn environment_asked(text: &str) -> Result<Option<i64>, Error> {
    id_asked("environment", text)
}

/// The same of any other thing.
pub fn id_asked(field: &str, text: &str) -> Result<Option<i64>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    id(text).map(Some).map_err(|why| Error::invalid(field, &why.to_string()))
}

/// A parameter of an address that is set, read as its enumeration.
pub fn asked<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, Error>
where
    T::Err: Display,
{
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e: T::Err| Error::invalid(field, &e.to_string()))
}

/// What people search for holds no control characters, and PostgreSQL takes no NUL.
pub fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect::<String>().trim().to_owned()
}

/// How many tags a secret may have.
pub const MOST_TAGS: usize = 40;

/// Tags, one `key=value` a line.
pub fn tags(raw: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut tags = BTreeMap::new();
    for line in raw.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) =
            line.split_once('=').ok_or_else(|| Problem::new("must be one key=value a line"))?;
        let key = Text::required(key, 64).map_err(|p| Problem::new(format!("a tag's key {p}")))?;
        let value =
            Text::optional(value, 255).map_err(|p| Problem::new(format!("the value of tag {key} {p}")))?;
        if tags.insert(key.clone(), value).is_some() {
            return Err(Problem::new(format!("holds the key {key} twice")));
        }
    }
    if tags.len() > MOST_TAGS {
        return Err(Problem::new(format!("must be at most {MOST_TAGS} tags")));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S56
    fn an_interval_is_1_to_365_whole_days() {
        for raw in ["0", "366", "-1", "1.5", "x", "99999999999999999999"] {
            assert!(rotation_interval(raw).is_err(), "{raw}");
        }
        assert_eq!(rotation_interval(""), Ok(None));
        assert_eq!(rotation_interval("1"), Ok(Some(1)));
        assert_eq!(rotation_interval(" 365 "), Ok(Some(365)));
    }

    #[test] // S53
    fn a_value_is_never_trimmed_and_has_1_byte_to_64_kib() {
        assert_eq!(value(Plaintext::new(b" \n".to_vec())).ok().unwrap().expose(), b" \n");
        assert!(value(Plaintext::new(vec![])).is_err());
        assert!(value(Plaintext::new(vec![0; 65_536])).is_ok());
        assert!(value(Plaintext::new(vec![0; 65_537])).is_err());
    }

    #[test] // S58
    fn an_expiry_lies_in_the_future_unless_it_is_the_old_one() {
        let now = Utc::parse("2026-06-01T12:00:30Z").unwrap();
        assert!(expiry("2026-06-01T12:00:30Z", now, None).is_err());
        assert!(expiry("2026-06-01T12:01", now, None).is_ok());
        let past = Utc::parse("2025-01-01T08:15:42Z");
        assert_eq!(expiry("2025-01-01T08:15", now, past), Ok(past));
        assert_eq!(expiry("", now, past), Ok(None));
    }

    #[test] // S31
    fn tags_are_one_pair_a_line() {
        assert_eq!(tags("team=pay\n\n pci = yes \n").unwrap().len(), 2);
        assert!(tags("team").is_err() && tags("a=1\na=2").is_err() && tags("=x").is_err());
    }

    #[test]
    fn control_and_direction_characters_are_refused_in_texts() {
        for raw in ["a\0", "a\u{7}b", "a\u{202e}b", "a\nb"] {
            assert!(Text::optional(raw, 255).is_err(), "{raw:?}");
        }
        assert_eq!(Text::long("a\r\nb", 255).unwrap(), "a\nb");
    }
}
