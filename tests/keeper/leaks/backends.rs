//! The real OpenBao and moto, asked past Keeper: credentials of the test's own, and what arrived. And one that was taken over.
use crate::support::env_or_skip;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub struct Backends {
    pub vault: String,
    root: String,
    pub aws: String,
    http: reqwest::Client,
}

impl Backends {
    pub fn there() -> Option<Self> {
        Some(Self {
            vault: env_or_skip("KEEPER_TEST_VAULT_URL")?,
            root: env_or_skip("KEEPER_TEST_VAULT_TOKEN")?,
            aws: env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?,
            http: reqwest::Client::new(),
        })
    }

    /// Makes this very text a token that may do everything.
    pub async fn accept_token(&self, token: &str) {
        let wish = json!({ "id": token, "policies": ["root"], "no_parent": true });
        let request = self
            .http
            .post(format!("{}/v1/auth/token/create", self.vault))
            .header("x-vault-token", &self.root);
        let answer = request.body(wish.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Waits until both hold this value there.
    pub async fn hold(&self, path: &str, value: &str) {
        let patience = Instant::now();
        loop {
            let held = [self.in_vault(path).await, self.in_aws(path).await];
            if held.iter().all(|held| held == value) {
                return;
            }
            assert!(patience.elapsed() < Duration::from_mins(1), "{path}: the copies are {held:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn in_vault(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/v1/secret/data/{path}", self.vault));
        let answer: Value =
            request.header("x-vault-token", &self.root).send().await.unwrap().json().await.unwrap();
        answer["data"]["data"]["value"].clone()
    }

    async fn in_aws(&self, path: &str) -> Value {
        let request = self.http.post(&self.aws).header("x-amz-target", "secretsmanager.GetSecretValue");
        let request = request.header("content-type", "application/x-amz-json-1.1").header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0",
        );
        let answer: Value =
            request.body(json!({ "SecretId": path }).to_string()).send().await.unwrap().json().await.unwrap();
        answer["SecretString"].clone()
    }
}

/// Refuses everything, in the words that it was sent. AWS's client is told that nothing is there yet, so that it sends a value.
pub async fn taken_over() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(echo)).await });
    url
}

async fn echo(request: Request) -> (StatusCode, String) {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let sent = format!("{:?} {}", head.headers, String::from_utf8_lossy(&body));
    let kind = if sent.contains("DescribeSecret") { "ResourceNotFoundException" } else { &sent };
    let told = json!({ "errors": [sent], "message": sent, "Message": sent, "__type": kind });
    (StatusCode::BAD_REQUEST, told.to_string())
}
