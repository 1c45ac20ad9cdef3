//! Somebody else in the same backends: asked over their own addresses, past Keeper. Call it where `wired` has found both.
use super::env_or_skip;
use keeper::kit::chance::Chance;
use serde_json::{Value, json};

/// `path` without `v1/`; `null` where Vault answers without a body.
pub async fn in_vault(method: &str, path: &str, body: Value) -> Value {
    let (url, token) =
        (env_or_skip("KEEPER_TEST_VAULT_URL").unwrap(), env_or_skip("KEEPER_TEST_VAULT_TOKEN").unwrap());
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = reqwest::Client::new().request(method, format!("{url}/v1/{path}"));
    let answer = request.header("X-Vault-Token", token).body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success() || answer.status() == 404, "{path}: {}", answer.status());
    serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
}

/// Fields at a path of the mount `secret`.
pub async fn put_in_vault(path: &str, fields: Value) {
    in_vault("POST", &format!("secret/data/{path}"), json!({ "data": fields })).await;
}

/// What the mount `secret` knows of a path: its newest version, and the notes beside it.
pub async fn noted_in_vault(path: &str) -> (u64, Value) {
    let found = in_vault("GET", &format!("secret/metadata/{path}"), Value::Null).await;
    (found["data"]["current_version"].as_u64().unwrap_or(0), found["data"]["custom_metadata"].clone())
}

/// An action of Secrets Manager.
pub async fn in_aws(action: &str, body: Value) -> Value {
    let scope = "Credential=test/20260101/us-east-1/secretsmanager/aws4_request";
    let asked = reqwest::Client::new()
        .post(env_or_skip("KEEPER_TEST_AWS_ENDPOINT").unwrap())
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("X-Amz-Target", format!("secretsmanager.{action}"))
        .header("Authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"))
        .body(body.to_string());
    let answer = asked.send().await.unwrap();
    assert!(answer.status().is_success(), "{action}: {}", answer.status());
    answer.json().await.unwrap()
}

/// A new secret there.
pub async fn make_in_aws(name: &str, text: &str) {
    in_aws("CreateSecret", json!({ "Name": name, "SecretString": text, "ClientRequestToken": token() }))
        .await;
}

/// A new version of one.
pub async fn put_in_aws(name: &str, text: &str) {
    let body = json!({ "SecretId": name, "SecretString": text, "ClientRequestToken": token() });
    in_aws("PutSecretValue", body).await;
}

fn token() -> String {
    hex::encode(Chance::System.bytes::<16>().unwrap())
}

/// The form of an import from a backend, as its page has it, and adopting what is there.
pub fn gathering<'a>(environment: &'a str, backend: &'a str, folder: &'a str) -> [(&'a str, &'a str); 9] {
    [
        ("environment_id", environment),
        ("backend", backend),
        ("folder", folder),
        ("naming", "last"),
        ("fields", "together"),
        ("then", "adopt"),
        ("known", "skip"),
        ("secret_type", "generic"),
        ("secrecy_level", "internal"),
    ]
}
