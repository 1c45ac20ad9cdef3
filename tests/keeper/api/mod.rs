//! The API as programs meet it.
mod bounds;
mod calling;
mod changing;
mod described;
mod filters;
mod many;
mod matrix;
mod once;
mod reading;
mod scopes;
mod signing;
mod strangers;
mod undoing;
mod walking;

use crate::services::{account, make, text};
use crate::support::House;
use crate::support::house::PASSWORD;
use crate::support::site::Site;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub struct Program {
    base: String,
    http: reqwest::Client,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// What is said of a field.
    pub fn said(&self, field: &str) -> &str {
        self.body["error"]["fields"][field][0].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> i64 {
        self.body["id"].as_i64().unwrap_or_else(|| panic!("{} {}", self.status, self.text))
    }
}

impl Program {
    pub fn with_token(site: &Site, token: &str) -> Self {
        Self { base: site.base.clone(), http: reqwest::Client::new(), token: token.to_owned() }
    }

    /// With a person's own token.
    pub async fn of(site: &Site, name: &str) -> Self {
        let program = Self::with_token(site, "");
        let reply = program.post("/api/v1/sessions", json!({ "username": name, "password": PASSWORD })).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        Self { token: reply.body["token"].as_str().unwrap().to_owned(), ..program }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(body.to_string()), &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, Some(body.to_string()), &[]).await
    }

    pub async fn with(&self, method: &str, path: &str, body: Value, header: (&'static str, &str)) -> Reply {
        self.send(method, path, Some(body.to_string()), &[header]).await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&'static str, &str)],
    ) -> Reply {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.body(body.unwrap_or_default()).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Reply { status, headers, text, body }
    }

    /// A new secret with this value.
    pub async fn make(&self, environment: i64, name: &str, value: &str) -> Reply {
        self.post("/api/v1/secrets", new(environment, name, value)).await
    }
}

pub fn new(environment: i64, name: &str, value: &str) -> Value {
    json!({
        "environment_id": environment,
        "name": name,
        "display_name": "The one",
        "secret_type": "password",
        "secrecy_level": "internal",
        "value": value,
        "tags": { "team": "pay" },
    })
}

/// The token of a service account of this owner, for these scopes; in all environments where none is named.
pub async fn service(
    house: &House,
    owner: &str,
    role: &str,
    scopes: &[&str],
    environments: &[i64],
) -> String {
    let name = format!("of-{owner}-{role}-{}", scopes.len());
    let id = account(house, (&name, owner), role, scopes, environments).await;
    text(&make(house, id, 30, None).await.unwrap())
}
