//! The main job, end to end, on real parts: the binary, Chromium, OpenBao, moto, and the audit log afterwards.
use crate::support::env_or_skip;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PASSWORD: &str = "a password of the story";

/// `keeper serve` as its own process, ended by its id.
struct Served {
    child: Child,
    url: String,
    data: PathBuf,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keeper(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeper"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEEPER_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(data);
    command
}

async fn serve(data: &Path) -> Served {
    let mut add = keeper(data)
        .args(["user", "add", "story-admin", "--role", "admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = std::fs::File::create(data.join("serve.log")).unwrap();
    let child = keeper(data)
        .arg("serve")
        .env("KEEPER_LISTEN", format!("127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let served = Served { child, url: format!("http://127.0.0.1:{port}"), data: data.to_owned() };
    let patience = Instant::now();
    while reqwest::get(format!("{}/healthz", served.url)).await.is_err() {
        assert!(patience.elapsed() < Duration::from_secs(20), "keeper did not start");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    served
}

fn verify(data: &Path) -> (bool, String) {
    let output = keeper(data).args(["audit", "verify"]).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// The clicks of `tests/browser/story.mjs`; what they made, as the script tells it.
fn click_through(served: &Served, script: &str) -> Option<Value> {
    let output = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/story.mjs"))
        .env("STORY_URL", &served.url)
        .env("STORY_PASSWORD", PASSWORD)
        .env("STORY_SCRIPT", script)
        .env("STORY_RUN", served.url.rsplit(':').next().unwrap())
        .env("STORY_VAULT", env_or_skip("KEEPER_TEST_VAULT_URL")?)
        .env("STORY_VAULT_TOKEN", env_or_skip("KEEPER_TEST_VAULT_TOKEN")?)
        .env("STORY_AWS", env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?)
        .output()
        .unwrap();
    let log = || std::fs::read_to_string(served.data.join("serve.log")).unwrap_or_default();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), log());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

async fn in_vault(path: &str) -> Option<Value> {
    let url = format!("{}/v1/secret/data/{path}", env_or_skip("KEEPER_TEST_VAULT_URL")?);
    let token = env_or_skip("KEEPER_TEST_VAULT_TOKEN")?;
    let answer: Value = reqwest::Client::new()
        .get(url)
        .header("x-vault-token", token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    Some(answer["data"]["data"]["value"].clone())
}

async fn in_aws(path: &str) -> Option<Value> {
    let answer: Value = reqwest::Client::new()
        .post(env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?)
        .header("x-amz-target", "secretsmanager.GetSecretValue")
        .header("content-type", "application/x-amz-json-1.1")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0")
        .body(json!({ "SecretId": path }).to_string())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    Some(answer["SecretString"].clone())
}

// S01 S02 S03 S08 S21 S114 S116: the story, with script and without, and what it left behind.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_does_the_main_job_in_a_browser() {
    let (Some(_), Some(_)) = (env_or_skip("KEEPER_TEST_CHROMIUM"), env_or_skip("KEEPER_TEST_NODE_MODULES"))
    else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let served = serve(data.path()).await;
    for script in ["on", "off"] {
        let Some(made) = click_through(&served, script) else { return };
        let path = made["path"].as_str().unwrap();
        assert_eq!(in_vault(path).await.unwrap(), made["value"], "Vault at {path}");
        assert_eq!(in_aws(path).await.unwrap(), made["value"], "AWS at {path}");
    }
    drop(served);
    log_tells_of_requests_and_of_no_value(data.path());
    let (whole, text) = verify(data.path());
    assert!(whole, "{text}");
    log_cannot_be_rewritten(data.path()).await;
}

/// S48 S97: JSON lines with request id, route and status; no value, no password, no query, no cookie.
fn log_tells_of_requests_and_of_no_value(data: &Path) {
    let log = std::fs::read_to_string(data.join("serve.log")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reveal = lines
        .iter()
        .find(|line| line["path"].as_str().is_some_and(|path| path.ends_with("/reveal")))
        .unwrap();
    assert!(
        reveal["request_id"].as_str().unwrap().len() == 16
            && reveal["status"] == 200
            && reveal["method"] == "POST"
    );
    for secret in ["second line", "rotated 'value'", PASSWORD, "a+password", "q=story", "_csrf", "keeper="] {
        assert!(!log.contains(secret), "the log holds {secret:?}");
    }
    for file in ["keeper_dev.db", "keeper_dev.db-wal"] {
        let bytes = std::fs::read(data.join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("second line") && !text.contains("rotated 'value'") && !text.contains(PASSWORD),
            "{file}"
        );
    }
}

/// Each change is made to a copy of the data folder, as by somebody who can write the database.
async fn log_cannot_be_rewritten(data: &Path) {
    let changes = [
        ("edited", "UPDATE audit_events SET payload = replace(payload, 'story-admin', 'somebody') WHERE seq = 3"),
        ("edited in a filter's column", "UPDATE audit_events SET actor_name = 'somebody' WHERE seq = 3"),
        ("removed", "DELETE FROM audit_events WHERE seq = 3"),
        ("cut from the end", "DELETE FROM audit_events WHERE seq > (SELECT MAX(seq) - 2 FROM audit_events)"),
        (
            "cut from the end, with the head set back",
            "DELETE FROM audit_events WHERE seq > (SELECT MAX(seq) - 2 FROM audit_events);
             UPDATE audit_head SET (seq, chain, mac) = (SELECT seq, chain, mac FROM audit_events ORDER BY seq DESC LIMIT 1)",
        ),
    ];
    for (what, sql) in changes {
        let copy = tempfile::tempdir().unwrap();
        for file in ["keeper_dev.db", "keeper_dev.db-wal", "keeper.key", "audit-head.log"] {
            let _ = std::fs::copy(data.join(file), copy.path().join(file));
        }
        let url = format!("sqlite://{}", copy.path().join("keeper_dev.db").display());
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        let (whole, text) = verify(copy.path());
        assert!(!whole, "an event was {what} and nobody saw it: {text}");
        println!("{what}: {}", text.lines().nth(1).unwrap_or_default());
    }
}
