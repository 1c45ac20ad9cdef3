//! What the server refuses on the way up or back: it is told which statement it was and what to do, and the books say what is there.
use super::{Hand, number};
use crate::shell::{Answer, ask, command};
use crate::support::{House, three};
use keeper::db::Engine;
use keeper::sql;
use sqlx::migrate::Migrate;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn down(house: &House, to: i64) -> Answer {
    ask(house, &["migrate", "down", &to.to_string(), "--yes"])
}

three! {
    // S100 S102: a way back that is refused has changed nothing, on MySQL either, and goes well as soon as the cause is away.
    async fn a_refused_way_back_may_be_tried_again(house: House) {
        let db = &house.app.db;
        let mut hand = Hand::of(&house).await;
        hand.run("ALTER TABLE data_migrations RENAME TO elsewhere").await.unwrap();
        let refused = down(&house, 161);
        assert!(refused.code == Some(69) && refused.err.contains("version 0170 (data migrations) of the schema could not be taken back"), "{}", refused.both());
        hand.run("ALTER TABLE elsewhere RENAME TO data_migrations").await.unwrap();
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.out.contains("\napplied 0170 data migrations") && !status.out.contains("unfinished"), "{}", status.both());
        assert_eq!(db.schema().await.unwrap().hindrance(), None);
        // Both ways are open.
        assert_eq!(ask(&house, &["migrate", "up"]).code, Some(0));
        assert!(db.is_current().await.unwrap());
        let back = down(&house, 161);
        assert!(back.code == Some(0) && back.out.contains("taken back 0170"), "{}", back.both());
        assert_eq!(ask(&house, &["migrate", "up"]).code, Some(0));
        assert!(db.is_current().await.unwrap());
    }
}

/// Somebody's transaction, which holds the table of what was done until it ends.
async fn hold(house: &House, table: &str) -> Hand {
    let mut hand = Hand::of(house).await;
    hand.run("BEGIN").await.unwrap();
    match house.app.db.engine() {
        Engine::Postgres => hand.run(&format!("LOCK TABLE {table} IN ROW EXCLUSIVE MODE")).await.unwrap(),
        _ => hand.run(&format!("SELECT COUNT(*) FROM {table}")).await.unwrap(),
    }
    hand
}

/// It gave up in time, says why, and left the version as it was.
async fn gave_up(house: &House, begun: Instant, answer: &Answer, state: &str) {
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    for word in [
        "version 0160 (audit events actor name) of the schema could not be",
        "because another transaction holds what it changes",
        "run this again",
    ] {
        assert!(answer.code == Some(69) && answer.err.contains(word), "{word}: {}", answer.both());
    }
    // Nobody has to wait behind it any more.
    let mut other = Hand::of(house).await;
    let asked = other.run("SELECT COUNT(*) FROM audit_events");
    tokio::time::timeout(Duration::from_secs(2), asked).await.unwrap().unwrap();
    let status = ask(house, &["migrate", "status"]);
    assert!(status.out.contains(&format!("\n{state} 0160 ")), "{}", status.both());
    assert_eq!(house.app.db.schema().await.unwrap().hindrance(), None);
}

// S100 S102 S103: a change that would wait for somebody's long transaction gives up after some seconds, because all others would wait behind
// it; up and back it may be run again.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_would_wait_for_long_gives_up() {
    for engine in [Engine::Postgres, Engine::Mysql] {
        let Some(house) = House::new(engine).await else { continue };
        house.app.db.migrate_down(160).await.unwrap();
        let mut hand = hold(&house, "audit_events").await;
        let begun = Instant::now();
        let back = down(&house, 150);
        gave_up(&house, begun, &back, "applied").await;
        hand.run("COMMIT").await.unwrap();
        assert_eq!(down(&house, 150).code, Some(0));

        let mut hand = hold(&house, "audit_events").await;
        let begun = Instant::now();
        let up = ask(&house, &["migrate", "up"]);
        gave_up(&house, begun, &up, "missing").await;
        hand.run("COMMIT").await.unwrap();
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && house.app.db.is_current().await.unwrap(), "{}", up.both());
    }
}

