//! An `OpenBao` of the test's own, which is sealed, restarted, and takes a token back.
use super::{Scene, push_all, wiring};
use crate::support::House;
use crate::support::env_or_skip;
use keeper::db::Engine;
use keeper::domain::enums::{Backend, SyncStatus};
use keeper::environments;
use keeper::sync::Stores;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Bao {
    program: PathBuf,
    data: TempDir,
    url: String,
    process: Child,
    http: reqwest::Client,
    root: String,
    key: String,
}

impl Bao {
    /// Initialised and unsealed, with a KV version 2 at `secret`.
    async fn start() -> Option<Self> {
        let program = PathBuf::from(env_or_skip("KEEPER_TEST_BAO")?);
        let data = tempfile::tempdir().unwrap();
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (here, cluster, kept) = (free(), free(), data.path().join("kept"));
        std::fs::create_dir(&kept).unwrap();
        let settings = format!(
            "storage \"raft\" {{ path = \"{}\"\n node_id = \"one\" }}\nlistener \"tcp\" {{ address = \"{here}\"\n cluster_address = \"{cluster}\"\n tls_disable = true }}\napi_addr = \"http://{here}\"\ncluster_addr = \"http://{cluster}\"\n",
            kept.display()
        );
        std::fs::write(data.path().join("bao.hcl"), settings).unwrap();
        let process = run(&program, &data);
        let (url, http) = (format!("http://{here}"), reqwest::Client::new());
        let mut it = Self { program, data, url, process, http, root: String::new(), key: String::new() };
        it.answers().await;
        let made = it.ask("PUT", "sys/init", json!({ "secret_shares": 1, "secret_threshold": 1 })).await;
        it.root = made["root_token"].as_str().unwrap().to_owned();
        it.key = made["keys_base64"][0].as_str().unwrap().to_owned();
        it.unseal().await;
        it.ask("POST", "sys/mounts/secret", json!({ "type": "kv", "options": { "version": "2" } })).await;
        Some(it)
    }

    async fn answers(&self) {
        let began = Instant::now();
        while self.http.get(format!("{}/v1/sys/seal-status", self.url)).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "it does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn ask(&self, method: &str, path: &str, body: Json) -> Json {
        let request = self.http.request(method.parse().unwrap(), format!("{}/v1/{path}", self.url));
        let request = request.header("x-vault-token", &self.root).body(body.to_string());
        request.send().await.unwrap().json().await.unwrap_or_default()
    }

    async fn seal(&self) {
        self.ask("PUT", "sys/seal", json!({})).await;
    }

