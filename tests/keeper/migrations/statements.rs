//! Zero downtime: every statement of every kept release runs on the schema as it is now. A replica of the former release that still serves
//! asks no column that is gone, and fills every column that must be filled.
use super::Hand;
use super::pieces::{Composed, composed, of_tables, sources};
use crate::data;
use crate::support::{House, three};
use keeper::db::Engine;
use sqlx::{AssertSqlSafe, Either, Executor, PgConnection, SqlSafeStr, Statement, TypeInfo};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WRITE: &str = "KEEPER_TEST_WRITE_STATEMENTS";

fn releases() -> PathBuf {
    Path::new(ROOT).join("migrations/releases")
}

/// Where it stands in the source, and the statement in one line.
pub type Said = (String, String);

/// What the present source says. Its `…\n   …` is a blank to every engine.
fn present() -> BTreeSet<Said> {
    let mut found = Vec::new();
    data::statements(&Path::new(ROOT).join("src"), &mut found);
    let one = |(file, text): Said| {
        let file = Path::new(&file).strip_prefix(ROOT).unwrap().display().to_string();
        (file, text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let found = found.into_iter().map(one).chain(of_tables(&sources()));
    found.collect()
}

/// The pieces stand at the end, as a remark: nothing runs them.
fn written(all: &BTreeSet<Said>, alone: &BTreeSet<Said>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "-- Every statement of Keeper {version}, under the file that it stands in. Written by `make statements`; not to be changed by hand.\n"
    );
    let mut last = "";
    for (file, statement) in all {
        if file != last {
            write!(text, "\n-- {file}\n").unwrap();
            last = file;
        }
        writeln!(text, "{statement};").unwrap();
    }
    text.push_str("\n-- Not above, because they make a statement only together with others:\n");
    for (file, piece) in alone {
        writeln!(text, "-- {file}: {piece}").unwrap();
    }
    text
}

fn read(text: &str) -> Vec<Said> {
    let (mut file, mut all) = (String::new(), Vec::new());
    for line in text.lines() {
        match (line.strip_prefix("-- "), line.strip_suffix(';')) {
            (Some(name), _) => name.clone_into(&mut file),
            (None, Some(statement)) => all.push((file.clone(), statement.to_owned())),
            (None, None) => assert!(line.is_empty(), "{line}"),
        }
    }
    all
}

// S103: what this version says is on record for those that come after it.
#[tokio::test(flavor = "multi_thread")]
async fn the_statements_of_this_version_are_kept() {
    let path = releases().join(concat!(env!("CARGO_PKG_VERSION"), ".sql"));
    let (house, mut all) = (House::new(Engine::Sqlite).await.unwrap(), present());
    assert!(all.len() > 350, "only {} statements were found", all.len());
    let Composed { statements, alone } = composed(&house, &sources(), &all).await;
    println!("{} with a condition, {} pieces alone", statements.len(), alone.len());
    all.extend(statements);
    let text = written(&all, &alone);
    assert_eq!(read(&text), all.iter().cloned().collect::<Vec<_>>(), "it reads as it was written");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let told: Vec<&str> = text.lines().filter(|line| !kept.contains(line)).take(5).collect();
    assert!(kept == text, "{} is out of date: run `make statements`. New: {told:#?}", path.display());
}

/// Runs each statement with values of the right kinds, and undoes it. What does not fit the schema, in words.
async fn misfits(house: &House, statements: &[Said]) -> Vec<String> {
    let (engine, mut hand) = (house.app.db.engine(), Hand::of(house).await);
    let mut wrong = Vec::new();
    for (file, statement) in statements {
        let filled = match &mut hand {
            Hand::Postgres(conn) => of_their_types(conn, statement).await,
            // Both take a number for everything.
            Hand::Sqlite(_) | Hand::Mysql(_) => Ok(engine.render(&statement.replace('?', "1"))),
        };
        let run = match filled {
            Ok(text) => {
                hand.run("BEGIN").await.unwrap();
                let run = hand.run(&text).await;
                hand.run("ROLLBACK").await.unwrap();
                run
            }
            Err(e) => Err(e),
        };
        if let Err(e) = run
            && !is_about_values(&e, statement)
        {
            wrong.push(format!("{file}: {statement}: {e}"));
        }
    }
    wrong
}

/// PostgreSQL says of each parameter what it has to be.
async fn of_their_types(conn: &mut PgConnection, statement: &str) -> sqlx::Result<String> {
    let text = AssertSqlSafe(Engine::Postgres.render(statement)).into_sql_str();
    let prepared = conn.prepare(text).await?;
    let types: Vec<String> = match prepared.parameters() {
        Some(Either::Left(types)) => types.iter().map(|one| one.name().to_owned()).collect(),
        _ => Vec::new(),
    };
    let value = |name: &String| match name.as_str() {
        "BOOL" => "TRUE",
        "BYTEA" => "'\\x00'::bytea",
        "TIMESTAMPTZ" => "'2026-01-01T00:00:00Z'::timestamptz",
        "INT2" | "INT4" | "INT8" | "NUMERIC" => "1",
        _ => "'1'",
    };
    let (mut filled, mut values) = (String::new(), types.iter().map(value));
    for (n, part) in statement.split('?').enumerate() {
        if n > 0 {
            filled.push_str(values.next().unwrap());
        }
        filled.push_str(part);
    }
    Ok(Engine::Postgres.render(&filled))
}

/// The values mean nothing, so the schema may refuse them. It may not miss a value that the statement never gives.
fn is_about_values(e: &sqlx::Error, statement: &str) -> bool {
    use sqlx::error::ErrorKind;
    let Some(e) = e.as_database_error() else { return false };
    match e.kind() {
        ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation | ErrorKind::CheckViolation => true,
        // An UPDATE may set to nothing what a sub-select does not find.
        ErrorKind::NotNullViolation => statement.starts_with("UPDATE"),
        _ => {
            let mysql = e
                .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                .map(sqlx::mysql::MySqlDatabaseError::number);
            let code = e.code().unwrap_or_default();
            match mysql {
                // A number that is no date, that is no number, or that is too long.
                Some(number) => matches!(number, 1264 | 1265 | 1292 | 1366 | 1406 | 4078),
                // PostgreSQL: class 22, data exception. SQLite: type of the row's own number.
                None => code.starts_with("22") && code.len() == 5,
            }
        }
    }
}

three! {
    // S103 S104: the statements of every kept release, this one's among them.
    async fn every_kept_release_runs_on_this_schema(house: House) {
        let mut files: Vec<PathBuf> = std::fs::read_dir(releases()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "sql"));
        files.sort();
        assert!(!files.is_empty());
        for path in files {
            let statements = read(&std::fs::read_to_string(&path).unwrap());
            assert!(statements.len() > 350, "{}", path.display());
            let wrong = misfits(&house, &statements).await;
            assert!(wrong.is_empty(), "{}: {} statements do not run:\n{}", path.display(), wrong.len(), wrong.join("\n"));
        }
    }
}

