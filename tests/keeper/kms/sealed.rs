//! `keeper config seal`: the address of the database stands sealed in `keeper.toml`, and the real binary opens it at its start.
use super::{TransitKey, command, pairs};
use crate::support::house::fresh_database;
use keeper::db::Engine;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

fn run(data: &Path, settings: &[(String, String)], words: &[&str], typed: &str) -> Output {
    let mut child = command(data, &settings.to_vec(), words);
    let mut child =
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn story(engine: Engine, settings: &[(String, String)]) {
    let data = tempfile::tempdir().unwrap();
    let Some(url) = fresh_database(engine, &data).await else { return };
    let file = data.path().join("keeper.toml");
    let file_text = file.display().to_string();
    let sealed =
        run(data.path(), settings, &["config", "seal", "database_url", "--new-key"], &format!("{url}\n"));
    let line = text(&sealed.stdout);
    assert!(
        sealed.status.success() && line.starts_with("database_url = \"sealed:v1:"),
        "{}",
        text(&sealed.stderr)
    );
    assert!(!line.contains(&url) && line.lines().count() == 1 && !text(&sealed.stderr).contains(&url));
    std::fs::write(&file, &line).unwrap();
    let add = ["--config", &file_text, "user", "add", "ada", "--role", "admin", "--password-stdin"];
    let added = run(data.path(), settings, &add, "a password for tests");
    assert!(added.status.success(), "{}", text(&added.stderr));
    let again = run(data.path(), settings, &add, "a password for tests");
    assert!(
        !again.status.success() && text(&again.stderr).contains("taken"),
        "it is the same database: {}",
        text(&again.stderr)
    );
    // One letter is another: nothing opens, and nothing is told of what it was.
    let changed = line.replacen("sealed:v1:", "sealed:v1:A", 1);
    std::fs::write(&file, changed).unwrap();
    let refused = run(data.path(), settings, &add, "a password for tests");
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(78), "{said}");
    assert!(
        said.contains("database_url in ")
            && said.contains("keeper config seal database_url")
            && !said.contains(&url),
        "{said}"
    );
}

// S07 S48 S98: on each engine with the key file, and once with a key service across the network.
#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_address_of_the_database_is_opened_at_the_start_on_sqlite() {
    story(Engine::Sqlite, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_address_of_the_database_is_opened_at_the_start_on_postgres() {
    story(Engine::Postgres, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_address_of_the_database_is_opened_at_the_start_on_mysql() {
    story(Engine::Mysql, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_service_seals_it_as_well() {
    let Some(transit) = TransitKey::there().await else { return };
    story(Engine::Sqlite, &transit.chosen()).await;
}

#[test]
fn what_the_key_service_itself_needs_is_not_sealed() {
    let data = tempfile::tempdir().unwrap();
    let refused = run(data.path(), &pairs(&[]), &["config", "seal", "kms_vault_token"], "x");
    assert_eq!(refused.status.code(), Some(64));
    assert!(text(&refused.stderr).contains("kms_vault_token_file"), "{}", text(&refused.stderr));
    let refused = run(data.path(), &pairs(&[]), &["config", "seal", "database_url", "--new-key"], "nonsense");
    assert!(!refused.status.success() && !text(&refused.stderr).contains("nonsense"));
}
