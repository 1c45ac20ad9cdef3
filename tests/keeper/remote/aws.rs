//! Against moto, which stands for AWS Secrets Manager. It is lenient: the documented limits are tested without it.
use super::{awkward, endpoint, fixed, fresh, mark, server, value};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Region};
use keeper::domain::enums::Backend;
use keeper::domain::plaintext::Plaintext;
use keeper::remote::{Aws, AwsSettings, Making, Probe, RemoteError, Store, Verdict};

pub async fn aws(url: &str) -> Store {
    let credentials = fixed("test", "test");
    let endpoint = Some(endpoint(url));
    let settings = AwsSettings {
        region: "us-east-1".into(),
        endpoint,
        credentials,
        role: None,
        making: Making::default(),
    };
    Store::Aws(Aws::new(settings).await.unwrap())
}

/// Somebody else in the same account.
pub fn other(url: &str) -> Client {
    let credentials = aws_sdk_secretsmanager::config::Credentials::new("other", "other", None, None, "test");
    let config =
        Config::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("us-east-1"));
    Client::from_conf(config.credentials_provider(credentials).endpoint_url(url).build())
}

pub async fn described(
    url: &str,
    path: &str,
) -> aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput {
    other(url).describe_secret().secret_id(path).send().await.unwrap()
}

pub async fn versions(url: &str, path: &str) -> usize {
    let listed =
        other(url).list_secret_version_ids().secret_id(path).include_deprecated(true).send().await.unwrap();
    listed.versions().len()
}

#[tokio::test] // S01
async fn a_value_arrives_byte_exact_in_aws() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path, uid) = (aws(&url).await, format!("keeper/{}", fresh()), fresh());
    assert_eq!(store.backend(), Backend::Aws);
    assert!(store.read(&path).await.unwrap().is_none());
    for (index, bytes) in awkward().into_iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 1;
        let pushed = store.push(&path, &Plaintext::new(bytes.clone()), &mark(&uid, number)).await.unwrap();
        let back = store.read(&path).await.unwrap().unwrap();
        assert!(back.value.expose() == bytes, "value {number}");
        assert_eq!(back.owned, Some(mark(&uid, number)));
        assert_eq!(back.version, pushed.remote_version);
        assert!(pushed.wrote && pushed.remote_id.starts_with("arn:aws:secretsmanager:us-east-1:"));
    }
}

#[tokio::test] // S01
async fn the_same_push_twice_makes_one_version_in_aws() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    let first = store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    let second = store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    assert_eq!((first.wrote, second.wrote), (true, false));
    assert_eq!(first.remote_version, second.remote_version);
    // A new number of the same value moves the tag alone.
    store.push(&path, &value("v"), &mark("a", 2)).await.unwrap();
    assert_eq!(versions(&url, &path).await, 1);
    assert_eq!(store.read(&path).await.unwrap().unwrap().owned, Some(mark("a", 2)));
}

#[tokio::test] // S01
async fn a_foreign_secret_is_left_alone_in_aws() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    other(&url).create_secret().name(&path).secret_string("theirs").send().await.unwrap();
    assert_eq!(store.push(&path, &value("ours"), &mark("a", 1)).await, Err(RemoteError::Foreign));
    let seen = store.read(&path).await.unwrap().unwrap();
    assert_eq!((seen.value.expose(), seen.owned), (&b"theirs"[..], None));

    let mine = fresh();
    store.push(&mine, &value("first"), &mark("a", 1)).await.unwrap();
    assert_eq!(store.push(&mine, &value("second"), &mark("b", 1)).await, Err(RemoteError::Foreign));
    assert_eq!(versions(&url, &path).await + versions(&url, &mine).await, 2);
}

#[tokio::test] // S01
async fn an_adopted_secret_keeps_its_value_and_its_tags_in_aws() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    assert!(store.adopt(&path, &mark("a", 1)).await.is_err(), "nothing is there");
    let team = aws_sdk_secretsmanager::types::Tag::builder().key("team").value("pay").build();
    other(&url).create_secret().name(&path).secret_string("theirs").tags(team).send().await.unwrap();
    store.adopt(&path, &mark("a", 1)).await.unwrap();
    assert_eq!(store.read(&path).await.unwrap().unwrap().value.expose(), b"theirs");
    store.push(&path, &value("ours"), &mark("a", 2)).await.unwrap();
    let described = other(&url).describe_secret().secret_id(&path).send().await.unwrap();
    assert!(described.tags().iter().any(|tag| tag.key() == Some("team") && tag.value() == Some("pay")));
    assert_eq!(described.tags().len(), 3);
}

#[tokio::test] // S01
async fn going_back_to_an_older_version_makes_it_current_again() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    let first = store.push(&path, &value("one"), &mark("a", 1)).await.unwrap();
    store.push(&path, &value("two"), &mark("a", 2)).await.unwrap();
    let again = store.push(&path, &value("one"), &mark("a", 1)).await.unwrap();
    assert_eq!(again.remote_version, first.remote_version);
    let back = store.read(&path).await.unwrap().unwrap();
    assert_eq!((back.value.expose(), back.owned), (&b"one"[..], Some(mark("a", 1))));
}

#[tokio::test] // S01
async fn a_copy_that_is_scheduled_for_deletion_is_put_back_only_when_asked() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    store.remove(&path, "b").await.unwrap_err();
    for _ in 0..2 {
        store.remove(&path, "a").await.unwrap();
    }
    let there = other(&url).describe_secret().secret_id(&path).send().await.unwrap();
    let (now, gone) = (there.last_changed_date().unwrap().secs(), there.deleted_date().unwrap().secs());
    assert!((29..=31).contains(&((gone - now) / 86400)), "{now} {gone}");
    assert!(store.read(&path).await.unwrap().is_none());
    let why = store.push(&path, &value("w"), &mark("a", 2)).await.unwrap_err();
    assert!(!why.may_pass() && why.to_string().contains("scheduled for deletion"), "{why}");
    store.adopt(&path, &mark("b", 1)).await.unwrap_err();
    store.put_back(&path, &mark("b", 1)).await.unwrap_err();
    for _ in 0..2 {
        store.put_back(&path, &mark("a", 2)).await.unwrap();
    }
    store.push(&path, &value("w"), &mark("a", 2)).await.unwrap();
    assert_eq!(store.read(&path).await.unwrap().unwrap().value.expose(), b"w");
}

#[tokio::test] // S01
async fn the_connection_test_asks_and_changes_nothing() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, path) = (aws(&url).await, fresh());
    let failed = |probes: &[Probe]| probes.iter().any(|one| matches!(one.verdict, Verdict::Failed(_)));
    assert!(!failed(&store.probe(&path).await));
    assert!(store.read(&path).await.unwrap().is_none());
    for odd in ["", "a b", "ü", "a\nb", "a:b", &"a".repeat(513)] {
        assert!(failed(&store.probe(odd).await), "{odd:?}");
    }
}
