//! The statements of every list, as they were sent, and each engine's plan for them: an index and no sorting of many rows.
use super::*;
use keeper::db::{Engine, Query, heard};
use keeper::domain::enums::{SecrecyLevel, SecretType};
use keeper::secrets::{Due, Sort};
use std::collections::BTreeSet;

/// Read whole because they are small: the worker keeps them so, or there is a row for each environment.
const SMALL: [&str; 4] = ["search_slips", "secret_tallies", "environments", "search_directories"];

/// Enough that no engine prefers to read the whole table.
async fn furnish(house: &House) -> Vec<i64> {
    let mut environments = Vec::new();
    for name in ["dev", "test", "stage"] {
        environments.push(house.add_environment(name, "development", "open", &[]).await);
    }
    for start in (0..6000).step_by(500) {
        let new = (start..start + 500).map(|i| {
            let input = secrets::SecretInput {
                tags: ["", "team=pay"][i % 2].into(),
                rotation_interval_days: ["", "1", "30"][i / 3 % 3].into(),
                secret_type: SecretType::ALL[i / 3 % 9].as_str().into(),
                ..House::secret_input(
                    environments[i % 3],
                    &format!("svc-{:03}-secret-{i:07}", i * 7919 % 200),
                    "v",
                )
            };
            input.parse_create(house.app.now()).unwrap()
        });
        secrets::fill(&house.app, &house.operator(), new.collect()).await.unwrap();
        house.app.clock.advance(time::Duration::hours(1));
    }
    for id in &environments {
        house.refile(*id).await;
    }
    house.file_changes().await;
    let copied: Result<u64> = tx!(house.app.db, |tx| {
        tx.exec(sql!("INSERT INTO copies (secret_id, backend, remote_path, attempts, created_at, updated_at) SELECT id, 'vault', uid, 0, created_at, updated_at FROM secrets")).await
    });
    copied.unwrap();
    let tables: &[Query] = match house.app.db.engine() {
        Engine::Sqlite => &[],
        Engine::Postgres => &[sql!("ANALYZE")],
        Engine::Mysql => &[
            sql!("ANALYZE TABLE secrets"),
            sql!("ANALYZE TABLE copies"),
            sql!("ANALYZE TABLE search_shelves"),
            sql!("ANALYZE TABLE search_grams"),
            sql!("ANALYZE TABLE search_stretches"),
        ],
    };
    for analyze in tables {
        let done: Result<u64> = tx!(house.app.db, |tx| tx.exec(analyze.clone()).await);
        done.unwrap();
    }
    environments
}

/// Each order, with and without words, by each filter, from the beginning and both ways from the middle.
fn asked(environments: &[i64]) -> Vec<Filter> {
    let base = Filter { environments: environments.to_vec(), limit: 50, ..Filter::default() };
    let filters = [
        base.clone(),
        Filter { status: Some(SyncStatus::NotConfigured), ..base.clone() },
        Filter { status: Some(SyncStatus::Failed), ..base.clone() },
        Filter { secret_type: Some(SecretType::Token), level: Some(SecrecyLevel::Internal), ..base.clone() },
        Filter { tag: "team=pay".into(), ..base.clone() },
        Filter { due: Some(Due::Soon), ..base.clone() },
        Filter { due: Some(Due::Expiring), ..base.clone() },
        Filter { active: Some(false), ..base.clone() },
        Filter { environments: environments[..1].to_vec(), ..base },
    ];
    let mut asked = Vec::new();
    for filter in filters {
        for sort in [Sort::Name, Sort::Updated, Sort::Due, Sort::Expires] {
            for q in ["", "pay", "svc-07"] {
                asked.push(Filter { sort, q: q.into(), ..filter.clone() });
            }
        }
    }
    asked
}

/// Where a large part of a table is named, an engine does well to read all of it: lists longer than this are left to SQLite, which
/// knows no numbers.
const LONG: usize = 250;

/// Each statement once, however many rows it names.
fn keep(engine: Engine, said: Vec<Query>, all: &mut BTreeMap<String, Query>) {
    for query in said {
        let text = query.as_written();
        if engine == Engine::Sqlite || text.matches('?').count() <= LONG {
            all.entry(text.replace("?, ", "")).or_insert(query);
        }
    }
}

/// The statements of a list with one page after the other.
async fn said(house: &House, filter: &Filter, all: &mut BTreeMap<String, Query>) {
    let mut cursors = vec![Cursor::First];
    let mut seen = 0;
    while let Some(cursor) = cursors.pop() {
        let filter = Filter { cursor, ..filter.clone() };
        let (page, said) = heard(secrets::list(&house.app, &filter)).await;
        let page = page.unwrap();
        assert!(!said.is_empty());
        keep(house.app.db.engine(), said, all);
        seen += 1;
        match (seen, page.next, page.previous) {
            (1, Some(next), _) => cursors.push(Cursor::After(next)),
            (2, _, Some(previous)) => cursors.push(Cursor::Before(previous)),
            _ => {}
        }
    }
}

