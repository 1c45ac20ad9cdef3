//! What happens again and again is told once a minute, with how often it happened meanwhile.
use super::clock::Utc;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use time::Duration;

/// More keys than this are not kept apart, so that memory stays flat under attack.
const MOST_KEYS: usize = 20_000;
const QUIET: Duration = Duration::minutes(1);

pub struct Repeats<K> {
    /// When each was last told, and how often it happened since.
    seen: Mutex<HashMap<K, (Utc, i64)>>,
}

impl<K> Default for Repeats<K> {
    fn default() -> Self {
        Self { seen: Mutex::default() }
    }
}

impl<K: Hash + Eq + Clone> Repeats<K> {
    /// `Some`: it is to be told now, and happened so often since it last was. `None`: it was told within the last minute, and is counted.
    pub fn tell(&self, key: &K, now: Utc) -> Option<i64> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, untold)) = seen.get_mut(key) {
            *untold += 1;
            if now.since(*at) < QUIET {
                return None;
            }
            let before = *untold - 1;
            (*at, *untold) = (now, 0);
            return Some(before);
        }
        // The caller bounds how many there are; those that are left are told by `left` within a minute.
        if seen.len() >= MOST_KEYS {
            seen.retain(|_, (at, untold)| now.since(*at) < QUIET || *untold > 0);
        }
        if seen.len() < MOST_KEYS {
            seen.insert(key.clone(), (now, 0));
        }
        Some(0)
    }

    /// It could not be told: the next one is.
    pub fn untell(&self, key: &K) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// What happened since it was last told, a minute ago or more, and has not happened again: how often. Told by this, and forgotten.
    pub fn left(&self, now: Utc) -> Vec<(K, i64)> {
        self.take(|at| now.since(at) >= QUIET)
    }

    /// All that was counted and not told, however lately: for whoever will not count any longer.
    pub fn all(&self) -> Vec<(K, i64)> {
        self.take(|_| true)
    }

    /// What `left` or `all` gave and could not be told: due at once, together with what happened meanwhile.
    pub fn put_back(&self, key: K, count: i64, now: Utc) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(key).or_insert((now.minus(QUIET), 0)).1 += count;
    }

    fn take(&self, is_due: impl Fn(Utc) -> bool) -> Vec<(K, i64)> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let old = seen.extract_if(|_, (at, _)| is_due(*at));
        old.map(|(key, (_, untold))| (key, untold)).filter(|(_, untold)| *untold > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_is_told_once_a_minute_with_its_count() {
        let (repeats, now) = (Repeats::default(), Utc::from_unix(1000).unwrap());
        assert_eq!(repeats.tell(&"a", now), Some(0));
        assert_eq!(
            [repeats.tell(&"a", now), repeats.tell(&"a", now.plus(Duration::seconds(59)))],
            [None, None]
        );
        assert_eq!(repeats.tell(&"b", now), Some(0));
        assert_eq!(repeats.tell(&"a", now.plus(Duration::seconds(60))), Some(2));
        assert_eq!(repeats.tell(&"a", now.plus(Duration::seconds(130))), Some(0));
        assert_eq!(repeats.tell(&"a", now.plus(Duration::seconds(131))), None);
        assert!(repeats.left(now.plus(Duration::seconds(140))).is_empty());
        assert_eq!(repeats.left(now.plus(Duration::seconds(200))), [("a", 1)]);
        assert!(repeats.left(now.plus(Duration::seconds(300))).is_empty());
        let later = now.plus(Duration::seconds(400));
        assert_eq!([repeats.tell(&"a", later), repeats.tell(&"a", later)], [Some(0), None]);
        assert_eq!((repeats.all(), repeats.all()), (vec![("a", 1)], vec![]));
    }

    #[test]
    fn what_could_not_be_told_is_put_back() {
        let (repeats, now) = (Repeats::default(), Utc::from_unix(1000).unwrap());
        repeats.put_back("a", 3, now);
        assert_eq!(repeats.left(now), [("a", 3)]);
        repeats.put_back("a", 3, now);
        assert_eq!(repeats.tell(&"a", now), Some(3));
        // It happened again, and was told, between the two.
        assert_eq!(repeats.tell(&"b", now), Some(0));
        repeats.put_back("b", 2, now);
        assert_eq!(repeats.tell(&"b", now), None);
        assert_eq!(repeats.left(now.plus(QUIET)), [("b", 3)]);
    }
}
