//! What a script of a later release has to keep to, so that nobody waits for it and it can be run again. The scripts up to 0172 are as they are.
use std::path::Path;

/// The first version that keeps to them.
const SINCE: i64 = 173;

fn statements(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text = lines.collect::<Vec<_>>().join(" ");
    let one = |one: &str| one.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split(';').map(one).filter(|one| !one.is_empty()).collect()
}

fn is_index(statement: &str) -> bool {
    statement.starts_with("CREATE INDEX ") || statement.starts_with("CREATE UNIQUE INDEX ")
}

/// What is wrong with a script, in words.
fn wrongs(engine: &str, text: &str) -> Vec<&'static str> {
    let all = statements(text);
    let mut wrong = Vec::new();
    let is_change =
        |one: &String| !["INSERT ", "UPDATE ", "DELETE "].iter().any(|word| one.starts_with(word));
    if engine == "mysql" && all.len() > 1 && all.iter().any(is_change) {
        wrong.push("MySQL stores each change of the schema by itself: one statement in a script");
    }
    if engine != "postgres" {
        return wrong;
    }
    let upper = text.to_uppercase();
    if upper.contains("CONCURRENTLY") || upper.contains("NO-TRANSACTION") {
        wrong.push("it waits for others that wait for the same lock, and leaves half an index: an operator makes it beforehand");
    }
    let is_new = |one: &str| {
        let table = one.split(" ON ").nth(1).unwrap_or_default().split(' ').next().unwrap_or_default();
        all.iter().any(|other| other.starts_with(&format!("CREATE TABLE {table} ")))
    };
    for one in all.iter().filter(|one| is_index(one) && !is_new(one)) {
        if !one.contains(" INDEX IF NOT EXISTS ") {
            wrong.push("an operator may have made the index beforehand: CREATE INDEX IF NOT EXISTS");
        }
        if all.len() > 1 {
            wrong.push("an index blocks writers while it is made: in a script of its own");
        }
    }
    let adds = |one: &&String| one.starts_with("ALTER TABLE ") && one.contains(" ADD ");
    if all.iter().filter(adds).any(|one| one.contains(" UNIQUE") || one.contains(" PRIMARY KEY")) {
        wrong.push("it makes an index while nobody can read the table: CREATE UNIQUE INDEX IF NOT EXISTS");
    }
    wrong
}

// S100 S103: a later release's scripts keep to what docs/operations.md says of them.
#[test]
fn later_scripts_hold_up_nobody() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for engine in ["sqlite", "postgres", "mysql"] {
        for entry in std::fs::read_dir(root.join(engine)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let version: i64 = name.split('_').next().unwrap().parse().unwrap();
            if version >= SINCE {
                let wrong = wrongs(engine, &std::fs::read_to_string(&path).unwrap());
                assert!(wrong.is_empty(), "{engine}/{name}: {wrong:?}");
            }
        }
    }
    let kept = |name: &str| {
        wrongs(name.split('/').next().unwrap(), &std::fs::read_to_string(root.join(name)).unwrap())
    };
    // Scripts that are older than the rule, and go against it.
    assert!(kept("postgres/0160_audit_events_actor_name.up.sql")[0].contains("IF NOT EXISTS"));
    assert!(kept("mysql/0050_policies.up.sql")[0].contains("one statement"));
    assert!(kept("postgres/0170_data_migrations.up.sql").is_empty());
    assert!(kept("mysql/0172_schema_promises_row.up.sql").is_empty());
    for (text, count) in [
        ("-- Why.\nCREATE INDEX IF NOT EXISTS a_idx\n  ON a (b);", 0),
        ("CREATE TABLE a (b BIGINT); CREATE INDEX a_idx ON a (b);", 0),
        ("CREATE TABLE a (b BIGINT); CREATE INDEX c_idx ON c (b);", 2),
        ("-- no-transaction\nCREATE INDEX IF NOT EXISTS a_idx ON a (b);", 1),
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_idx ON a (b);", 2),
        ("ALTER TABLE a ADD CONSTRAINT a_key UNIQUE (b);", 1),
        ("ALTER TABLE a ADD COLUMN b BIGINT;", 0),
    ] {
        assert_eq!(wrongs("postgres", text).len(), count, "{text}: {:?}", wrongs("postgres", text));
    }
    assert_eq!(wrongs("mysql", "UPDATE a SET b = 1; DELETE FROM c;").len(), 0);
}
