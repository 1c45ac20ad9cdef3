//! The table itself: every row against the running server, and what must hold for all of them.
use super::court::Court;
use super::{bytes, claims, markup, references, signatures, sizes, verdict, wrapping};
use crate::support::tell;
use keeper::db::Engine;
use keeper::people;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A loaded machine is slow; a document that holds a core is slower.
const LONGEST: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")] // S04 S40: rules 1, 2, 3 and 5 of SAML in docs/security.md
async fn no_hostile_document_is_accepted() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    let rows = [
        signatures::rows(),
        references::rows(),
        wrapping::rows(),
        markup::rows(),
        claims::rows(),
        sizes::rows(),
        bytes::rows(),
    ];
    let mut verdicts = Vec::new();
    for row in rows.into_iter().flatten() {
        verdicts.push(court.judge(row.class, &row.name, &*row.make).await);
    }
    verdict::print(&verdicts);
    let wrong: Vec<String> = verdicts
        .iter()
        .filter(|verdict| !verdict.faults.is_empty())
        .map(|verdict| format!("{} | {}: {}", verdict.class, verdict.name, verdict.faults.join(", ")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let longest = verdicts.iter().max_by_key(|verdict| verdict.took).unwrap();
    tell!("longest: {} | {}, {} ms", longest.class, longest.name, longest.took.as_millis());
    assert!(longest.took < LONGEST, "{} took {:?}", longest.name, longest.took);
    assert_eq!(court.calls.load(Ordering::SeqCst), 0, "somebody called the address that documents named");
    assert_eq!(people::count(&court.house.app).await.unwrap(), 0, "an account was made");
}
