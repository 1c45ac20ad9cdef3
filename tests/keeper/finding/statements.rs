//! How many statements a list takes, counted where the driver says them. SQLite says them on another thread.
use super::*;
use keeper::db::Engine;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

struct Counter(Arc<AtomicUsize>);

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    // A pool that opens one more connection sets it up: that is no statement of the list.
    fn event(&self, event: &Event<'_>) {
        let mut reads = Reads(false);
        event.record(&mut reads);
        self.0.fetch_add(usize::from(reads.0), Ordering::Relaxed);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Whether the statement that an event tells of reads rows.
struct Reads(bool);

impl Visit for Reads {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
    fn record_str(&mut self, field: &Field, text: &str) {
        let first = text.split_whitespace().next().unwrap_or_default();
        self.0 |= field.name() == "summary" && ["SELECT", "WITH"].contains(&first.to_uppercase().as_str());
    }
}

async fn count(house: &House, filter: &Filter) -> (usize, usize) {
    let said = Arc::new(AtomicUsize::new(0));
    let guard = tracing::subscriber::set_default(Counter(said.clone()));
    let rows = secrets::list(&house.app, filter).await.unwrap().items.len();
    drop(guard);
    (rows, said.load(Ordering::Relaxed))
}

async fn story(house: House) {
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    for n in 0..60 {
        house.add_secret(dev, &format!("svc-{n:02}-key"), "v").await;
    }
    while secrets::file_changes(&house.app).await.unwrap() > 0 {}
    // The first statement that anybody listens to is not heard: the driver asks once whether somebody does.
    count(&house, &Filter { environments: vec![dev], limit: 1, ..Filter::default() }).await;
    for sort in [secrets::Sort::Name, secrets::Sort::Updated] {
        for q in ["", "vc-"] {
            let of =
                |limit| Filter { environments: vec![dev], sort, q: q.into(), limit, ..Filter::default() };
            let mut seen = Vec::new();
            // A statement that a busy machine makes slow is said elsewhere, and unheard the first time.
            while seen.len() < 3 && seen.last().is_none_or(|(few, many)| few != many) {
                let (few, many) = (count(&house, &of(1)).await, count(&house, &of(50)).await);
                assert_eq!((few.0, many.0), (1, 50));
                seen.push((few.1, many.1));
            }
            assert!(
                seen.last().is_some_and(|(few, many)| few == many && *few > 0),
                "{sort:?} {q:?}: {seen:?}"
            );
        }
    }
}

// S90: a page of fifty costs as many statements as a page of one.
#[tokio::test]
async fn a_longer_page_costs_no_more_statements_on_postgres() {
    if let Some(house) = House::new(Engine::Postgres).await {
        story(house).await;
    }
}

#[tokio::test] // S90
async fn a_longer_page_costs_no_more_statements_on_mysql() {
    if let Some(house) = House::new(Engine::Mysql).await {
        story(house).await;
    }
}
