//! The real binary while the key service is away: at the start, later, and back again; and what stops it for good.
use super::{Pairs, TransitKey, command, pairs};
use crate::leaks::hunt::Hunt;
use crate::leaks::stored;
use crate::support::house::fresh_database;
use crate::support::served::Served;
use crate::support::site::Visitor;
use keeper::db::Engine;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};

const WORDS: &str = "a password for tests";

/// A way to the real Vault that can be shut.
struct Way {
    url: String,
    is_open: Arc<AtomicBool>,
}

impl Way {
    async fn to(target: &str) -> Self {
        let target = target.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let is_open = Arc::new(AtomicBool::new(true));
        let open = is_open.clone();
        tokio::spawn(async move {
            loop {
                let Ok((mut here, _)) = listener.accept().await else { return };
                if !open.load(Ordering::SeqCst) {
                    continue; // dropped: the caller sees a connection that broke
                }
                let (target, open) = (target.clone(), open.clone());
                tokio::spawn(async move {
                    let Ok(mut there) = TcpStream::connect(&target).await else { return };
                    let shut = async {
                        while open.load(Ordering::SeqCst) {
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut here, &mut there) => {}
                        () = shut => {}
                    }
                });
            }
        });
        Self { url, is_open }
    }

    async fn shut(&self, shut: bool) {
        self.is_open.store(!shut, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn borrowed(of: &Pairs) -> Vec<(&str, &str)> {
    of.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn add_admin(data: &Path, settings: &Pairs) {
    let mut add = command(data, settings, &["user", "add", "ada", "--role", "admin", "--password-stdin"]);
    let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    add.stdin.take().unwrap().write_all(WORDS.as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
}

async fn ready(url: &str) -> u16 {
    reqwest::get(format!("{url}/readyz")).await.unwrap().status().as_u16()
}

#[expect(clippy::too_many_lines, reason = "one story, told from its beginning to its end")]
async fn story(engine: Engine) {
    let Some(transit) = TransitKey::there().await else { return };
    let data = tempfile::tempdir().unwrap();
    let Some(database) = fresh_database(engine, &data).await else { return };
    let way = Way::to(&transit.url).await;
    let more = [
        ("KEEPER_DATABASE_URL", database.as_str()),
        ("KEEPER_KMS_VAULT_URL", &way.url),
        ("KEEPER_LIMITS", "off"),
    ];
    let mut settings = [transit.chosen(), pairs(&more)].concat();
    // The later one counts where a variable is set twice.
    settings.retain(|(name, value)| name != "KEEPER_KMS_VAULT_URL" || *value == way.url);
    let loud = [settings.clone(), pairs(&[("KEEPER_LOG", "trace")])].concat();
    add_admin(data.path(), &settings);
    assert!(!data.path().join("keeper.key").exists(), "no key file is made where none is used");

    // Away at the start: it serves, and says what is wrong.
    way.shut(true).await;
    let served = Served::start(data.path(), &borrowed(&loud)).await;
    assert_eq!(ready(&served.url).await, 503);
    let ada = Visitor::of(&served.url);
    let page = ada.get("/login").await;
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("key management service is away") && page.body.contains("Vault"),
        "{}",
        page.body
    );
    // A command needs the keys now.
    let refused = command(data.path(), &settings, &["audit", "verify"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(69), "{}", String::from_utf8_lossy(&refused.stderr));

    // Back: without a restart.
    way.shut(false).await;
    let patience = Instant::now();
    while ready(&served.url).await != 200 {
        assert!(patience.elapsed() < Duration::from_secs(40), "{}", served.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    ada.get("/login").await;
    let signed_in = ada.post("/login", &[("username", "ada"), ("password", WORDS)]).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    ada.get("/environments/new").await;
    let made = ada
        .post(
            "/environments",
            &[("name", "dev"), ("display_name", "Dev"), ("stage", "development"), ("access", "open")],
        )
        .await;
    let environment = made.new_id().to_string();
    let new = [
        ("environment_id", environment.as_str()),
        ("name", "db"),
        ("display_name", "db"),
        ("secret_type", "password"),
        ("secrecy_level", "internal"),
        ("mode", "typed"),
        ("value", "the-value"),
        ("reason", "a test"),
    ];
    ada.get(&format!("/secrets/new?environment={environment}")).await;
    let secret = ada.post("/secrets", &new).await.new_id();
    let reveal = format!("/secrets/{secret}/reveal");
    ada.get(&reveal).await;
    let shown = ada.post(&reveal, &[("reason", "a test")]).await;
    assert!(shown.status == 200 && shown.body.contains("the-value"), "{}", shown.body);

    // Lost later: people come in, look and read the log; values wait.
    way.shut(true).await;
    let bob = Visitor::of(&served.url);
    bob.get("/login").await;
    assert_eq!(bob.post("/login", &[("username", "ada"), ("password", WORDS)]).await.status, 303);
    for path in ["/", "/secrets", &format!("/secrets/{secret}"), "/audit", "/settings/keys"] {
        assert_eq!(ada.get(path).await.status, 200, "{path}");
    }
    ada.get(&reveal).await;
    let refused = ada.post(&reveal, &[("reason", "a test")]).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("key service") && !refused.body.contains("the-value"), "{}", refused.body);
    ada.get(&format!("/secrets/new?environment={environment}")).await;
    let mut other = new;
    other[1].1 = "other";
    assert_eq!(ada.post("/secrets", &other).await.status, 503);
    assert!(!ada.get("/secrets").await.body.contains("other"));

    way.shut(false).await;
    ada.get(&reveal).await;
    assert_eq!(ada.post(&reveal, &[("reason", "a test")]).await.status, 200);

    // The token is refused from now on: told in words, and nowhere is the token itself.
    transit.revoke().await;
    ada.get(&reveal).await;
    let refused = ada.post(&reveal, &[("reason", "a test")]).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("token"), "{}", refused.body);
    let keys = ada.get("/settings/keys").await;
    assert!(keys.body.contains("does not answer"));
    let log = served.log();
    drop(served);
    let mut hunt = Hunt::new("the control").for_word("the key service's token", &transit.token);
    for (place, text) in
        [("the log", log.as_str()), ("a refusal", &refused.body), ("the keys' page", &keys.body)]
    {
        hunt.look(place, text.as_bytes());
    }
    stored::files(&mut hunt, "afterwards", data.path());
    stored::tables(&mut hunt, &database).await;
    assert!(hunt.leaks.is_empty(), "{:#?}", hunt.leaks);
    assert!(
        log.contains("the key service is back") && log.contains("Vault refuses the key service's token"),
        "{log}"
    );
}

// S07 S48: serving without the key service, with it again, and never with its token where somebody could read it.
#[tokio::test(flavor = "multi_thread")]
async fn keeper_lives_without_its_key_service_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keeper_lives_without_its_key_service_on_postgres() {
    story(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keeper_lives_without_its_key_service_on_mysql() {
    story(Engine::Mysql).await;
}

// S07: the wrong key, and a key service that something still needs, stop the start with one line.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_stops_the_start() {
    let (Some(transit), Some(other)) = (TransitKey::there().await, TransitKey::there().await) else { return };
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("keeper.db").display());
    let here = pairs(&[("KEEPER_DATABASE_URL", &database)]);
    add_admin(data.path(), &[transit.chosen(), here.clone()].concat());
    let stops = |settings: Pairs, word: &str| {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let listen = pairs(&[("KEEPER_LISTEN", &free.to_string())]);
        let stopped =
            command(data.path(), &[settings, here.clone(), listen].concat(), &["serve"]).output().unwrap();
        let said = String::from_utf8_lossy(&stopped.stderr).into_owned();
        assert_eq!(stopped.status.code(), Some(78), "{said}");
        assert!(said.contains(word) && !said.contains("canary"), "{said}");
    };
    stops(other.chosen(), "KEEPER_KMS_VAULT_KEY");
    stops(pairs(&[]), "KEEPER_KMS_KEY_FILE");
    // Back to a key file that there is, while everything is still wrapped by Vault.
    let key_file = pairs(&[("KEEPER_KMS_KEY_FILE", &data.path().join("other.key").display().to_string())]);
    let elsewhere =
        pairs(&[("KEEPER_DATABASE_URL", &format!("sqlite://{}", data.path().join("other.db").display()))]);
    assert!(
        command(data.path(), &[key_file.clone(), elsewhere].concat(), &["audit", "verify"])
            .output()
            .unwrap()
            .status
            .success()
    );
    stops(key_file, "KEEPER_KMS_VAULT_URL");
}
