//! The hours in which rotations may begin: days of the week, from and to, in one time zone.
//!
//! **The clock on the wall decides.** A window is open at every moment at which a clock in its zone shows a time inside
//! it, and at no other. So when clocks are set forward, a window that lies in the hour that does not exist does not open
//! that day and the next one counts, a window that reaches into it is shorter, and a day that a zone skips (Samoa,
//! 30 December 2011) has none. When clocks are set back, a window in the hour that comes twice is open twice. Nothing
//! runs twice for that: what is due once is served once (`DueKey`).
use crate::domain::enums::spelled;
use crate::kit::clock::Utc;
use crate::kit::zone::Zone;
use jiff::civil::Weekday;
use std::collections::BTreeSet;

spelled!(Day { Monday = "mon", Tuesday = "tue", Wednesday = "wed", Thursday = "thu", Friday = "fri", Saturday = "sat", Sunday = "sun" });

impl Day {
    fn of(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }
}

/// A minute of the day, as a clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Minute {
    pub hour: i8,
    pub minute: i8,
}

/// A window belongs to the day on which it opens; the minute at its end is outside. It passes midnight when its end is
/// not after its beginning; when both are the same it lasts a whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// At least one.
    pub(super) days: BTreeSet<Day>,
    pub(super) from: Minute,
    pub(super) to: Minute,
    pub(super) zone: Zone,
}

/// A weekly window can be jumped over once; two months are far more than is ever needed.
const FARTHEST_DAYS: usize = 60;

impl Window {
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    pub fn is_open(&self, at: Utc) -> bool {
        let Some(wall) = self.zone.wall(at) else { return false };
        let now = Minute { hour: wall.hour(), minute: wall.minute() };
        let opens = |day: Weekday| self.days.contains(&Day::of(day));
        let (today, yesterday) = (wall.weekday(), wall.weekday().previous());
        if self.from < self.to {
            opens(today) && (self.from..self.to).contains(&now)
        } else {
            opens(today) && now >= self.from || opens(yesterday) && now < self.to
        }
    }

    /// The first moment at or after `due` at which the window is open. At the end of the calendar, where there is none, `due`.
    pub fn next(&self, due: Utc) -> Utc {
        if self.is_open(due) {
            return due;
        }
        let Some(opening) = self.opening(due) else { return due };
        // A clock that is set may show a time inside the window without having shown its beginning.
        self.zone.jumps(due, opening).into_iter().find(|at| self.is_open(*at)).unwrap_or(opening)
    }

    /// The first moment after `due` at which a clock shows the window's beginning on one of its days.
    fn opening(&self, due: Utc) -> Option<Utc> {
        // From the day before: around midnight a clock may be set back to it.
        let first = self.zone.wall(due)?.date().yesterday().ok()?;
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(FARTHEST_DAYS);
        days.filter(|day| self.days.contains(&Day::of(day.weekday())))
            .flat_map(|day| self.zone.moments(day.at(self.from.hour, self.from.minute, 0, 0)))
            .find(|at| *at > due)
    }
}
