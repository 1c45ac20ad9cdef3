//! What AWS is told when a secret is made and when a role is taken on: on the wire, where moto looks away, and in moto.
use super::{endpoint, fixed, fresh, mark, server, value};
use keeper::remote::{Aws, AwsSettings, Making, Role, Store};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const ROLE: &str = "arn:aws:iam::111122223333:role/keeper";

fn making() -> Making {
    let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Making {
        kms_key: Some("alias/keeper-test".into()),
        tags: vec![tag("team", "pay"), tag("cost center", "a b")],
    }
}

async fn store(url: &str, role: Option<Role>) -> Store {
    let (credentials, endpoint) = (fixed("AKIATEST", "test"), Some(endpoint(url)));
    let settings = AwsSettings { region: "us-east-1".into(), endpoint, credentials, role, making: making() };
    Store::Aws(Aws::new(settings).await.unwrap())
}

/// Gives a role to whoever asks, knows no secret, and lets one be made.
async fn listening() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let keeps = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let keeps = keeps.clone();
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                let mut size = stream.read(&mut buffer).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
                size += stream.try_read(&mut buffer[size..]).unwrap_or(0);
                let said = String::from_utf8_lossy(&buffer[..size]).into_owned();
                let (status, body) = answer(&said);
                keeps.lock().unwrap().push(said);
                let top = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{top}{body}").as_bytes()).await
            });
        }
    });
    (url, heard)
}

fn answer(said: &str) -> (&'static str, String) {
    if said.contains("Action=AssumeRole") {
        let until = "2099-01-01T00:00:00Z";
        let credentials = format!(
            "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>session</SessionToken><Expiration>{until}</Expiration>"
        );
        let body = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>{credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        return ("200 OK", body);
    }
    if said.contains("secretsmanager.CreateSecret") {
        let arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-abcdef";
        return ("200 OK", format!("{{\"ARN\":\"{arn}\",\"Name\":\"x\",\"VersionId\":\"v1\"}}"));
    }
    ("400 Bad Request", "{\"__type\":\"ResourceNotFoundException\"}".to_owned())
}

#[tokio::test] // S01
async fn a_role_is_taken_on_and_a_secret_made_with_key_tags_and_token() {
    let (url, heard) = listening().await;
    let role = Role { arn: ROLE.into(), external_id: Some("ours-1".into()) };
    store(&url, Some(role)).await.push("x", &value("v"), &mark("a", 1)).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    let asked = heard.iter().find(|said| said.contains("Action=AssumeRole")).unwrap();
    assert!(asked.contains("Credential=AKIATEST") && asked.contains("RoleSessionName=keeper"), "{asked}");
    assert!(asked.contains("role%2Fkeeper") && asked.contains("ExternalId=ours-1"), "{asked}");
    let made = heard.iter().find(|said| said.contains("secretsmanager.CreateSecret")).unwrap();
    assert!(made.contains("Credential=ASIAROLE") && made.contains("x-amz-security-token: session"), "{made}");
    let body: serde_json::Value = serde_json::from_str(made.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!((&body["KmsKeyId"], &body["Name"]), (&"alias/keeper-test".into(), &"x".into()));
    // CreateSecret: 32 to 64 characters, and the same for the same version.
    assert!((32..=64).contains(&body["ClientRequestToken"].as_str().unwrap().len()), "{body}");
    let tags: Vec<&str> =
        body["Tags"].as_array().unwrap().iter().map(|tag| tag["Key"].as_str().unwrap()).collect();
    assert_eq!(tags, ["team", "cost center", "keeper:uid", "keeper:version"]);
}

#[tokio::test] // S01
async fn a_refused_role_is_told_as_missing_credentials() {
    let busy = super::hostile::denying().await;
    let role = Role { arn: ROLE.into(), external_id: None };
    let why = store(&busy, Some(role)).await.push("x", &value("v"), &mark("a", 1)).await.unwrap_err();
    assert!(why.may_pass() && why.to_string().contains("credentials"), "{why}");
}

#[tokio::test] // S01
async fn moto_knows_the_key_and_the_tags_and_the_roles_account() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (own, path) = (store(&url, None).await, fresh());
    own.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    own.push(&path, &value("w"), &mark("a", 2)).await.unwrap();
    let there = super::aws::described(&url, &path).await;
    assert_eq!(there.kms_key_id(), Some("alias/keeper-test"));
    let tags: Vec<(&str, &str)> = there.tags().iter().filter_map(|tag| tag.key().zip(tag.value())).collect();
    assert!(tags.contains(&("team", "pay")) && tags.contains(&("keeper:version", "2")), "{tags:?}");
    // A role is of an account of its own, and what is written as it lies there.
    let role = store(&url, Some(Role { arn: ROLE.into(), external_id: None })).await;
    assert!(role.read(&path).await.unwrap().is_none());
    let pushed = role.push(&path, &value("theirs"), &mark("b", 1)).await.unwrap();
    assert!(pushed.remote_id.contains(":111122223333:"), "{}", pushed.remote_id);
    assert_eq!(own.read(&path).await.unwrap().unwrap().value.expose(), b"w");
}
