//! The key services: the key file, AWS KMS (moto) and the transit engine of `OpenBao`; switching, rewrapping, and living without one.
mod away;
mod faults;
#[cfg(feature = "faults")]
mod killed;
mod page;
mod providers;
mod rewrap;
mod sealed;

use crate::support::{House, env_or_skip};
use keeper::app::{App, Shared};
use keeper::config::{Overrides, Settings};
use keeper::crypto::kms::Kms;
use keeper::crypto::passwords::Hasher;
use keeper::db::Db;
use keeper::domain::error::Result;
use keeper::kit::chance::Chance;
use keeper::kit::clock::Clock;
use keeper::rekey::{self, Rewrap, Step};
use keeper::secrets;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Settings as a test adds them to those of its house.
type Pairs = Vec<(String, String)>;

fn pairs(of: &[(&str, &str)]) -> Pairs {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The real binary with these settings.
fn command(data: &Path, settings: &Pairs, words: &[&str]) -> Command {
    let mut command = crate::support::served::keeper(data);
    command.args(words).envs(settings.iter().cloned());
    command
}

fn fresh() -> String {
    format!("t{}", hex::encode(Chance::System.bytes::<6>().unwrap()))
}

/// The transit engine of the real server, with a key and a token of this test's own.
pub struct TransitKey {
    pub url: String,
    root: String,
    pub name: String,
    pub token: String,
    http: reqwest::Client,
}

impl TransitKey {
    pub async fn there() -> Option<Self> {
        let (url, root) = (env_or_skip("KEEPER_TEST_VAULT_URL")?, env_or_skip("KEEPER_TEST_VAULT_TOKEN")?);
        let token = format!("canary{}", fresh());
        let it = Self { url, root, name: fresh(), token, http: reqwest::Client::new() };
        // The tests share one server: whoever comes first mounts the engine.
        it.ask("POST", "sys/mounts/transit", json!({ "type": "transit" })).await;
        it.must("POST", &format!("transit/keys/{}", it.name), json!({ "type": "aes256-gcm96" })).await;
        let policy = format!(
            "path \"transit/encrypt/{0}\" {{ capabilities = [\"update\"] }}\npath \"transit/decrypt/{0}\" {{ capabilities = [\"update\"] }}",
            it.name
        );
        it.must("POST", &format!("sys/policies/acl/{}", it.name), json!({ "policy": policy })).await;
        let token = json!({ "id": it.token, "policies": [it.name], "no_parent": true });
        it.must("POST", "auth/token/create", token).await;
        Some(it)
    }

    async fn ask(&self, method: &str, path: &str, body: Json) -> u16 {
        let request = self.http.request(method.parse().unwrap(), format!("{}/v1/{path}", self.url));
        let request = request.header("x-vault-token", &self.root).body(body.to_string());
        request.send().await.unwrap().status().as_u16()
    }

    async fn must(&self, method: &str, path: &str, body: Json) {
        let status = self.ask(method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status}");
    }

    pub async fn rotate(&self) {
        self.must("POST", &format!("transit/keys/{}/rotate", self.name), json!({})).await;
    }

    pub async fn revoke(&self) {
        self.must("POST", "auth/token/revoke", json!({ "token": self.token })).await;
    }

    /// Not chosen: it still opens what it wrapped.
    pub fn settings(&self) -> Pairs {
        pairs(&[
            ("KEEPER_KMS_VAULT_URL", &self.url),
            ("KEEPER_KMS_VAULT_KEY", &self.name),
            ("KEEPER_KMS_VAULT_TOKEN", &self.token),
        ])
    }

    pub fn chosen(&self) -> Pairs {
        [self.settings(), pairs(&[("KEEPER_KMS", "vault-transit")])].concat()
    }
}

/// A key of moto's.
pub struct AwsKey {
    endpoint: String,
    arn: String,
}

impl AwsKey {
    pub async fn there() -> Option<Self> {
        use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
        let endpoint = env_or_skip("KEEPER_TEST_AWS_ENDPOINT")?;
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .endpoint_url(&endpoint);
        let made = aws_sdk_kms::Client::from_conf(config.build()).create_key().send().await.unwrap();
        let arn = made.key_metadata.unwrap().arn.unwrap();
        Some(Self { endpoint, arn })
    }

    pub fn settings(&self) -> Pairs {
        pairs(&[
            ("KEEPER_KMS_AWS_KEY", &self.arn),
            ("KEEPER_KMS_AWS_REGION", "us-east-1"),
            ("KEEPER_KMS_AWS_ENDPOINT", &self.endpoint),
            ("KEEPER_KMS_AWS_ACCESS_KEY_ID", "test"),
            ("KEEPER_KMS_AWS_SECRET_ACCESS_KEY", "test"),
        ])
    }

    pub fn chosen(&self) -> Pairs {
        [self.settings(), pairs(&[("KEEPER_KMS", "aws")])].concat()
    }
}

fn settings(house: &House, more: &Pairs) -> Settings {
    let mut env = BTreeMap::from([
        ("KEEPER_DATA_DIR".to_owned(), house.data.path().display().to_string()),
        ("KEEPER_DATABASE_URL".to_owned(), house.app.settings.database_url.expose().to_owned()),
        ("KEEPER_LIMITS".to_owned(), "off".to_owned()),
        ("KEEPER_DATABASE_POOL".to_owned(), "4".to_owned()),
    ]);
    env.extend(more.iter().cloned());
    Settings::load(&Overrides::default(), &env).unwrap()
}

/// Another process on the same database, with these settings and the same clock. Its keys are not opened yet.
async fn beside(house: &House, more: &Pairs) -> Shared {
    let settings = settings(house, more);
    let db = Db::open(settings.database_url.expose(), settings.database_pool).await.unwrap();
    let kms = Kms::open(&settings, false, &Chance::System).await.unwrap();
    let hasher = Hasher::new(&Chance::System).unwrap();
    Arc::new(App::new(settings, db, kms, hasher, Clock::fixed(house.app.now()), Chance::System))
}

/// The same house after its settings were changed.
async fn again(house: House, more: &Pairs) -> House {
    let app = beside(&house, more).await;
    app.open_keys().await.unwrap();
    House { app, data: house.data }
}

async fn value(app: &App, house: &House, secret: i64) -> Result<String> {
    let found = secrets::find(app, &house.operator(), secret).await?.secret;
    let value = secrets::open_version(app, &found, found.current_version).await?;
    Ok(String::from_utf8(value.expose().to_vec()).unwrap())
}

/// Asks for a rewrap and does it to its end.
async fn rewrap(house: &House) -> Rewrap {
    rekey::start(&house.app, &house.operator()).await.unwrap();
    work(house).await
}

async fn work(house: &House) -> Rewrap {
    while rekey::work(&house.app).await.unwrap() == Step::Done {}
    rekey::latest(&house.app).await.unwrap().unwrap()
}

/// The first words of all stored key ids, table by table.
async fn wrapped_by(house: &House) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for held in rekey::holdings(&house.app).await.unwrap() {
        all.push(format!("{} {}", held.place.as_str(), held.key_id.split(':').next().unwrap()));
    }
    all.dedup();
    all
}
