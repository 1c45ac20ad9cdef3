//! Search against a plain reading: whatever was done, filed or not, the shelves give what reading every row gives.
use super::*;
use keeper::domain::enums::{SecrecyLevel, SecretType};
use keeper::kit::clock::Utc;
use keeper::secrets::{Due, Secret, Sort};
use std::collections::BTreeSet;

const NAMES: [&str; 6] = ["db", "pay", "svc-07", "svc-007", "tls", "oidc"];
const SERVICES: [&str; 4] = ["", "Payments", "svc-07", "Straße"];
pub(super) const TAGS: [&str; 4] = ["", "team=pay", "team=platform\npci=yes", "team=pay roll"];

pub(super) struct Lot(pub u64);

impl Lot {
    /// A fixed sequence that looks like none: the same on every machine.
    pub fn draw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }
}

fn input(lot: &mut Lot, environment: i64, n: usize) -> secrets::SecretInput {
    let name = format!("{}-{}{n}", NAMES[lot.draw(6)], NAMES[lot.draw(6)]);
    secrets::SecretInput {
        display_name: format!("{} Key {}", SERVICES[lot.draw(4)].to_uppercase(), n * 7),
        service_name: SERVICES[lot.draw(4)].into(),
        secret_type: SecretType::ALL[lot.draw(3)].as_str().into(),
        secrecy_level: SecrecyLevel::ALL[lot.draw(3)].as_str().into(),
        tags: TAGS[lot.draw(4)].into(),
        rotation_interval_days: ["", "1", "30"][lot.draw(3)].into(),
        expires_at: ["", "2030-01-01T00:00", "2031-01-01T00:00"][lot.draw(3)].into(),
        ..House::secret_input(environment, &name, "v")
    }
}

fn filters(open: &[i64]) -> Vec<Filter> {
    let base = Filter { environments: open.to_vec(), limit: 7, ..Filter::default() };
    let words = [
        "",
        "pay",
        "vc-0",
        "s",
        "db prod",
        "PAY  svc-07",
        "trass",
        "straße key",
        "team=pay",
        "7",
        "12",
        "nothing",
        "%",
        "' OR 1=1 --",
        "development",
        "pay\u{0}",
    ];
    let mut filters: Vec<Filter> = words.map(|q| Filter { q: q.into(), ..base.clone() }).to_vec();
    filters.push(Filter { tag: "team=pay".into(), ..base.clone() });
    filters.push(Filter { tag: "team".into(), q: "svc".into(), ..base.clone() });
    filters.push(Filter { secret_type: Some(SecretType::ALL[1]), ..base.clone() });
    filters.push(Filter { level: Some(SecrecyLevel::Restricted), q: "pay".into(), ..base.clone() });
    filters.push(Filter { active: Some(false), ..base.clone() });
    filters.push(Filter { active: Some(false), q: "pay".into(), sort: Sort::Updated, ..base.clone() });
    filters.push(Filter { status: Some(SyncStatus::Failed), ..base.clone() });
    filters.push(Filter { status: Some(SyncStatus::NotConfigured), q: "pay".into(), ..base.clone() });
    filters.push(Filter { due: Some(Due::Soon), sort: Sort::Due, ..base.clone() });
    filters.push(Filter { due: Some(Due::Soon), q: "svc".into(), ..base.clone() });
    filters.push(Filter { sort: Sort::Updated, secret_type: Some(SecretType::ALL[0]), ..base.clone() });
    filters.push(Filter { sort: Sort::Updated, ..base.clone() });
    filters.push(Filter { sort: Sort::Due, q: "key".into(), ..base.clone() });
    filters.push(Filter { sort: Sort::Expires, q: "pay".into(), ..base.clone() });
    filters.push(Filter { environments: vec![], ..base });
    filters
}