    async fn unseal(&self) {
        let said = self.ask("PUT", "sys/unseal", json!({ "key": self.key })).await;
        assert_eq!(said["sealed"], false, "{said}");
        let began = Instant::now();
        // Unsealed, it becomes the active one in a moment.
        while !self
            .http
            .get(format!("{}/v1/sys/health", self.url))
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
        {
            assert!(began.elapsed() < Duration::from_secs(30), "it does not become active");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Killed, and there again; sealed, as after every start.
    async fn restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = run(&self.program, &self.data);
        self.answers().await;
    }

    async fn a_token(&self) -> String {
        let made = self.ask("POST", "auth/token/create", json!({ "policies": ["root"], "ttl": "1h" })).await;
        made["auth"]["client_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(program: &PathBuf, data: &TempDir) -> Child {
    let mut command = Command::new(program);
    command.arg("server").arg(format!("-config={}", data.path().join("bao.hcl").display()));
    command.env_remove("VAULT_ADDR").env("HOME", data.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Scene {
    /// What the copy in Vault says after a push.
    async fn told(&self) -> (SyncStatus, String) {
        let (status, _) = self.push_to(Backend::Vault).await;
        (status, self.copy(Backend::Vault).await.last_error.unwrap_or_default())
    }

    /// Its next try is due.
    async fn tries_again(&self) -> SyncStatus {
        let next = self.copy(Backend::Vault).await.next_try_at.unwrap();
        self.house.app.clock.advance(next.since(self.house.app.now()) + time::Duration::seconds(1));
        self.push_to(Backend::Vault).await.0
    }
}

#[tokio::test(flavor = "multi_thread")] // S02 S03
async fn a_sealed_a_restarted_and_a_forgetful_openbao_are_told_and_outlived() {
    let Some(mut bao) = Bao::start().await else { return };
    let token = bao.a_token().await;
    let (Some(mut form), Some(house)) =
        (wiring("own-bao", None, Some(&bao.url)), House::new(Engine::Sqlite).await)
    else {
        return;
    };
    form.aws_enabled = None;
    form.vault_token = Some(token.clone().into());
    let environment =
        environments::create(&house.app, &house.operator(), form.parse().unwrap()).await.unwrap();
    let id = house.add_secret(environment, "db", "first").await;
    let it = Scene { house, environment, stores: Stores::default(), id };
    push_all(&it.house, &it.stores).await;
    assert_eq!(it.house.secret(id).await.sync_status(), SyncStatus::Synced);

    // Sealed: told as that, and well again by itself.
    bao.seal().await;
    it.house.rotate(&it.house.operator(), id, "second").await.unwrap();
    let (status, told) = it.told().await;
    assert_eq!(status, SyncStatus::Pending, "{told}");
    assert!(told.contains("is sealed"), "{told}");
    bao.unseal().await;
    assert_eq!(it.tries_again().await, SyncStatus::Synced);

    // Killed and started: sealed once more, and then everything is where it was.
    it.house.rotate(&it.house.operator(), id, "third").await.unwrap();
    bao.restart().await;
    let (status, told) = it.told().await;
    assert_eq!(status, SyncStatus::Pending, "{told}");
    bao.unseal().await;
    assert_eq!(it.tries_again().await, SyncStatus::Synced);

    // Its token is taken back: only somebody who enters another one can help, and then the copy is put right.
    bao.ask("POST", "auth/token/revoke", json!({ "token": token })).await;
    it.house.rotate(&it.house.operator(), id, "fourth").await.unwrap();
    let (status, told) = it.told().await;
    assert_eq!(status, SyncStatus::Failed, "{told}");
    assert!(told.contains("token") && !told.contains(&token), "{told}");
    let mut form = wiring("own-bao", None, Some(&bao.url)).unwrap();
    form.aws_enabled = None;
    form.vault_token = Some(bao.a_token().await.into());
    it.lead(form, Backend::Vault, bao.url.clone()).await;
    assert_eq!(it.tries_again().await, SyncStatus::Synced);
    assert_eq!(it.copy(Backend::Vault).await.remote_version.as_deref(), Some("4"), "each value once");
}

#[tokio::test(flavor = "multi_thread")] // S44: two environments write to two servers, each with its own token.
async fn each_environment_has_a_server_of_its_own() {
    let Some(bao) = Bao::start().await else { return };
    let house = House::new(Engine::Sqlite).await.unwrap();
    let mut ids = Vec::new();
    for (name, url, token) in
        [("here", None, None), ("there", Some(bao.url.as_str()), Some(bao.a_token().await))]
    {
        let Some(mut form) = wiring(name, None, url) else { return };
        form.aws_enabled = None;
        form.vault_token = token.map(Into::into).or(form.vault_token);
        let environment =
            environments::create(&house.app, &house.operator(), form.parse().unwrap()).await.unwrap();
        ids.push((environment, house.add_secret(environment, "db", name).await));
    }
    let stores = Stores::default();
    push_all(&house, &stores).await;
    let mut held = Vec::new();
    for (environment, id) in &ids {
        assert_eq!(house.secret(*id).await.sync_status(), SyncStatus::Synced);
        let path = house.environment(*environment).await.path(Backend::Vault, "", "db");
        for (reader, _) in &ids {
            let store = stores
                .of(&house.app, &house.environment(*reader).await, Backend::Vault)
                .await
                .unwrap()
                .unwrap();
            held.push(
                store
                    .read(&path)
                    .await
                    .unwrap()
                    .map(|there| String::from_utf8(there.value.expose().to_vec()).unwrap()),
            );
        }
    }
    assert_eq!(held, [Some("here".to_owned()), None, None, Some("there".to_owned())]);
}