// S100: another process that changes the schema is waited for as long as it takes.
#[tokio::test(flavor = "multi_thread")]
async fn another_process_is_waited_for_longer_on_postgres() {
    let Some(house) = House::new(Engine::Postgres).await else { return };
    house.app.db.migrate_down(161).await.unwrap();
    let Hand::Postgres(mut other) = Hand::of(&house).await else { panic!("another engine") };
    other.lock().await.unwrap();
    let mut up =
        command(&house, &["migrate", "up"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert!(up.try_wait().unwrap().is_none(), "it has not waited");
    other.unlock().await.unwrap();
    assert!(up.wait().unwrap().success());
    assert!(house.app.db.is_current().await.unwrap());
}

/// 0050 has two changes, in five statements, and the last is refused.
fn stopped_between(house: &House, answer: &Answer, statement: &str, found: &str) {
    for word in
        ["Its statement 5 of 5 was refused", statement, &format!("keeper migrate mend 50 --as {found}")]
    {
        assert!(answer.code == Some(69) && answer.err.contains(word), "{word}: {}", answer.both());
    }
    let status = ask(house, &["migrate", "status"]);
    assert!(status.out.contains("unfinished 0050") && status.out.contains("and ends: "), "{}", status.both());
    assert_eq!(ask(house, &["migrate", "mend", "50", "--as", found]).code, Some(0));
}

// S100 S102: where one of several statements was refused it is named, and what to do; the script is then run again from its beginning.
#[tokio::test(flavor = "multi_thread")]
async fn a_script_of_several_statements_says_which_was_refused_on_mysql() {
    let Some(house) = House::new(Engine::Mysql).await else { return };
    house.app.db.migrate_down(50).await.unwrap();
    let mut hand = hold(&house, "secrets").await;
    let refused = down(&house, 49);
    hand.run("COMMIT").await.unwrap();
    stopped_between(&house, &refused, "ALTER TABLE secrets DROP COLUMN policy", "applied");
    let back = down(&house, 49);
    assert!(back.code == Some(0) && back.out.contains("taken back 0050"), "{}", back.both());

    let mut hand = hold(&house, "secrets").await;
    let refused = ask(&house, &["migrate", "up"]);
    hand.run("COMMIT").await.unwrap();
    stopped_between(&house, &refused, "ALTER TABLE secrets ADD COLUMN policy", "missing");
    let up = ask(&house, &["migrate", "up"]);
    assert!(up.code == Some(0) && house.app.db.is_current().await.unwrap(), "{}", up.both());
}

// S100 S102: the scripts of several changes, up and back, go well after all of it but the last was done before.
#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_several_changes_may_be_run_again_on_mysql() {
    const ADD_HALF: &str = "ALTER TABLE secret_versions ADD COLUMN public_half TEXT NULL";
    const SOURCES: &str = include_str!("../../../migrations/mysql/0049_sources.up.sql");
    let Some(house) = House::new(Engine::Mysql).await else { return };
    let (db, mut hand) = (&house.app.db, Hand::of(&house).await);
    let columns = async |table: &str| {
        let query = sql!(
            "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
            table
        );
        number(&house, query).await
    };
    let mut before = Vec::new();
    for table in ["verifications", "sources", "secret_sources", "secrets", "secret_versions"] {
        before.push((table, columns(table).await));
    }
    // 0068 drops its table first.
    db.migrate_down(67).await.unwrap();
    hand.run("DROP TABLE verifications").await.unwrap();
    db.migrate_up().await.unwrap();
    db.migrate_down(68).await.unwrap();
    hand.run("DROP TABLE verifications").await.unwrap();
    db.migrate_down(50).await.unwrap();
    hand.run("ALTER TABLE secret_versions DROP COLUMN public_half").await.unwrap();
    db.migrate_down(48).await.unwrap();
    hand.run(SOURCES.rsplit_once("CREATE TABLE").unwrap().0).await.unwrap();
    hand.run(ADD_HALF).await.unwrap();
    db.migrate_up().await.unwrap();
    for (table, count) in before {
        assert_eq!(columns(table).await, count, "{table}");
    }
}
