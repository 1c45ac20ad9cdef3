//! The dates that lists are ordered by, and a secret's place in such an order: date, then id.
use crate::kit::clock::Utc;
use std::fmt;

/// An order by date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Dated {
    Updated,
    Due,
    Expires,
}

impl Dated {
    pub(super) const ALL: [Self; 3] = [Self::Updated, Self::Due, Self::Expires];

    /// As it is stored.
    pub(super) fn number(self) -> i64 {
        self as i64
    }
}

/// A secret's dates, those that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dates([i64; 3]);

/// Stands for no date: so far away that no clock shows it.
const NONE: i64 = i64::MIN;

impl Dates {
    pub fn new(updated: Option<Utc>, due: Option<Utc>, expires: Option<Utc>) -> Self {
        Self([updated, due, expires].map(|date| date.map_or(NONE, Utc::micros)))
    }

    pub fn of(&self, order: Dated) -> Option<Utc> {
        let micros = self.0[order as usize];
        if micros == NONE { None } else { Utc::from_micros(micros) }
    }

    pub fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        for (part, date) in bytes.chunks_exact_mut(8).zip(self.0) {
            part.copy_from_slice(&date.to_le_bytes());
        }
        bytes
    }

    pub fn from_bytes(bytes: &[u8; 24]) -> Self {
        let date =
            |at: usize| bytes[at * 8..].first_chunk::<8>().map_or(NONE, |date| i64::from_le_bytes(*date));
        Self([date(0), date(1), date(2)])
    }
}

impl Default for Dates {
    fn default() -> Self {
        Self([NONE; 3])
    }
}

/// A place in an order by date. Its text has a fixed width, so that databases compare places as texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::secrets) struct Mark {
    pub at: Utc,
    pub id: i64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{:019}", self.at, self.id)
    }
}

impl Mark {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('~')?;
        Some(Self { at: Utc::parse(at)?, id: id.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_the_order_of_their_texts() {
        let mark = |at: &str, id| Mark { at: Utc::parse(at).unwrap(), id };
        let marks = [
            mark("1000-01-01T00:00:00Z", i64::MAX),
            mark("2026-11-29T12:00:00Z", 9),
            mark("2026-11-29T12:00:00Z", 10),
            mark("2026-11-29T12:00:00.000001Z", 1),
            mark("9999-12-31T23:59:59.999999Z", 1),
        ];
        for pair in marks.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].to_string() < pair[1].to_string(), "{pair:?}");
        }
        assert!(marks.iter().all(|mark| Mark::parse(&mark.to_string()) == Some(*mark)));
    }

    #[test]
    fn dates_come_back_and_those_that_are_not_there_stay_away() {
        let first = Utc::parse("1000-01-01T00:00:00.000001Z");
        let dates = Dates::new(first, None, Utc::parse("9999-12-31T23:59:59.999999Z"));
        let back = Dates::from_bytes(&dates.to_bytes());
        assert_eq!((back, back.of(Dated::Updated), back.of(Dated::Due)), (dates, first, None));
        assert_eq!(back.of(Dated::Expires).unwrap().to_string(), "9999-12-31T23:59:59.999999Z");
    }
}
