//! What became of each check, for an administrator who tries a provider out. It can be stored.
use super::seen::Seen;
use super::table::{Check, TABLE};
use crate::remote::saml::Fault;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// All of the table, in its order.
    pub checks: Vec<Checked>,
    /// What was read, where signatures covered it.
    pub seen: Option<Seen>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub check: Check,
    pub verdict: Finding,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    Passed,
    /// Why, in the words of the fault.
    Failed(String),
    /// Nothing was believed that it could have looked at.
    NotReached,
}

impl Report {
    /// Of a document that the gate turned away: no signature was looked at.
    pub fn of_unreadable(fault: &Fault) -> Self {
        // The gate asks for the status before it looks at the shape of what is signed or encrypted.
        let read: &[Check] = match fault.check() {
            Check::Signature | Check::Encryption => &[Check::Document, Check::Status],
            _ => &[],
        };
        Self::stopped(read, fault)
    }

    /// Of a document that was not believed as far as `fault`.
    pub(in crate::remote::saml) fn stopped(passed: &[Check], fault: &Fault) -> Self {
        let finding = |check| match check {
            check if check == fault.check() => Finding::Failed(fault.to_string()),
            check if passed.contains(&check) => Finding::Passed,
            _ => Finding::NotReached,
        };
        let checked = |check| Checked { check, verdict: finding(check) };
        Self { checks: TABLE.iter().map(|rule| checked(rule.check)).collect(), seen: None }
    }

    pub(super) fn judged(judged: &[(Check, Result<(), Fault>)], seen: Seen) -> Self {
        let checked = |(check, judged): &(Check, Result<(), Fault>)| Checked {
            check: *check,
            verdict: judged.as_ref().map_or_else(|f| Finding::Failed(f.to_string()), |()| Finding::Passed),
        };
        Self { checks: judged.iter().map(checked).collect(), seen: Some(seen) }
    }

    pub fn has_passed(&self) -> bool {
        self.checks.iter().all(|checked| checked.verdict == Finding::Passed)
    }
}
