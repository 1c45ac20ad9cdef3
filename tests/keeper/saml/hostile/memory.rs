//! Rule 5: thousands of refusals leave the process as large as it was.
use super::court::{Court, Sent};
use crate::support::idp::Document;
use crate::support::tell;
use keeper::db::Engine;

const ROUNDS: usize = 500;
/// The test's own client and the allocator's habits are in it, too.
const MOST_GROWTH: usize = 64;

/// Resident memory of this process, in MiB.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4 / 1024
}

async fn rounds(court: &Court, times: usize) {
    for _ in 0..times {
        let asked = court.ask().await;
        let d = || asked.document.clone();
        let broken = |d: Document| d.sign("response", &court.idp.rsa).set("group", "keeper-admins");
        for sent in [
            // As far as xmlsec: it has to give back what it took, also when it fails.
            Sent::from(broken(d())),
            Sent::Xml("<a>".repeat(20_000)),
            Sent::Bytes(vec![0xff; 50_000]),
            Sent::Parameter("A".repeat(200_000)),
        ] {
            let answer = court.post(&asked, sent).await;
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")] // S04
async fn memory_stays_flat_under_thousands_of_refusals() {
    let court = Court::open(Engine::Sqlite).await.unwrap();
    rounds(&court, ROUNDS / 5).await;
    let before = resident();
    rounds(&court, ROUNDS).await;
    let after = resident();
    tell!("{} refusals: {before} MiB resident before, {after} MiB after", ROUNDS * 4);
    assert!(after < before + MOST_GROWTH, "{before} MiB grew to {after} MiB");
}
