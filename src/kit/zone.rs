//! Time zones: what the clock on a wall shows at a moment, and when it shows it. The data are in the binary, so that
//! every replica reads the same; the machine's own zone and its files are never asked. `domain/schedule` calls it.
use super::clock::Utc;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};

#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// By its IANA name, large and small letters alike.
    pub fn named(name: &str) -> Option<Self> {
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        zone.iana_name().is_some().then_some(Self(zone))
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// All names that there are, for a form to offer.
    pub fn names() -> Vec<String> {
        let names = TimeZoneDatabase::bundled();
        names.available().map(|name| name.to_string()).filter(|name| Self::named(name).is_some()).collect()
    }

    /// None in the last days of the year 9999, where the calendar ends.
    pub fn wall(&self, at: Utc) -> Option<DateTime> {
        Some(self.0.to_datetime(timestamp(at)?))
    }

    /// What the wall shows, for a page: `3 Dec 2026, 22:00`.
    pub fn clock(&self, at: Utc) -> Option<String> {
        Some(self.wall(at)?.strftime("%-d %b %Y, %H:%M").to_string())
    }

    /// When the wall shows this: once, never (the clock jumps over it) or twice (it is set back), the earlier first.
    pub fn moments(&self, wall: DateTime) -> Vec<Utc> {
        let offsets = match self.0.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![offset],
            AmbiguousOffset::Gap { .. } => vec![],
            AmbiguousOffset::Fold { before, after } => vec![before, after],
        };
        offsets.into_iter().filter_map(|offset| utc(offset.to_timestamp(wall).ok()?)).collect()
    }

    /// The moments after `from`, up to `until`, at which the clock on the wall jumps.
    pub fn jumps(&self, from: Utc, until: Utc) -> Vec<Utc> {
        let Some(from) = timestamp(from) else { return vec![] };
        let jumps = self.0.following(from).map_while(|jump| utc(jump.timestamp()));
        jumps.take_while(|at| *at <= until).collect()
    }

    /// The same time of day, so many days of the calendar later. Where the clock jumps over it, as much later as it
    /// jumps; where it comes twice, the first.
    pub fn days_later(&self, at: Utc, days: i64) -> Option<Utc> {
        let days = Span::new().try_days(days).ok()?;
        let at = timestamp(at)?.to_zoned_datetime(self.0.clone());
        utc(at.checked_add(days).ok()?.timestamp())
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}
impl Eq for Zone {}

fn timestamp(at: Utc) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.micros()).ok()
}

fn utc(at: Timestamp) -> Option<Utc> {
    Utc::from_micros(at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_a_name_of_the_database_and_no_other() {
        assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
        for wrong in
            ["", "Etc/Unknown", "Berlin", "CET+1", "/etc/passwd", "Europe/Berlin ", "local", "system"]
        {
            assert!(Zone::named(wrong).is_none(), "{wrong}");
        }
        let names = Zone::names();
        assert!(names.len() > 400 && names.iter().any(|name| name == "UTC"));
        assert!(names.iter().all(|name| Zone::named(name).unwrap().name() == name));
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        let zone = Zone::named("America/New_York").unwrap();
        let last = Utc::parse("9999-12-31T23:59:59Z").unwrap();
        assert_eq!((zone.wall(last), zone.days_later(last, 1), zone.jumps(last, last)), (None, None, vec![]));
        assert_eq!(zone.days_later(Utc::parse("9999-12-01T00:00").unwrap(), 365), None);
    }
}