/// What a reader of every row would find.
pub(super) fn plainly(
    rows: &[Secret],
    named: &BTreeMap<i64, &str>,
    filter: &Filter,
    now: Utc,
) -> BTreeSet<i64> {
    let fits = |s: &&Secret| {
        let tags = s.tag_map();
        let lines: Vec<String> =
            tags.iter().map(|(key, value)| format!("{key}={value}").to_lowercase()).collect();
        let text = [&s.name, &s.display_name, &s.service_name].map(|t| t.to_lowercase()).join("\n")
            + "\n#"
            + &lines.join("\n#")
            + "\n"
            + named[&s.environment_id];
        let (soon, expiring) = (time::Duration::days(14), time::Duration::days(30));
        let until = |at: Option<Utc>, span| at.is_some_and(|at| at <= now.plus(span));
        let is_due = filter.due.is_none_or(|due| match due {
            Due::Overdue => until(s.next_rotation_at, time::Duration::ZERO),
            Due::Soon => until(s.next_rotation_at, soon),
            Due::Expiring => until(s.expires_at, expiring),
        });
        filter.environments.contains(&s.environment_id)
            && filter.q.to_lowercase().replace('\0', " ").split_whitespace().all(|word| text.contains(word))
            && (filter.tag.is_empty()
                || lines
                    .iter()
                    .any(|line| *line == filter.tag || line.starts_with(&format!("{}=", filter.tag))))
            && filter.secret_type.is_none_or(|kind| kind == s.secret_type)
            && filter.level.is_none_or(|level| level == s.secrecy_level)
            && filter.status.is_none_or(|status| status == s.sync_status())
            && is_due
            && (filter.sort != Sort::Due || s.next_rotation_at.is_some())
            && (filter.sort != Sort::Expires || s.expires_at.is_some())
            && filter.active.unwrap_or(true) == s.is_active
    };
    rows.iter().filter(fits).map(|s| s.id).collect()
}

/// As the list orders them.
pub(super) fn in_order(rows: &[Secret], wanted: &BTreeSet<i64>, sort: Sort) -> Vec<i64> {
    let mut rows: Vec<&Secret> = rows.iter().filter(|secret| wanted.contains(&secret.id)).collect();
    match sort {
        Sort::Name => rows.sort_by_key(|secret| (secret.name.clone(), secret.id)),
        Sort::Updated => rows.sort_by_key(|secret| std::cmp::Reverse((secret.updated_at, secret.id))),
        Sort::Due => rows.sort_by_key(|secret| (secret.next_rotation_at, secret.id)),
        Sort::Expires => rows.sort_by_key(|secret| (secret.expires_at, secret.id)),
    }
    rows.iter().map(|secret| secret.id).collect()
}

pub(super) async fn walked(house: &House, filter: &Filter) -> Vec<i64> {
    let (mut filter, mut found) = (filter.clone(), Vec::new());
    loop {
        let page = secrets::list(&house.app, &filter).await.unwrap();
        assert!(page.items.len() <= filter.limit as usize);
        found.extend(page.items.iter().map(|s| s.id));
        let Some(next) = page.next else { break };
        filter.cursor = Cursor::After(next);
    }
    found
}

async fn rows(house: &House, ids: &[i64]) -> Vec<Secret> {
    let mut rows = Vec::new();
    for id in ids {
        rows.push(house.secret(*id).await);
    }
    rows
}

three! {
    // S43 S69 S91: search, filters and orders give what a plain reading gives, at every moment between a change and its filing.
    async fn search_gives_what_reading_every_row_gives(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let prod = house.add_environment("prod-eu", "production", "open", &[]).await;
        let named = BTreeMap::from([(dev, "dev\ndevelopment"), (prod, "prod-eu\nproduction")]);
        let (mut lot, mut ids) = (Lot(11), Vec::new());
        for n in 0..48 {
            house.app.clock.advance(time::Duration::hours(7));
            let home = [dev, prod][lot.draw(2)];
            let new = input(&mut lot, home, n).parse_create(house.app.now()).unwrap();
            ids.push(secrets::create(&house.app, &house.operator(), new).await.unwrap());
            let id = ids[lot.draw(ids.len())];
            let secret = house.secret(id).await;
            match lot.draw(6) {
                0 => {
                    let active = !secret.is_active;
                    secrets::set_active(&house.app, &house.operator(), id, active, "a test", secret.row_version).await.unwrap();
                }
                1 if secret.is_active => {
                    let change = secrets::SecretInput { row_version: secret.row_version.to_string(), ..input(&mut lot, home, n) };
                    house.edit(id, change).await.unwrap();
                }
                2 => drop(secrets::file_changes(&house.app).await.unwrap()),
                3 => {
                    let done: Result<()> = tx!(house.app.db, |tx| {
                        let found = secrets::find_locked(tx, &house.operator(), id).await?;
                        secrets::set_status(tx, house.app.now(), &found.secret, Backend::Aws, SyncStatus::Failed).await
                    });
                    done.unwrap();
                }
                4 if secret.is_active => drop(house.rotate(&house.operator(), id, "another value").await.unwrap()),
                _ => house.refile(dev).await,
            }
            if n % 8 != 7 {
                continue;
            }
            let all = rows(&house, &ids).await;
            for open in [vec![dev, prod], vec![prod]] {
                for filter in filters(&open) {
                    let found = walked(&house, &filter).await;
                    let wanted = plainly(&all, &named, &filter, house.app.now());
                    assert_eq!(found, in_order(&all, &wanted, filter.sort), "{filter:?}");
                }
            }
        }
    }
}

