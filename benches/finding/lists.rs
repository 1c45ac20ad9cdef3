//! Lists and searches, as the feature answers them: every order, what people type, first pages and deep ones.
use super::{line, rounds};
use keeper::app::Shared;
use keeper::db::heard;
use keeper::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use keeper::kit::page::Cursor;
use keeper::secrets::{self, Due, Filter, Secret, Sort};
use std::time::Instant;

const SORTS: [(Sort, &str); 4] = [
    (Sort::Name, "by name"),
    (Sort::Updated, "last changed"),
    (Sort::Due, "next due"),
    (Sort::Expires, "first to expire"),
];
/// A tag, the beginning of names, a word and an environment, letters from the middle of a word, digits anywhere, nothing.
const WORDS: [&str; 6] = ["pay", "svc-07", "db prod", "latfor", "77", "nowhere"];

pub async fn measure(app: &Shared, size: u32) {
    let all = Filter { environments: vec![1, 2, 3], limit: 50, ..Filter::default() };
    for (sort, order) in SORTS {
        let filter = Filter { sort, ..all.clone() };
        let deep = deep(app, &filter, size).await;
        let back = Cursor::Before(deep.clone());
        let deep = Cursor::After(deep);
        case(app, &format!("list, {order}"), &filter).await;
        case(
            app,
            &format!("list, {order}, from the middle"),
            &Filter { cursor: deep.clone(), ..filter.clone() },
        )
        .await;
        case(
            app,
            &format!("list, {order}, back from the middle"),
            &Filter { cursor: back, ..filter.clone() },
        )
        .await;
        for q in WORDS {
            let filter = Filter { q: q.into(), ..filter.clone() };
            case(app, &format!("search {q}, {order}"), &filter).await;
            case(
                app,
                &format!("search {q}, {order}, from the middle"),
                &Filter { cursor: deep.clone(), ..filter },
            )
            .await;
        }
    }
    for (name, filter) in others(&all, size) {
        case(app, &name, &filter).await;
    }
    let mut times = Vec::new();
    for _ in 0..rounds() {
        let began = Instant::now();
        secrets::tallies(app).await.unwrap();
        times.push(began.elapsed());
    }
    line("totals of all environments", &times, "");
}

fn others(all: &Filter, size: u32) -> Vec<(String, Filter)> {
    let one = format!("{:07}", size / 3);
    let overdue = Filter { due: Some(Due::Overdue), sort: Sort::Due, ..all.clone() };
    vec![
        ("list, by name, 200 rows".into(), Filter { limit: 200, ..all.clone() }),
        ("list, one environment".into(), Filter { environments: vec![2], ..all.clone() }),
        (format!("search {one} (one of them)"), Filter { q: one, ..all.clone() }),
        ("search s (one letter)".into(), Filter { q: "s".into(), ..all.clone() }),
        ("search plat 99 oauth".into(), Filter { q: "plat 99 oauth".into(), ..all.clone() }),
        ("search pay, below the box (8)".into(), Filter { q: "pay".into(), limit: 8, ..all.clone() }),
        ("filter, type".into(), Filter { secret_type: Some(SecretType::Certificate), ..all.clone() }),
        (
            "filter, level and tag".into(),
            Filter { level: Some(SecrecyLevel::Restricted), tag: "team=search".into(), ..all.clone() },
        ),
        ("filter, status failed (none)".into(), Filter { status: Some(SyncStatus::Failed), ..all.clone() }),
        ("filter, overdue".into(), overdue.clone()),
        (
            "filter, overdue and type".into(),
            Filter { secret_type: Some(SecretType::Token), ..overdue.clone() },
        ),
        ("filter, overdue, search pay".into(), Filter { q: "pay".into(), ..overdue }),
        (
            "filter, type, last changed".into(),
            Filter { secret_type: Some(SecretType::Token), sort: Sort::Updated, ..all.clone() },
        ),
    ]
}

async fn case(app: &Shared, name: &str, filter: &Filter) {
    let (mut times, mut told) = (Vec::new(), String::new());
    for _ in 0..rounds() {
        let began = Instant::now();
        let page = secrets::list(app, filter).await.unwrap();
        times.push(began.elapsed());
        let cut = if page.is_cut { ", goes on" } else { "" };
        told = format!("{:>5}{cut}", page.items.len());
    }
    let (_, said) = heard(secrets::list(app, filter)).await;
    told = format!("{:>4} {told}", said.len());
    line(name, &times, &told);
}

/// A place in the middle of an order.
async fn deep(app: &Shared, filter: &Filter, size: u32) -> String {
    let middle = Cursor::After(format!("svc-100-secret-{:07}~0", size / 2));
    let by_name = Filter { sort: Sort::Name, cursor: middle, limit: 200, ..filter.clone() };
    let rows = secrets::list(app, &by_name).await.unwrap().items;
    let place = |secret: &Secret| match filter.sort {
        Sort::Name => Some(secret.name.clone()),
        Sort::Updated => Some(secret.updated_at.to_string()),
        Sort::Due => secret.next_rotation_at.map(|at| at.to_string()),
        Sort::Expires => secret.expires_at.map(|at| at.to_string()),
    };
    rows.iter().find_map(|secret| Some(format!("{}~{}", place(secret)?, secret.id))).unwrap()
}
