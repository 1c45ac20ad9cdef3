//! The main job, end to end, on real parts: the binary, Chromium, OpenBao, moto, and the audit log afterwards.
use crate::support::env_or_skip;
use crate::support::provider::{Provider, Signed};
use crate::support::served::{Served, has_browser, keeper};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

const PASSWORD: &str = "a password of the story";

fn add_admin(data: &Path) {
    let mut add = keeper(data)
        .args(["user", "add", "story-admin", "--role", "admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
}

fn verify(data: &Path) -> (bool, String) {
    let output = keeper(data).args(["audit", "verify"]).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// The clicks of `tests/browser/story.mjs`; what they made, as the script tells it.
fn click_through(served: &Served, sign_in: (&str, &str), script: &str) -> Option<Value> {
    Some(served.browse(
        "story.mjs",
        &[
            sign_in,
            ("STORY_SCRIPT", script),
            ("STORY_RUN", served.url.rsplit(':').next().unwrap()),
            ("STORY_VAULT", &env_or_skip("KEEPER_TEST_VAULT_URL")?),
            ("STORY_VAULT_TOKEN", &env_or_skip("KEEPER_TEST_VAULT_TOKEN")?),
            ("STORY_AWS", &env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?),
        ],
    ))
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

// S01 S02 S03 S08 S21 S114 S115 S116: the story, first without script by somebody with a password, then with it by an
// administrator of the company's identity provider; and what they left behind.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_does_the_main_job_in_a_browser() {
    let Some(provider) = Provider::simplesaml() else { return };
    if !has_browser() {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    add_admin(data.path());
    let served = Served::start(data.path(), &provider.settings()).await;
    let _known = provider.introduce(&served, Signed::Both).await;
    let by_password = ("STORY_PASSWORD", PASSWORD);
    let by_saml = ("STORY_PROVIDER_PASSWORD", provider.password.as_str());
    for (sign_in, script) in [(by_password, "off"), (by_saml, "on")] {
        let Some(made) = click_through(&served, sign_in, script) else { return };
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
    for secret in [
        "second line",
        "rotated 'value'",
        PASSWORD,
        "a+password",
        "q=story",
        "_csrf",
        "keeper=",
        "SAMLResponse",
    ] {
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
