//! The data layer on the three engines: every statement prepares, the schemas are one, writing is whole or nothing.
use crate::support::{House, three};
use keeper::db::{Engine, Query, Sql};
use keeper::domain::error::{Error, Result};
use keeper::{sql, tx};
use std::collections::BTreeSet;
use std::path::Path;

/// The files below a folder, with what is in them.
pub fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Every text inside `sql!("…")` below src, as the compiler reads it.
pub fn statements(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut files = Vec::new();
    texts(folder, &mut files);
    for (path, text) in files {
        for rest in text.split("sql!(").skip(1) {
            let Some(literal) = rest.trim_start().strip_prefix('"') else { continue };
            let literal = literal.split('"').next().unwrap().replace("\\\n", "");
            if literal.starts_with('…') {
                continue; // a comment that shows how it is used
            }
            found.push((path.clone(), literal));
        }
    }
}

three! {
    // S69: statements are text of the source and bound values; each is prepared here, so none is found out at night.
    async fn every_statement_prepares(house: House) {
        let mut all = Vec::new();
        statements(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut all);
        assert!(all.len() > 60, "only {} statements were found", all.len());
        for (file, text) in &all {
            let statement: &'static Sql = Box::leak(Box::new(Sql::new(Box::leak(text.clone().into_boxed_str()))));
            let prepared = house.app.db.read().await.unwrap().prepare(Query::new(statement, Vec::new())).await;
            assert!(prepared.is_ok(), "{file}: {:?}: {:?}", all.iter().find(|a| a.0 == *file), prepared.err());
        }
        println!("{} statements", all.len());
    }
}

// What MySQL 8.0 lacks stands in no statement: RETURNING is added for PostgreSQL alone, by `db/`.
#[test]
fn statements_keep_to_what_the_three_engines_share() {
    let mut all = Vec::new();
    statements(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut all);
    for (file, text) in all {
        for word in ["RETURNING", "ON CONFLICT", "ON DUPLICATE", "ILIKE", " OFFSET ", "::"] {
            assert!(!text.to_uppercase().contains(word), "{file}: {text}");
        }
    }
}

three! {
    // S14 S16: what is deleted is gone with what belongs to it, and what is still referred to stays.
    async fn a_delete_takes_its_own_and_nothing_else(house: House) {
        let ada = house.add_user("ada", "user").await;
        let dev = house.add_environment("dev", "development", "members", &[ada]).await;
        house.add_secret(dev, "db", "v").await;
        let db = &house.app.db;
        let used: Result<u64> = tx!(db, |tx| tx.exec(sql!("DELETE FROM environments WHERE id = ?", dev)).await);
        assert!(matches!(used, Err(Error::Conflict(_))), "{used:?}");
        let gone: Result<u64> = tx!(db, |tx| tx.exec(sql!("DELETE FROM users WHERE id = ?", ada)).await);
        assert_eq!(gone.unwrap(), 1);
        assert!(keeper::environments::members(&house.app, dev).await.unwrap().is_empty());
        assert_eq!(db.read().await.unwrap().number(sql!("SELECT COUNT(*) FROM secrets")).await.unwrap(), 1);
    }
}

three! {
    // S21 S100 S102: up, down and up again gives the same schema.
    async fn the_schema_goes_down_and_up_again(house: House) {
        let db = &house.app.db;
        let before = schema(&house).await;
        db.migrate_down(0).await.unwrap();
        assert!(!db.is_current().await.unwrap());
        db.migrate_up().await.unwrap();
        assert!(db.is_current().await.unwrap());
        assert_eq!(schema(&house).await, before);
    }
}