/// Many secrets as demo data make them.
async fn fill(house: &House, environments: &[i64], count: usize) {
    for start in (0..count).step_by(500) {
        let new = (start..count.min(start + 500)).map(|i| {
            let home = environments[i % environments.len()];
            let input = secrets::SecretInput {
                tags: TAGS[i % 4].into(),
                ..House::secret_input(home, &format!("svc-{:03}-secret-{i:07}", i * 7919 % 200), "v")
            };
            input.parse_create(house.app.now()).unwrap()
        });
        secrets::fill(&house.app, &house.operator(), new.collect()).await.unwrap();
    }
}

three! {
    // S86 S89: 10,000 secrets are walked in a stable order, each once, at most 200 a page, there and back; shelves are cut as they fill.
    async fn ten_thousand_are_walked_in_order(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        let other = house.add_environment("other", "development", "open", &[]).await;
        fill(&house, &[dev, other], 10_000).await;
        house.app.clock.advance(time::Duration::hours(1));
        // One environment made anew at a stroke, the other by slips.
        house.refile(dev).await;
        let slipped: Result<u64> = tx!(house.app.db, |tx| {
            tx.exec(sql!("INSERT INTO search_slips (secret_id, environment_id, name, created_at, updated_at) SELECT id, environment_id, name, created_at, updated_at FROM secrets WHERE environment_id = ? AND id NOT IN (SELECT secret_id FROM search_slips)", other)).await
        });
        slipped.unwrap();
        house.file_changes().await;
        let mut filter = Filter { environments: vec![dev, other], limit: keeper::kit::page::limit(Some(100_000)), ..Filter::default() };
        let (mut names, mut pages) = (Vec::new(), 0);
        loop {
            let page = secrets::list(&house.app, &filter).await.unwrap();
            assert!(page.items.len() <= 200 && !page.is_cut);
            names.extend(page.items.into_iter().map(|s| s.name));
            pages += 1;
            let Some(next) = page.next else { break };
            filter.cursor = Cursor::After(next);
        }
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((pages, sorted.len()), (50, 10_000));
        assert_eq!(names, sorted);
        let page = secrets::list(&house.app, &filter).await.unwrap();
        let back = secrets::list(&house.app, &Filter { cursor: Cursor::Before(page.previous.unwrap()), ..filter }).await.unwrap();
        assert_eq!(back.items.first().map(|s| s.name.as_str()), Some(names[9600].as_str()));
        for (q, found) in [("0004321", 1), ("c-07 pay", 250), ("secret-00001", 100), ("svc-199 0000", 5), ("zz", 0)] {
            let filter = Filter { environments: vec![dev, other], q: q.into(), limit: 200, ..Filter::default() };
            assert_eq!(walked(&house, &filter).await.len(), found, "{q}");
        }
        assert_eq!(secrets::tallies(&house.app).await.unwrap().of(dev), 5000);
        assert_eq!(keeper::audit::verify(&house.app).await.unwrap().findings.len(), 0);
    }
}

three! {
    // S43: behind a closed door nothing is found, by words, by its own name or by what stands below the search box.
    async fn what_is_behind_a_closed_door_is_not_found(house: House) {
        let site = crate::support::site::Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let open = house.add_environment("dev", "development", "open", &[]).await;
        let closed = house.add_environment("vault-room", "staging", "members", &[]).await;
        house.add_secret(open, "pay-open", "v").await;
        house.add_secret(closed, "pay-closed", "v").await;
        for filed in [false, true] {
            if filed {
                house.file_changes().await;
            }
            let uma = site.signed_in("uma", crate::support::house::PASSWORD).await;
            let part = [("hx-request", "true"), ("hx-request-type", "partial")];
            for address in ["/secrets?q=pay", "/secrets/find?q=AY-", "/secrets"] {
                let page = uma.get_with(address, &part).await;
                assert!(page.status == 200 && page.body.contains("pay-open") && !page.body.contains("pay-closed"), "{address}: {}", page.body);
            }
            for q in ["closed", "vault-room", "room", "%3Cscript%3E", "%27"] {
                let page = uma.get_with(&format!("/secrets/find?q={q}"), &part).await;
                assert!(page.status == 200 && page.body.contains("Nothing matches") && !page.body.contains("pay-") && !page.body.contains("<script>"), "{q}: {}", page.body);
            }
            assert_eq!(uma.get("/secrets/find?q=pay%20x").await.location(), "/secrets?q=pay+x");
        }
    }
}
