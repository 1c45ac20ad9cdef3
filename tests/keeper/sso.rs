//! People come in through their company's identity provider: real ones, in a real browser, against the real binary.
//! Who they become, what each may see, and what is left behind of somebody who was refused.
use crate::support::env_or_skip;
use crate::support::provider::{Provider, Signed};
use crate::support::served::{Served, has_browser, keeper};
use crate::support::site::Visitor;
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const EVERYBODY: &str = "admin,manager,user,outsider";
/// Who is refused, and the word that must stand in the logs and not on the page.
const NO_GROUP: (&str, &str) = ("outsider", "group");
const NO_LASTING_NAME: (&str, &str) = ("admin", "transient");

fn seed(data: &Path) {
    let mut seed = keeper(data)
        .args(["seed-demo", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    seed.stdin.take().unwrap().write_all(b"a password of the demo").unwrap();
    assert!(seed.wait().unwrap().success());
}

/// Keeper with demo data that knows the provider; `None` where there is no browser.
async fn demo(provider: &Provider) -> Option<(TempDir, Served)> {
    if !has_browser() {
        return None;
    }
    let data = tempfile::tempdir().unwrap();
    seed(data.path());
    let served = Served::start(data.path(), &provider.settings()).await;
    Some((data, served))
}

fn journey(served: &Served, provider: &Provider, people: &str, refused: &str, script: &str) -> Value {
    let settings = [
        ("SSO_PEOPLE", people),
        ("SSO_REFUSED", refused),
        ("SSO_PASSWORD", &provider.password),
        ("SSO_SCRIPT", script),
        ("SSO_STEP_UP", if provider.asks_again { "on" } else { "off" }),
    ];
    served.browse("sso.mjs", &settings)
}

async fn texts(data: &Path, sql: &'static str) -> Vec<String> {
    let url = format!("sqlite://{}?mode=ro", data.join("keeper_dev.db").display());
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    let texts = sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    texts
}

/// One account for each person who was let in, however often; none for the others.
async fn accounts(data: &Path) -> Vec<String> {
    texts(data, "SELECT username || ' is ' || role FROM users WHERE auth_method = 'saml' ORDER BY username")
        .await
}

/// Short words and a reference on the page; the reason under that reference in the audit log and in the process's log.
async fn refusal_is_explained_to_operators_only(
    served: &Served,
    data: &Path,
    seen: &Value,
    (name, reason): (&str, &str),
) {
    let page = seen[name].as_str().unwrap();
    assert!(!page.contains("canteen") && !page.contains(reason), "{page}");
    let is_reference = |word: &&str| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let reference = page.split(|c: char| !c.is_ascii_alphanumeric()).find(is_reference).expect(page);
    let events = texts(data, "SELECT payload FROM audit_events ORDER BY seq").await;
    let event = events.iter().find(|event| event.contains(reference)).expect(reference);
    assert!(event.contains(reason), "{event}");
    let log = served.log();
    let line = log.lines().find(|line| line.contains(reference) && line.contains(reason));
    assert!(line.is_some(), "{reference} is not explained in the log:\n{log}");
}

// S04 S37 S38 S40 S42 S115
#[tokio::test(flavor = "multi_thread")]
async fn people_of_simplesamlphp_come_in_by_their_groups() {
    let Some(provider) = Provider::simplesaml() else { return };
    let Some((data, served)) = demo(&provider).await else { return };
    for (signed, people, refused, script) in [
        (Signed::Both, EVERYBODY, NO_GROUP, "on"),
        (Signed::Both, EVERYBODY, NO_GROUP, "off"),
        (Signed::Response, "manager,outsider", NO_GROUP, "on"),
        (Signed::Assertion, "user,outsider", NO_GROUP, "off"),
        (Signed::Transient, "admin", NO_LASTING_NAME, "on"),
    ] {
        let _known = provider.introduce(&served, signed).await;
        let seen = journey(&served, &provider, people, refused.0, script);
        println!("{signed:?}, script {script}: {people}; refused {}", refused.0);
        refusal_is_explained_to_operators_only(&served, data.path(), &seen, refused).await;
    }
    assert_eq!(accounts(data.path()).await, ["admin is admin", "manager is manager", "user is user"]);
}

/// An admin of the demo makes Keeper's key: from then on it signs, and what is encrypted for it opens.
async fn make_key(served: &Served) {
    let admin = Visitor::of(&served.url);
    admin.get("/login").await;
    let password = [("username", "demo-admin"), ("password", "a password of the demo")];
    assert_eq!(admin.post("/login", &password).await.status, 303);
    admin.get("/settings/saml").await;
    let made = admin.post("/settings/saml/keys", &[]).await;
    assert_eq!(made.status, 303, "{}", made.body);
}

// S04 S41: signed requests, encrypted assertions, and the end of a session both ways.
#[tokio::test(flavor = "multi_thread")]
async fn simplesamlphp_believes_signed_requests_encrypts_and_ends_sessions_both_ways() {
    let Some(provider) = Provider::simplesaml() else { return };
    let Some((data, served)) = demo(&provider).await else { return };
    make_key(&served).await;
    for (signed, people, script) in
        [(Signed::Encrypted, "manager,outsider", "on"), (Signed::Closed, "user,outsider", "off")]
    {
        let _known = provider.introduce(&served, signed).await;
        let seen = journey(&served, &provider, people, NO_GROUP.0, script);
        refusal_is_explained_to_operators_only(&served, data.path(), &seen, NO_GROUP).await;
        let out = provider.metadata.replace("metadata.php", "SingleLogoutService.php");
        let home =
            provider.metadata.replace("saml2/idp/metadata.php", "module.php/core/frontpage_welcome.php");
        let logout = format!("{out}?ReturnTo={home}");
        let settings =
            [("SSO_PASSWORD", provider.password.as_str()), ("SSO_SCRIPT", script), ("SSO_LOGOUT", &logout)];
        served.browse("logout.mjs", &settings);
    }
    let ended = texts(data.path(), "SELECT payload FROM audit_events WHERE action = 'session.ended'").await;
    let by_provider =
        ended.iter().filter(|event| event.contains("asked for by the identity provider")).count();
    assert_eq!(by_provider, 2, "{ended:?}");
}

// S04 S37 S38 S40 S42 S115
#[tokio::test(flavor = "multi_thread")]
async fn people_of_nanoidp_come_in_by_their_groups() {
    let Some(provider) = Provider::nanoidp() else { return };
    let Some((data, served)) = demo(&provider).await else { return };
    for (people, script) in [(EVERYBODY, "on"), ("manager,outsider", "off")] {
        let seen = journey(&served, &provider, people, NO_GROUP.0, script);
        refusal_is_explained_to_operators_only(&served, data.path(), &seen, NO_GROUP).await;
    }
    // It names people by their address.
    let named = ["admin@example.org is admin", "manager@example.org is manager", "user@example.org is user"];
    assert_eq!(accounts(data.path()).await, named);
}

// S115: what Keeper says of itself follows the standard's schema.
#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_keeper_is_valid() {
    let (Some(provider), Some(schemas)) = (Provider::simplesaml(), env_or_skip("KEEPER_TEST_SAML_SCHEMAS"))
    else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(data.path(), &provider.settings()).await;
    let answer = reqwest::get(format!("{}/saml/metadata", served.url)).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/samlmetadata+xml");
    let file = data.path().join("metadata.xml");
    std::fs::write(&file, answer.text().await.unwrap()).unwrap();
    let check = "$d = new DOMDocument(); exit($d->load($argv[1]) && $d->schemaValidate($argv[2]) ? 0 : 1);";
    let schema = Path::new(&schemas).join("saml-schema-metadata-2.0.xsd");
    let output = Command::new("php").args(["-r", check, "--"]).arg(&file).arg(schema).output().unwrap();
    let words =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && words.is_empty(), "{words}");
}
