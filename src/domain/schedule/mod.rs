//! When a rotation is due, and when it may run: pure rules that the rotations' timer and the pages ask. Time and chance
//! are handed in. What runs once is known by a `DueKey`, not by a clock: clocks are set back.
mod text;
mod window;

pub use text::WindowInput;
pub use window::{Day, Window};

use super::rules::Problem;
use crate::kit::clock::Utc;
use std::fmt;
use std::str::FromStr;
use time::Duration;

/// The first moment at or after `due` at which a rotation may begin. Without a window, `due` itself.
pub fn next(due: Utc, window: Option<&Window>) -> Utc {
    window.map_or(due, |window| window.next(due))
}

/// When a rotation that is due may begin, seen from now: a server that was down finds the window closed, and waits for the next.
pub fn start(due: Utc, now: Utc, window: Option<&Window>) -> Utc {
    next(due.max(now), window)
}

/// The next due date, `days` (1 to 365) after the last. With a window they are days of its calendar, so that a
/// rotation at 22:10 stays at 22:10 when the clocks change, and the wait for the window comes on top: never too early.
pub fn after(last: Utc, days: i64, window: Option<&Window>) -> Utc {
    let days = days.clamp(1, 365);
    let plain = last.plus(Duration::days(days));
    next(window.and_then(|window| window.zone().days_later(last, days)).unwrap_or(plain), window)
}

/// The due date after one that was served. It counts from the later of the two, so that due dates only ever move on:
/// a clock that was set back cannot call for one again.
pub fn following(served: Utc, finished: Utc, days: i64, window: Option<&Window>) -> Utc {
    after(served.max(finished), days, window)
}

/// The waits after the first, second, … failure of one due rotation, in minutes.
const WAITS: [i64; 5] = [5, 30, 2 * 60, 6 * 60, 24 * 60];

/// Draw below this and hand it to `retry`.
pub const JITTER: u32 = 1000;

/// When to try again after the `attempt`th failure (1 is the first): the wait, and up to a fifth more by `jitter`, so
/// that what failed together does not come back together. None: no more by itself; it waits for a person, visibly.
pub fn retry(attempt: u32, failed_at: Utc, jitter: u32, window: Option<&Window>) -> Option<Utc> {
    let minutes = WAITS.get(usize::try_from(attempt.saturating_sub(1)).ok()?)?;
    let more = minutes * 60 * i64::from(jitter.min(JITTER)) / i64::from(5 * JITTER);
    Some(next(failed_at.plus(Duration::minutes(*minutes) + Duration::seconds(more)), window))
}

/// One due rotation of one secret. Unique where rotations are kept: a restart, a second replica, a retry or a clock that
/// was set back meet the row of the first run and change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DueKey {
    pub secret_id: i64,
    pub due: Utc,
}

/// `42@2026-06-01T20:00:00.000000Z`
impl fmt::Display for DueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.secret_id, self.due)
    }
}

impl FromStr for DueKey {
    type Err = Problem;

    /// Takes only what `Display` writes: two spellings of one key would be two keys.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let read =
            |(id, due): (&str, &str)| Some(Self { secret_id: id.parse().ok()?, due: Utc::parse(due)? });
        text.split_once('@')
            .and_then(read)
            .filter(|key| key.to_string() == text)
            .ok_or_else(|| Problem::new("must be a secret's id and its due date"))
    }
}

#[cfg(test)]
mod tests;
