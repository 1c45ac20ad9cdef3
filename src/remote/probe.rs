//! A connection test, step by step, each with its verdict: what stops it stands in one line, and what comes after was not asked.
use super::error::RemoteError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is missing, and the address may be called.
    Settings,
    /// Its name leads to addresses that may be called.
    Resolve,
    /// It answers, over TLS where its address says so.
    Reach,
    SignIn,
    /// The place where copies lie is one.
    Place,
    Read,
    Write,
    Remove,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Well(String),
    Failed(String),
    /// Why nobody knows.
    NotAsked(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub step: Step,
    pub verdict: Verdict,
}

/// The steps of one test so far, in their order.
#[derive(Default)]
pub(super) struct Probes(Vec<Probe>);

impl Probes {
    /// True: the next step may be asked.
    pub fn settle(&mut self, step: Step, answer: Result<String, RemoteError>) -> bool {
        let is_well = answer.is_ok();
        let verdict = answer.map_or_else(|why| Verdict::Failed(why.to_string()), Verdict::Well);
        self.0.push(Probe { step, verdict });
        is_well
    }

    pub fn not_asked(&mut self, step: Step, why: &'static str) {
        self.0.push(Probe { step, verdict: Verdict::NotAsked(why) });
    }

    /// With the steps that were not reached.
    pub fn end(mut self, steps: &[Step]) -> Vec<Probe> {
        for step in steps {
            if self.0.iter().all(|one| one.step != *step) {
                self.not_asked(*step, "a step before it failed");
            }
        }
        self.0
    }
}
