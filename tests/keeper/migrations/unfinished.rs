//! MySQL stores each change of the schema by itself: what a killed process leaves there, and what the server refuses.
use super::{Hand, number, put};
use crate::shell::{ask, command};
use crate::support::{House, three};
use keeper::db::Engine;
use keeper::sql;
use std::process::Stdio;
use std::time::{Duration, Instant};

const WAITING: &str = "Waiting for table metadata lock";

/// Those of this database that wait for somebody else's transaction.
async fn waiting(house: &House) -> i64 {
    let query = sql!(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = ?",
        WAITING
    );
    number(house, query).await
}

/// Statements of this database that are under way, beside this one.
async fn running(house: &House) -> i64 {
    let query = sql!(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND command = 'Query' AND id <> CONNECTION_ID()"
    );
    number(house, query).await
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

// S100: kill -9 in the middle of a change leaves a version of which nobody knows whether it is there. The message says how to find out, and
// what is found out is said with a command.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_migration_is_mended_on_mysql() {
    let Some(house) = House::new(Engine::Mysql).await else { return };
    let db = &house.app.db;
    db.migrate_down(150).await.unwrap();
    // Somebody's transaction holds the table that 0160 puts an index on.
    let mut reader = Hand::of(&house).await;
    reader.run("BEGIN").await.unwrap();
    reader.run("SELECT COUNT(*) FROM audit_events").await.unwrap();
    let mut doomed =
        command(&house, &["migrate", "up"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the index waits for nobody", async || waiting(&house).await > 0).await;
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    reader.run("COMMIT").await.unwrap();
    until("the server goes on for ever", async || running(&house).await == 0).await;

    let status = ask(&house, &["migrate", "status"]);
    assert!(status.code == Some(1) && status.out.contains("unfinished 0160"), "{}", status.both());
    let up = ask(&house, &["migrate", "up"]);
    assert!(
        up.code == Some(78) && up.err.contains("version 0160 (audit events actor name)"),
        "{}",
        up.both()
    );
    for word in [
        "it begins: CREATE INDEX",
        "keeper migrate mend 160 --as applied",
        "keeper migrate mend 160 --as missing",
    ] {
        assert!(up.err.contains(word), "{word}: {}", up.both());
    }
    assert!(!db.is_current().await.unwrap());
    let index = sql!(
        "SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'audit_events_actor_name_seq_idx'"
    );
    let found = if number(&house, index).await > 0 { "applied" } else { "missing" };
    let mend = ask(&house, &["migrate", "mend", "160", "--as", found]);
    assert!(mend.code == Some(0) && mend.out.contains(found), "{}", mend.both());
    let up = ask(&house, &["migrate", "up"]);
    assert!(up.code == Some(0) && db.is_current().await.unwrap(), "{}", up.both());
}

// S100: the same with the change there and with it not there.
#[tokio::test(flavor = "multi_thread")]
async fn both_halves_are_mended_on_mysql() {
    const SCRIPT: &str = include_str!("../../../migrations/mysql/0170_data_migrations.up.sql");
    let Some(house) = House::new(Engine::Mysql).await else { return };
    let db = &house.app.db;
    let begun = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (170, 'data migrations', FALSE, '00', -1)";
    for is_there in [true, false] {
        db.migrate_down(161).await.unwrap();
        let mut hand = Hand::of(&house).await;
        hand.run(begun).await.unwrap();
        // The driver's own line, with the checksum of the script.
        let checksum: Vec<u8> = <sha2::Sha384 as sha2::Digest>::digest(SCRIPT).to_vec();
        put(&house, sql!("UPDATE _sqlx_migrations SET checksum = ? WHERE version = 170", checksum)).await;
        if is_there {
            hand.run(SCRIPT).await.unwrap();
        }
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(78) && up.err.contains("keeper migrate mend 170"), "{}", up.both());
        let mend = ["migrate", "mend", "170", "--as", if is_there { "applied" } else { "missing" }];
        assert_eq!(ask(&house, &mend).code, Some(0));
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && db.is_current().await.unwrap(), "{}", up.both());
    }
}

three! {
    // S100: what the server refuses leaves nothing behind, on MySQL either, and goes well as soon as the cause is away.
    async fn a_refused_version_may_be_tried_again(house: House) {
        let db = &house.app.db;
        db.migrate_down(161).await.unwrap();
        let mut hand = Hand::of(&house).await;
        hand.run("CREATE TABLE data_migrations (id BIGINT)").await.unwrap();
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(69) && up.err.contains("version 0170 (data migrations) of the schema could not be applied"), "{}", up.both());
        let status = ask(&house, &["migrate", "status"]);
        assert!(status.out.contains("missing 0170 data migrations"), "{}", status.both());
        hand.run("DROP TABLE data_migrations").await.unwrap();
        let up = ask(&house, &["migrate", "up"]);
        assert!(up.code == Some(0) && db.is_current().await.unwrap(), "{}", up.both());
        // Nothing is mended that is well.
        let mend = ask(&house, &["migrate", "mend", "170", "--as", "missing"]);
        assert!(mend.code == Some(1) && mend.err.contains("is not one that was begun"), "{}", mend.both());
        assert!(db.is_current().await.unwrap());
    }
}
