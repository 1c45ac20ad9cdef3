//! `make bench`: how long the server takes to list, to search, to show a page and to import a thousand rows, with 1,000, 100,000 and
//! 1,000,000 secrets, on each engine whose server is there. It prints figures and judges none; docs/speed.md says what they mean.
//! `KEEPER_BENCH_SIZES`, `KEEPER_BENCH_ENGINES` and `KEEPER_BENCH_ROUNDS` say what is measured.
#![allow(clippy::unwrap_used, clippy::expect_used)]
mod imports;
mod lists;
mod pages;
mod place;

use std::time::{Duration, Instant};

#[tokio::main]
async fn main() {
    let sizes = setting("KEEPER_BENCH_SIZES", "1000 100000 1000000");
    let sizes: Vec<u32> =
        sizes.split_whitespace().map(|size| size.parse().expect("sizes are numbers")).collect();
    for engine in setting("KEEPER_BENCH_ENGINES", "sqlite postgres mysql").split_whitespace() {
        let Some(place) = place::Place::new(engine).await else {
            println!("{engine}: no server, skipped\n");
            continue;
        };
        let mut there = 0;
        for size in &sizes {
            let began = Instant::now();
            place.fill(*size);
            let took = began.elapsed().as_secs_f64();
            let app = place.open().await;
            let name = app.db.engine().name();
            println!("{name}, {size} secrets: {} more stored and filed in {took:.1} s", size - there);
            println!("  {:<46} {:>8} {:>8}  {:>4} {:>5}", "milliseconds", "p50", "p99", "sql", "rows");
            Box::pin(lists::measure(&app, *size)).await;
            pages::measure(&app).await;
            imports::measure(&app).await;
            println!();
            app.db.close().await;
            there = *size;
        }
    }
}

fn setting(name: &str, usual: &str) -> String {
    std::env::var(name).ok().filter(|text| !text.is_empty()).unwrap_or_else(|| usual.to_owned())
}

/// How often each thing is done; the first few warm the caches and are left out.
fn rounds() -> usize {
    setting("KEEPER_BENCH_ROUNDS", "100").parse().expect("rounds are a number")
}
const WARM: usize = 5;

fn line(name: &str, times: &[Duration], told: &str) {
    let mut times: Vec<f64> = times.iter().skip(WARM).map(|time| time.as_secs_f64() * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("  {name:<46} {:>8.2} {:>8.2}  {told}", at(50), at(99));
}