/// Tables with their columns and whether these may be NULL, by name.
async fn schema(house: &House) -> BTreeSet<(String, String, bool)> {
    let query = match house.app.db.engine() {
        Engine::Sqlite => sql!(
            "SELECT m.name, c.name, c.\"notnull\" = 0 OR c.pk > 0 AND 0 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        ),
        Engine::Postgres => sql!(
            "SELECT table_name::text, column_name::text, CASE WHEN is_nullable = 'YES' THEN 1::bigint ELSE 0 END FROM information_schema.columns WHERE table_schema = 'public'"
        ),
        Engine::Mysql => sql!(
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(is_nullable = 'YES' AS SIGNED) FROM information_schema.columns WHERE table_schema = DATABASE()"
        ),
    };
    let rows: Vec<(String, String, i64)> = house.app.db.read().await.unwrap().all(query).await.unwrap();
    let ours =
        rows.into_iter().filter(|(table, ..)| !table.starts_with("_sqlx") && !table.starts_with("sqlite_"));
    ours.map(|(table, column, nullable)| (table, column, nullable != 0)).collect()
}

/// Indexes and unique keys as "name: column, column", and foreign keys as "table.column > table".
async fn keys(house: &House) -> BTreeSet<String> {
    let (indexes, foreign) = match house.app.db.engine() {
        Engine::Sqlite => (
            sql!(
                "SELECT l.name || ' ' || l.\"unique\", i.name, i.seqno FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i
                 WHERE m.type = 'table' ORDER BY l.name, i.seqno"
            ),
            sql!("SELECT m.name || '.' || f.\"from\" || ' > ' || f.\"table\" || ' ' || f.on_delete FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"),
        ),
        Engine::Postgres => (
            sql!(
                "SELECT c.relname::text || ' ' || CASE WHEN i.indisunique THEN 1 ELSE 0 END, a.attname::text, k.ord FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                 WHERE NOT i.indisprimary ORDER BY c.relname, k.ord"
            ),
            sql!(
                "SELECT f.relname::text || '.' || a.attname::text || ' > ' || t.relname::text || ' ' || CASE k.confdeltype WHEN 'c' THEN 'CASCADE' ELSE 'NO ACTION' END
                 FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'"
            ),
        ),
        Engine::Mysql => (
            sql!(
                "SELECT CAST(CONCAT(index_name, ' ', 1 - non_unique) AS CHAR), CAST(column_name AS CHAR), CAST(seq_in_index AS SIGNED) FROM information_schema.statistics
                 WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' ORDER BY index_name, seq_in_index"
            ),
            sql!(
                "SELECT CAST(CONCAT(k.table_name, '.', k.column_name, ' > ', k.referenced_table_name, ' ', IF(r.delete_rule = 'CASCADE', 'CASCADE', 'NO ACTION')) AS CHAR)
                 FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
                   ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL"
            ),
        ),
    };
    let mut conn = house.app.db.read().await.unwrap();
    let mut found: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for (name, column, _) in conn.all::<(String, String, i64)>(indexes).await.unwrap() {
        if !name.starts_with("sqlite_") && !name.starts_with("_sqlx") {
            found.entry(name).or_default().push(column);
        }
    }
    let foreign = conn.all::<(String,)>(foreign).await.unwrap();
    found
        .into_iter()
        .map(|(name, columns)| format!("{name}: {}", columns.join(", ")))
        .chain(foreign.into_iter().map(|row| row.0))
        .collect()
}

// S09 S18 S19 S20 S22: the three engines hold the same tables, columns, keys and indexes.
#[tokio::test(flavor = "multi_thread")]
async fn the_three_schemas_are_one() {
    let (Some(sqlite), Some(postgres), Some(mysql)) = (
        House::new(Engine::Sqlite).await,
        House::new(Engine::Postgres).await,
        House::new(Engine::Mysql).await,
    ) else {
        return;
    };
    let first = schema(&sqlite).await;
    assert!(first.len() > 120, "{}", first.len());
    assert_eq!(first, schema(&postgres).await, "SQLite and PostgreSQL");
    assert_eq!(first, schema(&mysql).await, "SQLite and MySQL");
    let ours = keys(&sqlite).await;
    assert!(
        ours.len() > 40 && ours.contains("secrets_environment_id_name_key 1: environment_id, name"),
        "{ours:#?}"
    );
    assert_eq!(ours, keys(&postgres).await, "keys of SQLite and PostgreSQL");
    assert_eq!(ours, keys(&mysql).await, "keys of SQLite and MySQL");
    for column in [
        "secrets.aws_secret_arn",
        "secrets.rotation_interval_days",
        "users.saml_subject_id",
        "secret_versions.wrapped_key",
    ] {
        let (table, name) = column.split_once('.').unwrap();
        assert!(first.iter().any(|(t, c, _)| t == table && c == name), "{column}");
    }
    let tables: BTreeSet<&str> = first.iter().map(|(table, ..)| table.as_str()).collect();
    for table in tables {
        for column in ["id", "created_at", "updated_at"] {
            assert!(first.iter().any(|(t, c, _)| t == table && c == column), "S11: {table} has no {column}");
        }
    }
}

three! {
    // S15 S16 S17 S93 S108: an error in the middle of a unit undoes all of it.
    async fn a_unit_is_stored_whole_or_not_at_all(house: House) {
        let db = &house.app.db;
        let now = house.app.now();
        let failed: Result<()> = tx!(db, |tx| {
            tx.exec(sql!("UPDATE audit_head SET seq = ?, updated_at = ? WHERE id = 1", 77_i64, now)).await?;
            Err(Error::Conflict("in the middle".into()))
        });
        assert!(matches!(failed, Err(Error::Conflict(_))));
        let seq = db.read().await.unwrap().number(sql!("SELECT seq FROM audit_head WHERE id = 1")).await.unwrap();
        assert_eq!(seq, 0);
    }
}

three! {
    // S18 S96 S107: what the schema refuses is told in a kind of its own, and never as a driver's text.
    async fn a_broken_constraint_is_a_plain_error(house: House) {
        house.add_user("ada", "admin").await;
        let db = &house.app.db;
        let now = house.app.now();
        let twice: Result<u64> = tx!(db, |tx| {
            tx.exec(sql!(
                "INSERT INTO users (username, display_name, auth_method, role, is_active, auth_epoch, failed_count, created_at, updated_at)
                 VALUES ('ada', 'x', 'database', 'user', ?, 1, 0, ?, ?)", true, now, now)).await
        });
        assert!(matches!(twice, Err(Error::Taken)), "{twice:?}");
        let orphan: Result<u64> = tx!(db, |tx| {
            tx.exec(sql!("INSERT INTO environment_members (environment_id, user_id, created_at, updated_at) VALUES (99, 99, ?, ?)", now, now)).await
        });
        assert!(matches!(orphan, Err(Error::Conflict(_))), "{orphan:?}");
        let outside: Result<u64> = tx!(db, |tx| tx.exec(sql!("UPDATE users SET role = 'god' WHERE username = 'ada'")).await);
        assert!(matches!(outside, Err(Error::Broken(_))), "{outside:?}");
    }
}

three! {
    // S11 S13: an update moves updated_at and leaves created_at.
    async fn an_update_is_dated(house: House) {
        let environment = house.add_environment("dev", "development", "open", &[]).await;
        let before = house.environment(environment).await;
        house.app.clock.advance(time::Duration::seconds(90));
        keeper::environments::set_active(&house.app, &house.operator(), environment, false).await.unwrap();
        let after = house.environment(environment).await;
        assert_eq!(before.created_at, after.created_at);
        assert!(after.updated_at > before.updated_at && !after.is_active);
    }
}

// S20: what the audit log and the worker ask goes by an index; the lists of secrets have a test of their own (finding/plans.rs).
#[tokio::test(flavor = "multi_thread")]
async fn the_log_and_the_worker_walk_an_index() {
    let house = House::new(Engine::Sqlite).await.unwrap();
    let plans = [
        sql!(
            "EXPLAIN QUERY PLAN SELECT seq FROM audit_events WHERE environment_id = 1 AND seq < 9 ORDER BY seq DESC LIMIT 51"
        ),
        sql!(
            "EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE backend = 'aws' AND state IN ('waiting', 'leased') AND run_at <= '2026' ORDER BY run_at LIMIT 1"
        ),
    ];
    for plan in plans {
        let rows: Vec<(i64, i64, i64, String)> = house.app.db.read().await.unwrap().all(plan).await.unwrap();
        let text: Vec<&str> = rows.iter().map(|row| row.3.as_str()).collect();
        let by =
            |line: &&str| line.contains("USING") && (line.contains("INDEX") || line.contains("PRIMARY KEY"));
        assert!(text.iter().any(by), "{text:?}");
        assert!(!text.iter().any(|line| line.starts_with("SCAN") && !line.contains("INDEX")), "{text:?}");
    }
}
