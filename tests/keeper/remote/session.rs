//! Who Keeper is in Vault: an `AppRole`, tokens that end, and a server that an authority of one's own vouches for.
use super::{endpoint, fresh, mark, server, value};
use crate::sources::tls::Authority;
use keeper::remote::{RemoteError, SignIn, Step, Store, Vault, VaultSettings, Verdict};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

pub struct Roles {
    pub url: String,
    root: String,
    pub mount: String,
    pub role_id: String,
}

impl Roles {
    /// An auth method of this test's own, with a role that may use the mount `secret`.
    pub async fn there(ttl: &str) -> Option<Self> {
        let url = server("KEEPER_TEST_VAULT_URL")?;
        let mut it =
            Self { url, root: server("KEEPER_TEST_VAULT_TOKEN")?, mount: fresh(), role_id: String::new() };
        let policy = "path \"secret/*\" { capabilities = [\"create\", \"read\", \"update\", \"delete\"] }";
        it.ask("POST", &format!("sys/policies/acl/{}", it.mount), json!({ "policy": policy })).await;
        it.ask("POST", &format!("sys/auth/{}", it.mount), json!({ "type": "approle" })).await;
        let role = json!({ "token_policies": [it.mount], "token_ttl": ttl });
        it.ask("POST", &format!("auth/{}/role/keeper", it.mount), role).await;
        let told = it.ask("GET", &format!("auth/{}/role/keeper/role-id", it.mount), Json::Null).await;
        told["data"]["role_id"].as_str().unwrap().clone_into(&mut it.role_id);
        Some(it)
    }

    async fn ask(&self, method: &str, path: &str, body: Json) -> Json {
        let request =
            reqwest::Client::new().request(method.parse().unwrap(), format!("{}/v1/{path}", self.url));
        let request = request.header("x-vault-token", &self.root);
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        request.send().await.unwrap().json().await.unwrap_or_default()
    }

    /// One that signs in so often; 0: without end.
    pub async fn secret_id(&self, uses: u32) -> String {
        let path = format!("auth/{}/role/keeper/secret-id", self.mount);
        let told = self.ask("POST", &path, json!({ "num_uses": uses })).await;
        told["data"]["secret_id"].as_str().unwrap().to_owned()
    }

    async fn revoke_all(&self) {
        self.ask("POST", &format!("sys/leases/revoke-prefix/auth/{}/login", self.mount), json!({})).await;
    }

    fn store(&self, secret_id: &str) -> Store {
        of(
            &self.url,
            "",
            SignIn::AppRole {
                mount: self.mount.clone(),
                role_id: self.role_id.clone(),
                secret_id: value(secret_id),
            },
        )
    }
}

fn of(url: &str, authority: &str, sign_in: SignIn) -> Store {
    let settings = VaultSettings {
        endpoint: endpoint(url),
        mount: "secret".into(),
        namespace: None,
        sign_in,
        authority: authority.to_owned(),
    };
    Store::Vault(Vault::new(settings).unwrap())
}

async fn push(store: &Store, path: &str, number: i64) -> Result<(), RemoteError> {
    store.push(path, &value(&format!("value {number}")), &mark("a", number)).await.map(drop)
}

#[tokio::test] // S02: its secret id signs in once alone, so only renewal keeps it going.
async fn an_approles_token_is_renewed_before_it_ends() {
    let Some(roles) = Roles::there("3s").await else { return };
    let (store, path) = (roles.store(&roles.secret_id(1).await), fresh());
    for number in 1..=3 {
        push(&store, &path, number).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2200)).await;
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let why = push(&store, &path, 4).await.unwrap_err();
    assert!(
        !why.may_pass() && why.to_string().contains("AppRole"),
        "it has ended, and signs in no more: {why}"
    );
}

#[tokio::test] // S02
async fn an_approle_whose_token_was_revoked_signs_in_again() {
    let Some(roles) = Roles::there("1h").await else { return };
    let (store, path) = (roles.store(&roles.secret_id(0).await), fresh());
    push(&store, &path, 1).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5100)).await;
    roles.revoke_all().await;
    push(&store, &path, 2).await.unwrap();
    let told = store.probe(&path).await;
    assert!(told.iter().all(|one| matches!(one.verdict, Verdict::Well(_))), "{told:?}");
}

#[tokio::test] // S02
async fn a_wrong_secret_id_is_told_as_that() {
    let Some(roles) = Roles::there("1h").await else { return };
    let told = roles.store("no-such-id").probe("x").await;
    let sign_in = told.iter().find(|one| one.step == Step::SignIn).unwrap();
    assert!(
        matches!(&sign_in.verdict, Verdict::Failed(why) if why.contains("AppRole") && !why.contains("no-such")),
        "{told:?}"
    );
    assert!(matches!(told[1].verdict, Verdict::Well(_)), "it was reached without signing in: {told:?}");
    let nowhere = SignIn::AppRole { mount: fresh(), role_id: "x".into(), secret_id: value("y") };
    let why = push(&of(&roles.url, "", nowhere), "x", 1).await.unwrap_err();
    assert!(!why.may_pass(), "{why}");
}

#[tokio::test] // S02
async fn a_token_that_can_be_renewed_is() {
    let Some(roles) = Roles::there("1h").await else { return };
    let made =
        roles.ask("POST", "auth/token/create", json!({ "policies": [roles.mount], "period": "3s" })).await;
    let token = made["auth"]["client_token"].as_str().unwrap();
    let (store, path) = (of(&roles.url, "", SignIn::Token(value(token))), fresh());
    for number in 1..=3 {
        push(&store, &path, number).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2200)).await;
    }
}

#[tokio::test] // S02
async fn an_authority_of_ones_own_is_believed_and_no_other() {
    let Some(roles) = Roles::there("1h").await else { return };
    let (ours, other) = (Authority::new(), Authority::new());
    let acceptor = ours.acceptor("localhost");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let target = roles.url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, target) = (acceptor.clone(), target.clone());
            tokio::spawn(async move {
                let mut client = acceptor.accept(client).await?;
                copy_bidirectional(&mut client, &mut TcpStream::connect(target).await?).await
            });
        }
    });
    let token = || SignIn::Token(value(&roles.root));
    push(&of(&url, &ours.pem(), token()), &fresh(), 1).await.unwrap();
    for authority in [String::new(), other.pem()] {
        let why = push(&of(&url, &authority, token()), &fresh(), 1).await.unwrap_err();
        assert!(why.to_string().contains("certificate"), "{why}");
    }
}
