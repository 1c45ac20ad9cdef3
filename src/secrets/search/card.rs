//! A card: the folded texts of one secret, the three traits that lists filter by, and its dates. A shelf is its cards one after the other.
use super::dates::{Dated, Dates, Mark};
use crate::db::{Conn, Query, Value};
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;
use std::collections::{BTreeMap, HashMap};

/// More is not kept of one secret; forty tags at their limits in four-byte letters stay below it.
const LONGEST: usize = 60_000;
/// Begins the line of a tag.
pub(super) const TAG: char = '#';

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    pub id: i64,
    pub traits: Traits,
    pub dates: Dates,
    /// One text a line: the name, the display name, the service, the paths of the copies, the tags.
    pub text: String,
}

impl Card {
    pub fn name(&self) -> &str {
        self.text.split('\n').next().unwrap_or_default()
    }

    /// Its place in an order of dates, if it has the date.
    pub fn mark(&self, order: Dated) -> Option<Mark> {
        Some(Mark { at: self.dates.of(order)?, id: self.id })
    }
}

/// Type, level and whether it is switched on, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits(pub u8);

impl Traits {
    pub fn of(kind: Option<SecretType>, level: Option<SecrecyLevel>, active: Option<bool>) -> Self {
        let kind = kind.map_or(0, |kind| (kind as u8) << 3);
        let level = level.map_or(0, |level| (level as u8) << 1);
        Self(kind | level | u8::from(active.unwrap_or(false)))
    }

    /// The bits that a filter looks at.
    pub fn mask(kind: Option<SecretType>, level: Option<SecrecyLevel>, active: Option<bool>) -> u8 {
        let set = |is: bool, bits: u8| if is { bits } else { 0 };
        set(kind.is_some(), 0b1111_1000) | set(level.is_some(), 0b110) | set(active.is_some(), 1)
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Source {
    pub id: i64,
    pub environment_id: i64,
    name: String,
    display_name: String,
    service_name: String,
    tags: String,
    #[sqlx(try_from = "String")]
    secret_type: SecretType,
    #[sqlx(try_from = "String")]
    secrecy_level: SecrecyLevel,
    is_active: bool,
    updated_at: Utc,
    next_rotation_at: Option<Utc>,
    expires_at: Option<Utc>,
}

pub(super) fn sources() -> Query {
    sql!(
        "SELECT id, environment_id, name, display_name, service_name, tags, secret_type, secrecy_level, is_active,
           updated_at, next_rotation_at, expires_at FROM secrets WHERE 1 = 1"
    )
}

/// The cards of secrets, in the same order.
pub(super) async fn cards(conn: &mut Conn, sources: &[Source]) -> Result<Vec<Card>> {
    let mut paths: HashMap<i64, Vec<String>> = HashMap::new();
    for some in sources.chunks(1000) {
        paths.extend(self::paths(conn, some).await?);
    }
    let card = |source: &Source| source.card(paths.get(&source.id).map_or(&[], Vec::as_slice));
    Ok(sources.iter().map(card).collect())
}

/// The paths of the copies of some secrets.
pub(super) async fn paths(conn: &mut Conn, sources: &[Source]) -> Result<HashMap<i64, Vec<String>>> {
    let mut query = sql!("SELECT secret_id, remote_path FROM copies WHERE 1 = 1");
    query.push_list(" AND secret_id IN ", sources.iter().map(|source| Value::from(source.id)));
    // Each time in the same order: whether a card is as its secret is, is asked of its text.
    query.push(" ORDER BY secret_id, backend", []);
    let mut paths: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, path) in conn.all::<(i64, String)>(query).await? {
        paths.entry(id).or_default().push(path);
    }
    Ok(paths)
}

impl Source {
    pub fn card(&self, paths: &[String]) -> Card {
        let mut text = self.name.clone();
        let mut line = |line: &str| {
            if !line.is_empty() && text.len() + line.len() < LONGEST {
                text.push('\n');
                text.push_str(line);
            }
        };
        let display_name = fold(&self.display_name);
        if display_name != self.name {
            line(&display_name);
        }
        line(&fold(&self.service_name));
        for path in paths {
            line(&fold(path));
        }
        let tags: BTreeMap<String, String> = serde_json::from_str(&self.tags).unwrap_or_default();
        for (key, value) in &tags {
            line(&fold(&format!("{TAG}{key}={value}")));
        }
        let traits = Traits::of(Some(self.secret_type), Some(self.secrecy_level), Some(self.is_active));
        let dates = Dates::new(Some(self.updated_at), self.next_rotation_at, self.expires_at);
        Card { id: self.id, traits, dates, text }
    }
}

/// Small letters, one line.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase().replace(['\n', '\r', '\0'], " ")
}

pub(super) fn encode<'a>(cards: impl Iterator<Item = &'a Card>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for card in cards {
        let length = u16::try_from(card.text.len()).unwrap_or(0);
        bytes.extend(card.id.to_le_bytes());
        bytes.push(card.traits.0);
        bytes.extend(card.dates.to_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(&card.text.as_bytes()[..usize::from(length)]);
    }
    bytes
}

/// A card as it lies on its shelf.
pub(super) struct Line<'a> {
    pub id: i64,
    pub traits: Traits,
    pub dates: Dates,
    pub text: &'a [u8],
}

impl Line<'_> {
    pub fn name(&self) -> String {
        let name = self.text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        String::from_utf8_lossy(name).into_owned()
    }
}

/// The cards of a shelf. Reading ends where the bytes make no sense.
pub(super) fn each(mut bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    std::iter::from_fn(move || {
        let (id, rest) = bytes.split_first_chunk::<8>()?;
        let (traits, rest) = rest.split_first()?;
        let (dates, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (text, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        bytes = rest;
        let (id, traits) = (i64::from_le_bytes(*id), Traits(*traits));
        Some(Line { id, traits, dates: Dates::from_bytes(dates), text })
    })
}

pub(super) fn decode(bytes: &[u8]) -> Vec<Card> {
    let card = |line: Line<'_>| {
        let text = String::from_utf8_lossy(line.text).into_owned();
        Card { id: line.id, traits: line.traits, dates: line.dates, text }
    };
    each(bytes).map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_gives_back_the_cards_that_were_put_on_it() {
        let traits = Traits::of(Some(SecretType::Generic), Some(SecrecyLevel::Restricted), Some(true));
        let dates =
            Dates::new(Utc::parse("2026-11-29T12:00:00Z"), None, Utc::parse("9999-12-31T23:59:59.999999Z"));
        let card = |id, text: &str| Card { id, traits, dates, text: text.to_owned() };
        let cards = vec![card(7, "a\nÄ"), card(i64::MAX, "b\n#team=pay"), card(1, "c")];
        let bytes = encode(cards.iter());
        assert_eq!(decode(&bytes), cards);
        assert_eq!(decode(&bytes[..bytes.len() - 1]), cards[..2]);
        assert_eq!(traits.0 & Traits::mask(None, Some(SecrecyLevel::Internal), None), 0b100);
    }
}
