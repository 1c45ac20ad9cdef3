//! Good responses, changed at random, before the gate: it answers each and breaks at none; what it admits has the one shape
//! that it promises, by another reading of it; and what is verified says what the provider said, whatever was changed.
//! `KEEPER_FUZZ_RUNS` documents are made (`scripts/fuzz` makes a million), each from its number and `KEEPER_FUZZ_SEED` alone.
mod admitted;
mod changes;
mod dice;
mod seeds;

use crate::support::tell;
use dice::Dice;
use keeper::remote::saml::{Answer, Asked, Expected, IdentityProvider, Verifier};
use seeds::{ACS, AUDIENCE, REQUEST, Seeds, now};
use std::panic::catch_unwind;
use std::sync::Arc;
use std::thread;
use time::Duration;
use tokio::time::Instant;

const RUNS: u64 = 20_000;
const SEED: u64 = 4;
/// Verifying is slow: of the documents that were admitted, one in eight or more, so that about these are at most.
const VERIFIED: u64 = 3_000;
/// A broken gate breaks at thousands; the first few tell why.
const ENOUGH: usize = 5;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a whole number"))
}

#[derive(Default)]
struct Tally {
    admitted: u64,
    /// Those that are verified: the number of the run, and what was sent.
    kept: Vec<(u64, String)>,
    wrong: Vec<String>,
}

impl Tally {
    fn and(mut self, other: Self) -> Self {
        self.admitted += other.admitted;
        self.kept.extend(other.kept);
        self.wrong.extend(other.wrong);
        self
    }
}

/// Makes the documents of these numbers and shows them to the gate.
fn work(good: &[String], seed: u64, numbers: impl Iterator<Item = u64>, keep_each: u64) -> Tally {
    let mut tally = Tally::default();
    for number in numbers {
        let bytes = changes::changed(good, &Dice::of_run(seed, number));
        let sent = openssl::base64::encode_block(&bytes);
        let read = catch_unwind(|| Answer::read(&sent).ok().map(|answer| answer.in_response_to));
        let fault = match read {
            Err(_) => Some("the gate broke".to_owned()),
            Ok(None) => None,
            Ok(Some(request)) => {
                if tally.admitted.is_multiple_of(keep_each) {
                    tally.kept.push((number, sent.clone()));
                }
                tally.admitted += 1;
                admitted::fault(bytes, request.as_deref()).map(|why| format!("admitted, and {why}"))
            }
        };
        tally.wrong.extend(fault.map(|why| format!("run {number}: {why}\n{sent}")));
        if tally.wrong.len() >= ENOUGH {
            break;
        }
    }
    tally
}

/// Each core takes its share of the numbers.
fn work_all(good: &[String], seed: u64, runs: u64, keep_each: u64) -> Tally {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let shares: Vec<_> = (0_u64..)
            .take(cores)
            .map(|first| scope.spawn(move || work(good, seed, (first..runs).step_by(cores), keep_each)))
            .collect();
        shares.into_iter().map(|share| share.join().unwrap()).fold(Tally::default(), Tally::and)
    })
}

/// Whom Keeper believes, and when.
struct Court {
    verifier: Verifier,
    provider: Arc<IdentityProvider>,
}

impl Court {
    fn of(seeds: &Seeds) -> Self {
        let provider = IdentityProvider::parse(&seeds.metadata, now(), true).ok().unwrap();
        Self { verifier: Verifier::default(), provider: Arc::new(provider) }
    }

    /// All that is said of the person who is let in, as text; or why nobody is.
    async fn judge(&self, sent: &str) -> Result<String, String> {
        let answer = Answer::read(sent).map_err(|fault| fault.to_string())?;
        let expected = Expected {
            request: Some(Asked { id: REQUEST.to_owned(), at: now().minus(Duration::seconds(10)) }),
            acs_url: ACS.to_owned(),
            audience: AUDIENCE.to_owned(),
            now: now(),
            skew: Duration::seconds(120),
            wants_encrypted: false,
        };
        match self.verifier.verify(answer, self.provider.clone(), Vec::new(), expected).await.identity {
            Ok(identity) => Ok(format!("{identity:?}")),
            Err(fault) => Err(fault.to_string()),
        }
    }
}

#[test] // S04: the documents are the same in each run, so a number is enough to make one again
fn a_number_makes_the_same_document_each_time() {
    let (one, other) = (Seeds::grow().documents, Seeds::grow().documents);
    assert_eq!(one, other);
    for number in 0..200 {
        let again = changes::changed(&other, &Dice::of_run(SEED, number));
        assert_eq!(changes::changed(&one, &Dice::of_run(SEED, number)), again, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")] // S04
async fn a_changed_response_breaks_nothing_and_says_nothing_new() {
    let (runs, seed) = (number("KEEPER_FUZZ_RUNS", RUNS), number("KEEPER_FUZZ_SEED", SEED));
    let begun = Instant::now();
    let seeds = Seeds::grow();
    let court = Court::of(&seeds);
    let mut honest = Vec::new();
    for document in &seeds.documents {
        let sent = openssl::base64::encode_block(document.as_bytes());
        honest.push(court.judge(&sent).await.unwrap());
    }
    let keep_each = (runs / (VERIFIED * 4)).max(8);
    let Tally { admitted, kept, mut wrong } = work_all(&seeds.documents, seed, runs, keep_each);
    let (shown, mut believed) = (kept.len(), 0);
    for (number, sent) in kept {
        match court.judge(&sent).await {
            Ok(told) if honest.contains(&told) => believed += 1,
            Ok(told) => wrong.push(format!("run {number}: verified, and says {told}\n{sent}")),
            Err(_) => {}
        }
    }
    tell!(
        "{runs} changed responses tried (seed {seed}), {admitted} admitted by the gate; {shown} of them verified, {believed} still say what was signed; {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(runs < 1_000 || admitted > runs / 100, "changes that leave nothing to admit try nothing");
}
