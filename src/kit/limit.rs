//! Buckets that fill at a steady pace: how often something may be tried by one address or for one name.
use super::clock::Utc;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use time::Duration;

/// More keys than this are not kept apart: the oldest go first, so that memory stays flat under attack.
const MOST_KEYS: usize = 20_000;

pub struct Buckets {
    /// How many tries a full bucket holds.
    burst: f64,
    per_second: f64,
    levels: Mutex<HashMap<String, (f64, Utc)>>,
}

impl Buckets {
    pub fn new(burst: u32, per_minute: u32) -> Self {
        Self { burst: f64::from(burst), per_second: f64::from(per_minute) / 60.0, levels: Mutex::default() }
    }

    /// Takes one try, or says how long to wait.
    pub fn take(&self, key: &str, now: Utc) -> Result<(), Duration> {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() >= MOST_KEYS {
            let (burst, rate) = (self.burst, self.per_second);
            levels.retain(|_, (level, at)| *level + now.since(*at).as_seconds_f64() * rate < burst);
            if levels.len() >= MOST_KEYS {
                levels.clear();
            }
        }
        let (level, at) = levels.get(key).copied().unwrap_or((self.burst, now));
        let level = (level + now.since(at).as_seconds_f64().max(0.0) * self.per_second).min(self.burst);
        if level < 1.0 {
            return Err(Duration::seconds_f64(((1.0 - level) / self.per_second).max(1.0)));
        }
        levels.insert(key.to_owned(), (level - 1.0, now));
        Ok(())
    }

    /// Forgets a key: whoever has proved to be themselves starts afresh.
    pub fn forget(&self, key: &str) {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (buckets, now) = (Buckets::new(2, 60), Utc::from_unix(1000).unwrap());
        assert!(buckets.take("a", now).is_ok() && buckets.take("a", now).is_ok());
        assert!(buckets.take("a", now).is_err());
        assert!(buckets.take("b", now).is_ok());
        assert!(buckets.take("a", now.plus(Duration::seconds(1))).is_ok());
    }
}
