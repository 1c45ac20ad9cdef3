//! Data of an older release are brought into their present form: some at a time, once, and through any end of the process.
use super::{at_once, number, put};
use crate::shell::{ask, command};
use crate::support::served::Served;
use crate::support::{House, three};
use keeper::data_migrations::{self, Step};
use keeper::kit::page::Cursor;
use keeper::{sql, verify};
use std::time::{Duration, Instant};

/// The release before the list of what differs had no environment and no mark in its findings.
const OLD: i64 = 89;
/// Three places each: more than are done at once.
const SECRETS: usize = 180;
pub const ROWS: i64 = 540;

/// The house as that release left it, brought up to the present schema; the environment that half of its secrets are in.
pub async fn old_house(house: &House) -> i64 {
    let dev = house.add_environment("dev", "development", "open", &[]).await;
    let far = house.add_environment("far", "development", "open", &[]).await;
    for n in 0..SECRETS {
        house.add_secret(if n % 2 == 0 { dev } else { far }, &format!("s{n:03}"), "value").await;
    }
    let db = &house.app.db;
    db.migrate_down(OLD).await.unwrap();
    let now = house.app.now().plus(time::Duration::minutes(1));
    for (place, outcome) in [("source", "differs"), ("aws", "equal"), ("vault", "unknown")] {
        let old = sql!(
            "INSERT INTO verifications (secret_id, place, outcome, detail, checked_at, created_at, updated_at)
             SELECT id, ?, ?, '', ?, ?, ? FROM secrets",
            place,
            outcome,
            now,
            now,
            now
        );
        put(house, old).await;
    }
    db.migrate_up().await.unwrap();
    dev
}

pub async fn placed(house: &House) -> i64 {
    number(house, sql!("SELECT COUNT(*) FROM verifications WHERE environment_id <> 0")).await
}

pub async fn done(house: &House) -> i64 {
    number(house, sql!("SELECT COALESCE(MAX(done), -1) FROM data_migrations")).await
}

/// As if the time of whoever was killed had run out.
pub async fn let_go(house: &House) {
    put(house, sql!("UPDATE data_migrations SET lease_until = NULL")).await;
}

async fn differing(house: &House, environment: i64) -> usize {
    verify::drifted(&house.app, environment, &Cursor::First, 200).await.unwrap().items.len()
}

three! {
    // S101: fill the old shape, go up, read the new one; it is told how far it is, and is done once.
    async fn old_findings_are_read_in_their_new_place(house: House) {
        let dev = old_house(&house).await;
        assert_eq!((differing(&house, dev).await, placed(&house).await), (0, 0));
        let waiting = ask(&house, &["migrate", "status"]);
        assert!(waiting.code == Some(0) && waiting.out.contains("data waiting verifications_placed: 0 rows"), "{}", waiting.both());
        // What was verified since stands where it belongs, and stays.
        let seen = sql!(
            "UPDATE verifications SET environment_id = 77 WHERE outcome = 'differs'
             AND secret_id = (SELECT MIN(id) FROM secrets WHERE environment_id = ?)",
            dev
        );
        put(&house, seen).await;

        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && up.out.contains("data done verifications_placed: 540 of 540 rows"), "{}", up.both());
        assert_eq!((placed(&house).await, done(&house).await), (ROWS, ROWS));
        let drifts = number(&house, sql!("SELECT COUNT(*) FROM verifications WHERE is_drift = ? AND outcome = 'differs'", true)).await;
        let marked = number(&house, sql!("SELECT COUNT(*) FROM verifications WHERE is_drift = ?", true)).await;
        assert_eq!((drifts, marked), (179, 179));
        assert_eq!(differing(&house, dev).await, SECRETS / 2 - 1);
        let told = ask(&house, &["migrate", "status", "--output", "json"]).json();
        let data = &told["data"][0];
        assert_eq!((data["name"].as_str(), data["state"].as_str()), (Some("verifications_placed"), Some("done")), "{told}");
        assert_eq!((data["done"].as_i64(), data["total"].as_i64()), (Some(ROWS), Some(ROWS)), "{told}");
        assert_eq!(data_migrations::work(&house.app.db, house.app.now()).await.unwrap(), Step::Idle);
        // With the newer shape goes what it was filled from: taken back and brought up again it is done again.
        house.app.db.migrate_down(OLD).await.unwrap();
        house.app.db.migrate_up().await.unwrap();
        assert_eq!((placed(&house).await, done(&house).await), (0, -1));
        assert!(ask(&house, &["migrate", "up"]).out.contains("540 of 540 rows"));
        assert_eq!(placed(&house).await, ROWS);
    }
}

