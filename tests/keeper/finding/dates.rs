//! Words in an order of dates, where they stand in so many secrets that these are read along the stretches.
use super::search::{Lot, TAGS, in_order, plainly, walked};
use super::*;
use keeper::domain::enums::SecretType;
use keeper::secrets::{Due, Secret, SecretInput, Sort};
use time::Duration;

const COUNT: usize = 2400;

/// Half of them hold "pay"; some hundred were made at the same moment.
async fn furnish(house: &House) -> (i64, i64) {
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let other = house.add_environment("other", "development", "open", &[]).await;
    for start in (0..COUNT).step_by(300) {
        let new = (start..start + 300).map(|i| {
            let at = house.app.now().plus(Duration::days(1 + i64::try_from(i * 37 % 90).unwrap()));
            let input = SecretInput {
                tags: TAGS[i / 2 % 4].into(),
                secret_type: SecretType::ALL[i / 3 % 9].as_str().into(),
                rotation_interval_days: ["", "1", "30", "90"][i / 3 % 4].into(),
                expires_at: if i % 3 == 0 { at.to_input() } else { String::new() },
                ..House::secret_input(
                    [dev, other][i % 2],
                    &format!("svc-{:03}-secret-{i:07}", i * 7919 % 200),
                    "v",
                )
            };
            input.parse_create(house.app.now()).unwrap()
        });
        secrets::fill(&house.app, &house.operator(), new.collect()).await.unwrap();
        house.app.clock.advance(Duration::hours(5));
    }
    house.refile(dev).await;
    let slipped: Result<u64> = tx!(house.app.db, |tx| {
        tx.exec(sql!("INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at) SELECT id, environment_id, name, created_at, updated_at FROM secrets WHERE environment_id = ?", other)).await
    });
    slipped.unwrap();
    house.file_changes().await;
    (dev, other)
}

async fn all(house: &House, environments: &[i64]) -> Vec<Secret> {
    let mut rows = Vec::new();
    for active in [true, false] {
        let mut filter = Filter {
            environments: environments.to_vec(),
            limit: 200,
            active: Some(active),
            ..Filter::default()
        };
        loop {
            let page = secrets::list(&house.app, &filter).await.unwrap();
            rows.extend(page.items);
            let Some(next) = page.next else { break };
            filter.cursor = Cursor::After(next);
        }
    }
    rows
}

/// Page by page from the end to the beginning.
async fn walked_back(house: &House, filter: &Filter) -> Vec<i64> {
    let (mut filter, mut found) = (filter.clone(), Vec::new());
    let end = if filter.sort == Sort::Updated { "1000-01-01T00:00:00Z~0" } else { "9999-12-31T00:00:00Z~0" };
    filter.cursor = Cursor::Before(end.into());
    loop {
        let page = secrets::list(&house.app, &filter).await.unwrap();
        found.extend(page.items.iter().rev().map(|s| s.id));
        let Some(previous) = page.previous else { break };
        filter.cursor = Cursor::Before(previous);
    }
    found.reverse();
    found
}

fn filters(open: &[i64]) -> Vec<Filter> {
    let base = Filter { environments: open.to_vec(), limit: 200, ..Filter::default() };
    let mut filters = Vec::new();
    for sort in [Sort::Updated, Sort::Due, Sort::Expires] {
        for q in ["pay", "secret", "svc-1"] {
            filters.push(Filter { q: q.into(), sort, ..base.clone() });
        }
        filters.push(Filter { tag: "team=pay".into(), sort, ..base.clone() });
        filters.push(Filter {
            q: "secret".into(),
            secret_type: Some(SecretType::ALL[2]),
            sort,
            ..base.clone()
        });
        filters.push(Filter { q: "secret".into(), due: Some(Due::Soon), sort, ..base.clone() });
        filters.push(Filter {
            q: "pay".into(),
            status: Some(SyncStatus::NotConfigured),
            sort,
            ..base.clone()
        });
    }
    filters.push(Filter { q: "pay".into(), due: Some(Due::Expiring), sort: Sort::Expires, ..base });
    filters
}

async fn compare(house: &House, dev: i64, other: i64) {
    let named = BTreeMap::from([(dev, "dev\ndevelopment"), (other, "other\ndevelopment")]);
    let rows = all(house, &[dev, other]).await;
    assert_eq!(rows.len(), COUNT);
    for filter in filters(&[dev, other]) {
        let wanted = in_order(&rows, &plainly(&rows, &named, &filter, house.app.now()), filter.sort);
        assert!(!wanted.is_empty(), "{filter:?}");
        assert_eq!(walked(house, &filter).await, wanted, "{filter:?}");
        assert_eq!(walked_back(house, &filter).await, wanted, "back: {filter:?}");
    }
}

three! {
    // S43 S91: words in an order of dates give what reading every row gives, there and back, before and after what changed is filed.
    async fn words_in_an_order_of_dates_give_what_reading_every_row_gives(house: House) {
        let (dev, other) = furnish(&house).await;
        let rows = all(&house, &[dev, other]).await;
        let mut lot = Lot(5);
        for n in 0..90 {
            house.app.clock.advance(Duration::minutes(1));
            let secret = house.secret(rows[lot.draw(rows.len())].id).await;
            match n % 3 {
                0 if secret.is_active => drop(house.rotate(&house.operator(), secret.id, "another value").await.unwrap()),
                1 if secret.is_active => {
                    let change = SecretInput {
                        tags: "team=pay".into(),
                        expires_at: house.app.now().plus(Duration::days(3)).to_input(),
                        row_version: secret.row_version.to_string(),
                        ..House::secret_input(secret.environment_id, &secret.name, "v")
                    };
                    house.edit(secret.id, change).await.unwrap();
                }
                _ => {
                    let active = !secret.is_active;
                    secrets::set_active(&house.app, &house.operator(), secret.id, active, "a test", secret.row_version).await.unwrap();
                }
            }
            if n == 60 {
                house.file_changes().await;
            }
        }
        compare(&house, dev, other).await;
        house.file_changes().await;
        compare(&house, dev, other).await;
        // What was moved left nothing behind: each card stands once in each order that it has a date for.
        let mut counts = Vec::new();
        for order in 0..3_i64 {
            let rows: Vec<(Vec<u8>,)> = house.app.db.read().await.unwrap().all(sql!("SELECT cards FROM search_stretches WHERE dates = ?", order)).await.unwrap();
            counts.push(rows.iter().map(|row| row.0.windows(11).filter(|part| part.starts_with(b"svc-") && part[7..] == *b"-sec").count()).sum::<usize>());
        }
        let rows = all(&house, &[dev, other]).await;
        let due = rows.iter().filter(|s| s.next_rotation_at.is_some()).count();
        let expire = rows.iter().filter(|s| s.expires_at.is_some()).count();
        assert_eq!(counts, [COUNT, due, expire]);
    }
}