three! {
    // S103: the check goes red for what an older replica does not survive: a column that has to be filled, and ones that went.
    async fn a_bad_migration_is_seen(house: House) {
        let all: Vec<Said> = present().into_iter().filter(|(_, statement)| statement.contains("bulk_")).collect();
        assert_eq!(misfits(&house, &all).await, Vec::<String>::new());
        let mut hand = Hand::of(&house).await;

        // Preparing would not show it: the statement is as right as before.
        hand.run("ALTER TABLE bulk_operations ADD COLUMN ticket VARCHAR(64) NOT NULL").await.unwrap();
        let wrong = misfits(&house, &all).await;
        let inserts = |wrong: &[String]| wrong.iter().all(|one| one.contains("INSERT INTO bulk_operations"));
        assert!(!wrong.is_empty() && inserts(&wrong), "{wrong:#?}");
        // With a default an older replica need not know of it.
        hand.run("ALTER TABLE bulk_operations DROP COLUMN ticket").await.unwrap();
        hand.run("ALTER TABLE bulk_operations ADD COLUMN ticket VARCHAR(64) NOT NULL DEFAULT ''").await.unwrap();
        assert_eq!(misfits(&house, &all).await, Vec::<String>::new());

        hand.run("ALTER TABLE bulk_items RENAME COLUMN detail TO remark").await.unwrap();
        let renamed = misfits(&house, &all).await;
        assert!(!renamed.is_empty() && renamed.iter().all(|one| one.contains("detail")), "{renamed:#?}");
        hand.run("ALTER TABLE bulk_items RENAME TO bulk_pieces").await.unwrap();
        let gone = misfits(&house, &all).await;
        assert!(gone.len() > renamed.len() && gone.iter().all(|one| one.contains("bulk_items")), "{gone:#?}");
    }
}
