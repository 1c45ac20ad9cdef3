//! Time, handed in. `Utc` is a point in time with the microseconds that all three databases keep.
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// A point in time, UTC, cut to microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Utc(OffsetDateTime);

impl Utc {
    pub fn new(at: OffsetDateTime) -> Self {
        let at = at.to_offset(UtcOffset::UTC);
        let cut = at.microsecond() * 1000;
        Self(at.replace_nanosecond(cut).unwrap_or(at))
    }

    /// `None` outside the years that all three databases keep: 1000 to 9999 (MySQL's DATETIME), and four digits in a text.
    fn kept(at: OffsetDateTime) -> Option<Self> {
        let at = at.checked_to_offset(UtcOffset::UTC)?;
        (1000..=9999).contains(&at.year()).then(|| Self::new(at))
    }

    pub fn from_unix(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().map(Self::new)
    }

    /// Microseconds since 1970, as search cards keep it and time zones read it.
    pub fn micros(self) -> i64 {
        i64::try_from(self.0.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
    }

    pub fn from_micros(micros: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok().and_then(Self::kept)
    }

    /// Takes RFC 3339 with an offset, or a naive `YYYY-MM-DDTHH:MM[:SS]` (as `datetime-local` sends), which is read as UTC.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
            return Self::kept(at);
        }
        let seconds = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        let minutes = format_description!("[year]-[month]-[day]T[hour]:[minute]");
        PrimitiveDateTime::parse(text, &seconds)
            .or_else(|_| PrimitiveDateTime::parse(text, &minutes))
            .ok()
            .and_then(|naive| Self::kept(naive.assume_utc()))
    }

    pub fn get(self) -> OffsetDateTime {
        self.0
    }

    pub fn unix(self) -> i64 {
        self.0.unix_timestamp()
    }

    pub fn plus(self, by: Duration) -> Self {
        self.0.checked_add(by).map_or(self, Self)
    }

    pub fn minus(self, by: Duration) -> Self {
        self.0.checked_sub(by).map_or(self, Self)
    }

    pub fn since(self, earlier: Self) -> Duration {
        self.0 - earlier.0
    }

    /// `2026-01-01T10:00:00Z`, as protocols write it.
    pub fn to_seconds(self) -> String {
        self.0
            .format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"))
            .unwrap_or_default()
    }

    /// `Thu, 01 Jan 2026 10:00:00 GMT`, as headers of HTTP hold it.
    pub fn to_http(self) -> String {
        let form = format_description!(
            "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
        );
        self.0.format(form).unwrap_or_default()
    }

    /// `2026-01-01T10:00`, what an `<input type="datetime-local">` holds.
    pub fn to_input(self) -> String {
        self.0.format(format_description!("[year]-[month]-[day]T[hour]:[minute]")).unwrap_or_default()
    }
}

/// Fixed width, so that the order of the texts is the order of the times (SQLite keeps it so).
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
        f.write_str(&self.0.format(form).map_err(|_| fmt::Error)?)
    }
}

impl serde::Serialize for Utc {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Where the time comes from: the machine, or a test's hand.
#[derive(Debug)]
pub enum Clock {
    System,
    /// Microseconds since 1970; moves only when told.
    Fixed(AtomicI64),
}

impl Clock {
    pub fn fixed(at: Utc) -> Self {
        Self::Fixed(AtomicI64::new(at.unix() * 1_000_000))
    }

    pub fn now(&self) -> Utc {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place where time is taken")]
            Self::System => Utc::new(OffsetDateTime::now_utc()),
            Self::Fixed(at) => {
                let at = Utc::from_micros(at.load(Ordering::SeqCst));
                at.unwrap_or(Utc::new(OffsetDateTime::UNIX_EPOCH))
            }
        }
    }

    /// Moves a fixed clock; the system's clock is nobody's to move.
    pub fn advance(&self, by: Duration) {
        if let Self::Fixed(at) = self {
            at.fetch_add(i64::try_from(by.whole_microseconds()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_time_order() {
        let whole = Utc::parse("2026-01-01T00:00:00Z").unwrap();
        let later = whole.plus(Duration::milliseconds(500));
        assert!(whole.to_string() < later.to_string());
        assert_eq!(whole.to_string(), "2026-01-01T00:00:00.000000Z");
    }

    #[test] // S59
    fn an_offset_is_turned_to_utc_and_a_naive_time_is_read_as_utc() {
        assert_eq!(Utc::parse("2026-01-01T10:00:00+02:00"), Utc::parse("2026-01-01T08:00:00Z"));
        assert_eq!(Utc::parse("2026-01-01T10:00"), Utc::parse("2026-01-01T10:00:00Z"));
        assert_eq!(Utc::parse("tomorrow"), None);
    }

    #[test] // S59 S112: an offset may lead out of the years that there are.
    fn only_years_that_every_database_keeps_are_times() {
        for text in ["1000-01-01T00:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59+00:01"] {
            assert!(Utc::parse(text).is_some(), "{text}");
        }
        for text in [
            "0999-12-31T23:59",
            "-0001-01-01T00:00",
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00+01:00",
            "+10000-01-01T00:00",
        ] {
            assert_eq!(Utc::parse(text), None, "{text}");
        }
    }
}
