//! How many statements a list takes, counted where the driver says them. SQLite says them on another thread.
use super::*;
use keeper::db::Engine;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
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
            let (few, many) = (count(&house, &of(1)).await, count(&house, &of(50)).await);
            assert_eq!((few.0, many.0), (1, 50));
            assert!(few.1 > 0 && few.1 == many.1, "{sort:?} {q:?}: {few:?} {many:?}");
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