/// What is wrong with a plan, if anything.
fn complaint(engine: Engine, text: &str, plan: &[String]) -> Option<&'static str> {
    let is_small = |line: &str| SMALL.iter().any(|table| line.contains(table));
    // Rows that are named are fetched by their names alone.
    let by_ids = text.contains(" AND id IN (") && text.contains("FROM secrets");
    match engine {
        Engine::Sqlite => plan.iter().enumerate().find_map(|(at, line)| {
            let depth = |line: &str| line.len() - line.trim_start().len();
            let step = line.trim_start();
            let is_table = |step: &str| step.contains(" secrets") || step.contains(" search_");
            if step.starts_with("SCAN") && is_table(step) && !is_small(step) {
                return Some("reads a whole table");
            }
            if by_ids && step.starts_with("SEARCH") && !step.contains("INTEGER PRIMARY KEY") {
                return Some("walks an index instead of the rows that are named");
            }
            // A sort beside the search of a table sorts what was found there; the one outside of all parts sorts their few rows.
            let beside = plan[..at].iter().rev().find(|other| depth(other) <= depth(line));
            (step.contains("TEMP B-TREE FOR")
                && beside.is_some_and(|other| is_table(other) && !is_small(other)))
            .then_some("sorts what it has found")
        }),
        Engine::Postgres => plan.iter().enumerate().find_map(|(at, line)| {
            if line.contains("Seq Scan") && !is_small(line) {
                return Some("reads a whole table");
            }
            if by_ids
                && line.contains("Scan")
                && !line.contains("secrets_pkey")
                && !line.contains("Heap Scan")
            {
                return Some("walks an index instead of the rows that are named");
            }
            let sorts =
                line.contains("->  Sort") || line.starts_with("Sort") || line.contains("Incremental Sort");
            let next = plan[at + 1..].iter().position(|line| line.contains("->"))?;
            let is_one_row = plan.get(at + next + 2).is_some_and(|line| line.contains("(id = 0)"));
            let is_table =
                [" on secrets", " on search_stretches"].iter().any(|on| plan[at + 1 + next].contains(on));
            (sorts && is_table && !is_one_row).then_some("sorts what it has found")
        }),
        Engine::Mysql => {
            let plan: serde_json::Value = serde_json::from_str(&plan.concat()).unwrap();
            walk(&plan, by_ids, false)
        }
    }
}

/// MySQL's plan: each block of a query with its tables.
fn walk(part: &serde_json::Value, by_ids: bool, sorted: bool) -> Option<&'static str> {
    if let Some(items) = part.as_array() {
        return items.iter().find_map(|item| walk(item, by_ids, sorted));
    }
    let part = part.as_object()?;
    if let Some(name) = part.get("table_name").and_then(|name| name.as_str()) {
        let access = part["access_type"].as_str().unwrap_or_default();
        let key = part.get("key").and_then(|key| key.as_str()).unwrap_or_default();
        let is_ours = !name.starts_with('<') && name != "part" && !SMALL.contains(&name);
        if is_ours && matches!(access, "ALL" | "index") {
            return Some("reads a whole table");
        }
        if is_ours && by_ids && key != "PRIMARY" {
            return Some("walks an index instead of the rows that are named");
        }
        if is_ours && sorted {
            return Some("sorts what it has found");
        }
    }
    part.iter().find_map(|(name, inner)| {
        let is_sort = name == "filesort" || name == "read_sorted_file";
        // A block within stands for itself.
        let fresh = name == "query_block" || name == "materialized";
        walk(inner, by_ids, (sorted || is_sort) && !fresh)
    })
}

three! {
    // S20: no list reads a table, walks past what is closed, or sorts more than a page: of every statement that it sends.
    async fn every_statement_of_every_list_goes_by_an_index(house: House) {
        let environments = furnish(&house).await;
        let mut all = BTreeMap::new();
        for filter in asked(&environments) {
            said(&house, &filter, &mut all).await;
        }
        let (_, tallies) = heard(secrets::tallies(&house.app)).await;
        let engine = house.app.db.engine();
        keep(engine, tallies, &mut all);
        assert!(all.len() > 35, "{}", all.len());
        let mut conn = house.app.db.read().await.unwrap();
        if engine == Engine::Postgres {
            // What is small may be read whole, or sorted: here it must show that an index does it.
            for setting in [sql!("SET enable_seqscan = off"), sql!("SET enable_bitmapscan = off"), sql!("SET enable_sort = off")] {
                conn.exec(setting).await.unwrap();
            }
        }
        let (mut tables, mut complaints) = (BTreeSet::new(), Vec::new());
        for (text, query) in all {
            let plan = conn.explain(query).await.unwrap();
            assert!(!plan.is_empty());
            tables.extend(text.split_whitespace().skip_while(|word| *word != "FROM").nth(1).map(str::to_owned));
            if let Some(complaint) = complaint(engine, &text, &plan) {
                complaints.push(format!("{complaint}: {text}\n{}", plan.join("\n")));
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
        for table in ["secrets", "search_grams", "search_shelves", "search_stretches"] {
            assert!(tables.contains(table), "{tables:?}");
        }
    }
}