three! {
    // S101: a server is ready at once, and brings the data into their form while it serves; the schema alone can be brought up by itself.
    async fn a_server_works_them_through_while_it_serves(house: House) {
        let dev = old_house(&house).await;
        let up = ask(&house, &["migrate", "up", "--schema-only"]);
        assert!(up.code == Some(0) && !up.out.contains("data "), "{}", up.both());
        assert_eq!(placed(&house).await, 0);
        let url = house.app.settings.database_url.expose().to_owned();
        let served = Served::start(house.data.path(), &[("KEEPER_DATABASE_URL", &url), ("KEEPER_MIGRATE", "check")]).await;
        assert_eq!(reqwest::get(format!("{}/readyz", served.url)).await.unwrap().status(), 200);
        let begun = Instant::now();
        while placed(&house).await < ROWS {
            assert!(begun.elapsed() < Duration::from_secs(20), "{}", served.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        while !served.log().contains("data are in their present form") {
            assert!(begun.elapsed() < Duration::from_secs(20), "{}", served.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!((done(&house).await, differing(&house, dev).await), (ROWS, SECRETS / 2));
    }
}

three! {
    // S101: two that work at the same time do each row once.
    async fn two_at_once_do_each_row_once(house: House) {
        old_house(&house).await;
        for one in at_once(&house, 2, &["migrate", "up"]) {
            assert!(one.code == Some(0) && one.out.contains("540 of 540 rows"), "{}", one.both());
        }
        assert_eq!((placed(&house).await, done(&house).await), (ROWS, ROWS));
        let rows = number(&house, sql!("SELECT COUNT(*) FROM data_migrations")).await;
        assert_eq!(rows, 1);
    }
}

three! {
    // S101: a lease that somebody holds is waited for; when its time has run out the next one goes on from the same place.
    async fn a_lease_is_waited_for_and_taken_over(house: House) {
        old_house(&house).await;
        let (db, now) = (&house.app.db, house.app.now());
        assert_eq!(data_migrations::work(db, now).await.unwrap(), Step::Done); // counted
        put(&house, sql!("UPDATE data_migrations SET lease_until = ?, lease_token = 9", now.plus(time::Duration::seconds(20)))).await;
        assert_eq!(data_migrations::work(db, now).await.unwrap(), Step::Busy);
        let later = now.plus(time::Duration::seconds(21));
        while data_migrations::work(db, later).await.unwrap() != Step::Idle {}
        assert_eq!((placed(&house).await, done(&house).await), (ROWS, ROWS));
    }
}

#[cfg(feature = "faults")]
three! {
    // S101: kill -9 between any two lines costs at most the rows at hand, and none is done or counted twice.
    async fn it_goes_on_after_any_death(house: House) {
        old_house(&house).await;
        for (point, rows) in [("data_before_unit", 0), ("data_in_unit", 0), ("data_after_unit", 500), ("data_in_unit", 500)] {
            let died = command(&house, &["migrate", "up"]).env("DIE_AT_FAULT_POINT", point).output().unwrap();
            assert_eq!(died.status.code(), None, "{point}: {}", String::from_utf8_lossy(&died.stderr));
            assert_eq!((placed(&house).await, done(&house).await), (rows, rows), "{point}");
            let_go(&house).await;
        }
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && up.out.contains("540 of 540 rows"), "{}", up.both());
        assert_eq!((placed(&house).await, done(&house).await), (ROWS, ROWS));
    }
}
