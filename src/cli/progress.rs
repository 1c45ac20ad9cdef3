//! How far long work is: one line on standard error that is written over, where somebody looks at it, and nothing elsewhere.
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(200);

pub struct Progress {
    what: &'static str,
    pub is_shown: bool,
    told: Option<Instant>,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self { what, is_shown: std::io::stderr().is_terminal(), told: None }
    }

    pub fn at(&mut self, done: i64, total: i64) {
        if !self.is_shown || self.told.is_some_and(|told| told.elapsed() < PAUSE) {
            return;
        }
        self.told = Some(Instant::now());
        let percent = done.saturating_mul(100) / total.max(1);
        let _ = write!(std::io::stderr(), "\r{}: {done} of {total} ({percent} %)\u{1b}[K", self.what);
    }

    /// Of things that were counted.
    pub fn counted(&mut self, done: usize, total: usize) {
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.at(number(done), number(total));
    }

    /// What comes next stands at the beginning of the line.
    pub fn clear(&mut self) {
        if self.told.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
