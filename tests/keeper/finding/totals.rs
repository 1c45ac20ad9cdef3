//! Totals come from tallies that are kept with each change; they equal a recount whatever was done.
use super::*;

const STATUSES: [SyncStatus; 6] = [
    SyncStatus::NotConfigured,
    SyncStatus::Pending,
    SyncStatus::Syncing,
    SyncStatus::Synced,
    SyncStatus::Failed,
    SyncStatus::OutOfSync,
];

async fn demand_truth(house: &House, environments: &[i64]) {
    let told = secrets::tallies(&house.app).await.unwrap();
    let query = sql!("SELECT environment_id, is_active, sync_status FROM secrets");
    let rows: Vec<(i64, bool, String)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
    for id in environments {
        let count = |active: bool, status: Option<SyncStatus>| {
            let fits = |row: &&(i64, bool, String)| {
                row.0 == *id && row.1 == active && status.is_none_or(|s| s.as_str() == row.2)
            };
            i64::try_from(rows.iter().filter(fits).count()).unwrap()
        };
        assert_eq!((told.of(*id), told.inactive(*id)), (count(true, None), count(false, None)), "{rows:?}");
        for status in STATUSES {
            assert_eq!(told.with(*id, status), count(true, Some(status)), "{status:?} in {rows:?}");
        }
    }
}

async fn set_status(house: &House, id: i64, backend: Backend, status: SyncStatus) {
    let done: Result<()> = tx!(house.app.db, |tx| {
        let found = secrets::find_locked(tx, &house.operator(), id).await?;
        secrets::set_status(tx, house.app.now(), &found.secret, backend, status).await
    });
    done.unwrap();
}

three! {
    // S91: totals follow each change in its own unit, and adding them up changes nothing.
    async fn totals_equal_a_recount_after_any_sequence_of_changes(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let prod = house.add_environment("prod", "production", "open", &[]).await;
        let both = [dev, prod];
        let mut ids: BTreeMap<i64, bool> = BTreeMap::new();
        // A fixed sequence that looks like none: the same on every machine.
        let mut state: u64 = 7;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for step in 0..160 {
            let known: Vec<i64> = ids.keys().copied().collect();
            let pick = known.get(usize::try_from(next(known.len().max(1) as u64)).unwrap()).copied();
            match (next(8), pick) {
                (0..=2, _) | (_, None) => {
                    let home = both[usize::try_from(next(2)).unwrap()];
                    ids.insert(house.add_secret(home, &format!("s-{step}"), "v").await, true);
                }
                (3, Some(id)) => {
                    let row_version = house.secret(id).await.row_version;
                    let active = !ids[&id];
                    secrets::set_active(&house.app, &house.operator(), id, active, "a test", row_version).await.unwrap();
                    ids.insert(id, active);
                }
                (4, Some(id)) => drop(house.rotate(&house.operator(), id, "w").await),
                (5, _) => secrets::settle_tallies(&house.app).await.unwrap(),
                (_, Some(id)) => {
                    let backend = if next(2) == 0 { Backend::Aws } else { Backend::Vault };
                    set_status(&house, id, backend, STATUSES[usize::try_from(next(6)).unwrap()]).await;
                }
            }
            if step % 8 == 0 {
                demand_truth(&house, &both).await;
            }
        }
        let failed: Result<()> = tx!(house.app.db, |tx| {
            let found = secrets::find_locked(tx, &house.operator(), *ids.keys().next().unwrap()).await?;
            secrets::set_status(tx, house.app.now(), &found.secret, Backend::Aws, SyncStatus::Failed).await?;
            Err(keeper::domain::error::Error::Conflict("in the middle".into()))
        });
        assert!(failed.is_err());
        demand_truth(&house, &both).await;
    }
}

three! {
    // Two processes that add up at the same moment count nothing twice.
    async fn adding_up_twice_at_once_counts_once(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let id = house.add_secret(dev, "db", "v").await;
        for n in 0..60 {
            set_status(&house, id, Backend::Aws, STATUSES[n % 6]).await;
        }
        let (a, b) = tokio::join!(secrets::settle_tallies(&house.app), secrets::settle_tallies(&house.app));
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
        demand_truth(&house, &[dev]).await;
        let rows: Vec<(i64,)> = house.app.db.read().await.unwrap().all(sql!("SELECT id FROM secret_tallies")).await.unwrap();
        assert!(rows.len() < 60, "{}", rows.len());
    }
}

three! {
    // S89: every order is walked to its end and back again, and each secret comes once.
    async fn a_list_is_walked_there_and_back(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for n in 0..25 {
            let input = keeper::secrets::SecretInput {
                rotation_interval_days: ((n * 7) % 5 + 1).to_string(),
                ..House::secret_input(dev, &format!("s-{:02}", (n * 7) % 25), "v")
            };
            secrets::create(&house.app, &house.operator(), input.parse_create(house.app.now()).unwrap()).await.unwrap();
            if n % 3 == 0 {
                house.app.clock.advance(time::Duration::seconds(1));
            }
        }
        for sort in [secrets::Sort::Name, secrets::Sort::Updated, secrets::Sort::Due] {
            let mut filter = Filter { environments: vec![dev], sort, limit: 4, ..Filter::default() };
            let (mut there, mut back) = (Vec::new(), Vec::new());
            loop {
                let page = secrets::list(&house.app, &filter).await.unwrap();
                there.push(page.items.iter().map(|s| s.id).collect::<Vec<_>>());
                let Some(next) = page.next else { break };
                filter.cursor = Cursor::After(next);
            }
            loop {
                let page = secrets::list(&house.app, &filter).await.unwrap();
                back.insert(0, page.items.iter().map(|s| s.id).collect::<Vec<_>>());
                let Some(previous) = page.previous else { break };
                filter.cursor = Cursor::Before(previous);
            }
            assert_eq!(there, back, "{sort:?}");
            let mut all: Vec<i64> = there.concat();
            all.sort_unstable();
            all.dedup();
            assert_eq!((there.len(), all.len()), (7, 25), "{sort:?}");
        }
    }
}

three! {
    // S89: with several environments too, whose last shelves have no end: from behind the last one back to the first.
    async fn several_environments_are_walked_back(house: House) {
        let mut environments = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            environments.push(house.add_environment(name, "development", "open", &[]).await);
        }
        let mut wanted = Vec::new();
        for n in 0..20 {
            wanted.push(house.add_secret(environments[n % 5], &format!("s-{n:02}"), "v").await);
        }
        house.file_changes().await;
        for q in ["", "s-"] {
            let mut filter = Filter { environments: environments.clone(), q: q.into(), limit: 3, cursor: Cursor::Before("t~0".into()), ..Filter::default() };
            let mut back = Vec::new();
            loop {
                let page = secrets::list(&house.app, &filter).await.unwrap();
                back.splice(0..0, page.items.iter().map(|secret| secret.id));
                let Some(previous) = page.previous else { break };
                filter.cursor = Cursor::Before(previous);
            }
            assert_eq!(back, wanted, "{q}");
        }
    }
}
