//! Group commit on SQLite: shared COMMITs, no unit harmed by its neighbour, nothing acknowledged that is lost.
use crate::support::House;
use keeper::db::Engine;
use keeper::domain::error::{Error, Result};
use keeper::{sql, tx};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

async fn add(house: &House, purpose: &str, fail: bool) -> Result<i64> {
    let now = house.app.now();
    tx!(house.app.db, |tx| {
        let id = tx
            .insert(sql!("INSERT INTO audit_checkpoints (seq, chain, signature, public_key, created_at, updated_at) VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_checkpoints), ?, ?, 'k', ?, ?)", &"0".repeat(64), purpose, now, now))
            .await?;
        if fail { Err(Error::Conflict("on purpose".into())) } else { Ok(id) }
    })
}

async fn count(house: &House, purpose: &str) -> i64 {
    let query = sql!("SELECT COUNT(*) FROM audit_checkpoints WHERE signature = ?", purpose);
    house.app.db.read().await.unwrap().number(query).await.unwrap()
}

async fn house() -> Arc<House> {
    Arc::new(House::new(Engine::Sqlite).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_the_same_time_share_commits_and_a_failing_one_harms_nobody() {
    let house = house().await;
    let (commits_before, units_before) = house.app.db.commits().unwrap();
    let writers: Vec<_> = (0..16)
        .map(|n| {
            let house = house.clone();
            tokio::spawn(async move {
                for i in 0..20 {
                    let fail = (n + i) % 5 == 0;
                    assert_eq!(add(&house, if fail { "failed" } else { "kept" }, fail).await.is_err(), fail);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let (commits, units) = house.app.db.commits().unwrap();
    let (commits, units) = (commits - commits_before, units - units_before);
    assert_eq!(units, 320);
    assert!(commits * 2 < units, "{commits} commits for {units} units");
    assert_eq!((count(&house, "kept").await, count(&house, "failed").await), (256, 0));
    println!("{commits} commits for {units} units");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_caller_who_goes_away_and_one_who_panics_leave_the_line_open() {
    let house = house().await;
    for round in 0_u64..60 {
        let (dropped, kept) = (house.clone(), house.clone());
        let gone = tokio::spawn(async move { add(&dropped, "maybe", false).await });
        let stays = tokio::spawn(async move { add(&kept, "stays", false).await });
        tokio::time::sleep(Duration::from_micros(round * 37 % 900)).await;
        gone.abort();
        stays.await.unwrap().unwrap();
    }
    let panicking = house.clone();
    let panicked = tokio::spawn(async move {
        let result: Result<()> = tx!(panicking.app.db, |tx| {
            tx.exec(sql!("UPDATE audit_head SET seq = 99 WHERE id = 1")).await?;
            panic!("on purpose")
        });
        result
    });
    assert!(panicked.await.is_err());
    add(&house, "after", false).await.unwrap();
    assert_eq!((count(&house, "stays").await, count(&house, "after").await), (60, 1));
    let head = house
        .app
        .db
        .read()
        .await
        .unwrap()
        .number(sql!("SELECT seq FROM audit_head WHERE id = 1"))
        .await
        .unwrap();
    assert_eq!(head, 0, "the panicking unit left something");
}

const CHILD: &str = "KEEPER_TEST_KILLED_CHILD";

/// The child of the test below: writes from eight tasks and tells each id when it is acknowledged. It is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_child_that_is_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let db = keeper::db::Db::open(&url, 4).await.unwrap();
    db.migrate_up().await.unwrap();
    let now = keeper::kit::clock::Clock::System.now();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                loop {
                    let id: Result<i64> = tx!(db, |tx| {
                        tx.insert(sql!("INSERT INTO audit_checkpoints (seq, chain, signature, public_key, created_at, updated_at) VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_checkpoints), ?, 's', 'k', ?, ?)", &"0".repeat(64), now, now)).await
                    });
                    println!("acknowledged {}", id.unwrap());
                }
            })
        })
        .collect();
    // They never end by themselves.
    std::future::pending::<()>().await;
    drop(tasks);
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", data.path().join("killed.db").display());
    let mut acknowledged = Vec::new();
    for _ in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "group::the_child_that_is_killed", "--nocapture"])
            .env(CHILD, &url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(std::result::Result::ok);
        let mut ids = lines.filter_map(|line| line.split("acknowledged ").nth(1)?.trim().parse::<i64>().ok());
        acknowledged.extend(ids.by_ref().take(300));
        child.kill().unwrap();
        // What it still said before it died was acknowledged too.
        acknowledged.extend(ids);
        child.wait().unwrap();
    }
    let db = keeper::db::Db::open(&url, 2).await.unwrap();
    let kept: Vec<(i64,)> =
        db.read().await.unwrap().all(sql!("SELECT id FROM audit_checkpoints ORDER BY id")).await.unwrap();
    let lost: Vec<&i64> = acknowledged.iter().filter(|id| kept.binary_search(&(**id,)).is_err()).collect();
    assert!(
        acknowledged.len() >= 1200 && lost.is_empty(),
        "{} acknowledged, lost: {lost:?}",
        acknowledged.len()
    );
    println!("{} acknowledged, none lost", acknowledged.len());
}
