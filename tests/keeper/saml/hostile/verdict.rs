//! What became of one hostile document, and the table of all.
use super::court::CANARY;
use crate::support::site::Answer;
use crate::support::tell;
use keeper::audit;
use std::collections::BTreeMap;
use std::time::Duration;

pub struct Verdict {
    pub class: &'static str,
    pub name: String,
    pub status: u16,
    pub took: Duration,
    pub reason: String,
    /// What a refusal owes and this answer did not give. Empty for a proper refusal.
    pub faults: Vec<String>,
}

impl Verdict {
    pub fn new(
        class: &'static str,
        name: &str,
        took: Duration,
        answer: &Answer,
        events: &[audit::Line],
        entered: bool,
    ) -> Self {
        let mut faults = Vec::new();
        let mut owes = |kept: bool, what: String| {
            if !kept {
                faults.push(what);
            }
        };
        owes(!entered, "ACCEPTED".to_owned());
        owes((400..500).contains(&answer.status), format!("status {}", answer.status));
        let cookies = answer.headers.get_all("set-cookie");
        owes(
            !cookies.iter().any(|cookie| cookie.as_bytes().starts_with(b"keeper=")),
            "a session cookie".to_owned(),
        );
        let shown = answer.body.to_lowercase();
        owes(
            !shown.contains(CANARY) && !shown.contains("samlp:"),
            "the page repeats the document".to_owned(),
        );
        let reference = answer.header("x-request-id");
        owes(!reference.is_empty() && shown.contains(reference), "no reference on the page".to_owned());
        let mark = format!("\"request_id\":\"{reference}\"");
        let told: Vec<&audit::Line> = events.iter().filter(|line| line.payload.contains(&mark)).collect();
        let details = told.first().map(|line| line.details()).unwrap_or_default();
        let reason =
            details.into_iter().find(|(key, _)| key == "why").map(|(_, why)| why).unwrap_or_default();
        // A body past the limit is turned away unread: there is nothing to tell.
        if answer.status == 413 {
            owes(events.is_empty(), format!("{} events of what was not read", events.len()));
        } else {
            owes(
                events.len() == 1 && told.len() == 1,
                format!("{} events, {} of this request", events.len(), told.len()),
            );
            owes(!reason.is_empty(), "an event without a reason".to_owned());
        }
        Self { class, name: name.to_owned(), status: answer.status, took, reason, faults }
    }
}

/// Prints class, tried and refused, then the sum; every row with its reason when `KEEPER_TEST_ROWS` is set.
pub fn print(verdicts: &[Verdict]) {
    let mut classes: BTreeMap<&str, (usize, usize, Duration)> = BTreeMap::new();
    for verdict in verdicts {
        if std::env::var_os("KEEPER_TEST_ROWS").is_some() || !verdict.faults.is_empty() {
            println!(
                "  {} | {} | {} | {} ms | {} | {}",
                verdict.class,
                verdict.name,
                verdict.status,
                verdict.took.as_millis(),
                verdict.reason,
                verdict.faults.join(", ")
            );
        }
        let line = classes.entry(verdict.class).or_default();
        line.0 += 1;
        line.1 += usize::from(verdict.faults.is_empty());
        line.2 = line.2.max(verdict.took);
    }
    let mut table = vec![format!("{:<16} {:>6} {:>8} {:>12}", "class", "tried", "refused", "longest")];
    for (class, (tried, refused, longest)) in &classes {
        table.push(format!("{class:<16} {tried:>6} {refused:>8} {:>9} ms", longest.as_millis()));
    }
    let refused = verdicts.iter().filter(|verdict| verdict.faults.is_empty()).count();
    let accepted =
        verdicts.iter().filter(|verdict| verdict.faults.iter().any(|fault| fault == "ACCEPTED")).count();
    table.push(format!("{} hostile documents tried, {refused} refused, {accepted} accepted", verdicts.len()));
    tell!("\n{}", table.join("\n"));
}
