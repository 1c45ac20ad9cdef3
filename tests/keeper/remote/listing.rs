//! What lies below a folder, and what is told of a path without its value.
use super::aws::{aws, other};
use super::vault::Bao;
use super::{fresh, mark, server, value};
use keeper::remote::{Glance, RemoteError, Store};
use serde_json::{Value, json};

#[tokio::test]
async fn a_tree_in_vault_is_listed_whole_and_in_order() {
    let Some(bao) = Bao::there() else { return };
    let (store, base) = (bao.store(), fresh());
    for path in ["b", "a/deep/er", "a/x", "a b", "ü"] {
        bao.asks("POST", &format!("secret/data/{base}/{path}"), json!({ "data": { "value": "v" } })).await;
    }
    let listing = store.list(&format!("/{base}/"), 10).await.unwrap();
    let paths: Vec<&str> = listing.paths.iter().map(|path| path.strip_prefix(&*base).unwrap()).collect();
    assert_eq!((paths, listing.is_cut), (vec!["/a b", "/a/deep/er", "/a/x", "/b", "/ü"], false));
    let cut = store.list(&base, 2).await.unwrap();
    assert_eq!((cut.paths.len(), cut.is_cut), (2, true));
    assert!(store.list(&fresh(), 10).await.unwrap().paths.is_empty(), "no such folder holds nothing");
    assert!(store.list("", 100_000).await.unwrap().paths.contains(&format!("{base}/b")), "the whole mount");
    assert!(matches!(store.list("../sys", 10).await, Err(RemoteError::Final { .. })));

    // A policy without `list` says so.
    let policy = format!("path \"secret/data/{base}/*\" {{ capabilities = [\"read\"] }}");
    bao.asks("POST", &format!("sys/policies/acl/{base}"), json!({ "policy": policy })).await;
    let made = bao.asks("POST", "auth/token/create", json!({ "policies": [base], "ttl": "5m" })).await;
    let blind = Store::Vault(bao.vault("secret", made["auth"]["client_token"].as_str().unwrap()));
    assert!(matches!(blind.list(&base, 10).await, Err(RemoteError::Final { why }) if why.contains("policy")));
    assert!(blind.read(&format!("{base}/b")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_glance_at_vault_tells_version_and_mark_and_what_is_gone() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), fresh());
    assert_eq!(store.glance(&path).await.unwrap(), None);
    store.push(&path, &value("one"), &mark("a", 1)).await.unwrap();
    let seen = |version: &str, owned| Some(Glance { version: version.to_owned(), owned });
    assert_eq!(store.glance(&path).await.unwrap(), seen("1", Some(mark("a", 1))));
    bao.asks("POST", &format!("secret/data/{path}"), json!({ "data": { "value": "two" } })).await;
    assert_eq!(store.glance(&path).await.unwrap(), seen("2", Some(mark("a", 1))));
    bao.asks("POST", &format!("secret/metadata/{path}"), json!({ "custom_metadata": {} })).await;
    assert_eq!(store.glance(&path).await.unwrap(), seen("2", None));
    bao.asks("DELETE", &format!("secret/data/{path}"), Value::Null).await;
    assert_eq!(store.glance(&path).await.unwrap(), None, "its newest version was deleted");
    bao.asks("DELETE", &format!("secret/metadata/{path}"), Value::Null).await;
    assert_eq!(store.glance(&path).await.unwrap(), None);
}

#[tokio::test]
async fn secrets_in_aws_are_listed_by_their_folder_past_a_page() {
    let Some(url) = server("KEEPER_TEST_AWS_ENDPOINT") else { return };
    let (store, base) = (aws(&url).await, fresh());
    let client = other(&url);
    for n in 0..120 {
        client.create_secret().name(format!("{base}/{n:03}")).secret_string("v").send().await.unwrap();
    }
    client.create_secret().name(format!("{base}-beside")).secret_string("v").send().await.unwrap();
    let gone = client.delete_secret().secret_id(format!("{base}/007")).recovery_window_in_days(7);
    gone.send().await.unwrap();
    let listing = store.list(&base, 1000).await.unwrap();
    assert_eq!((listing.paths.len(), listing.is_cut), (119, false));
    assert!(
        listing.paths.is_sorted() && listing.paths.iter().all(|path| path.starts_with(&format!("{base}/")))
    );
    let cut = store.list(&base, 50).await.unwrap();
    assert_eq!((cut.paths.len(), cut.is_cut), (50, true));

    let path = format!("{base}/008");
    let before = store.glance(&path).await.unwrap().unwrap();
    assert_eq!(before.owned, None);
    assert_eq!(store.read(&path).await.unwrap().unwrap().version, before.version);
    client.put_secret_value().secret_id(&path).secret_string("w").send().await.unwrap();
    assert_ne!(store.glance(&path).await.unwrap().unwrap().version, before.version);
    store.adopt(&path, &mark("a", 1)).await.unwrap();
    assert_eq!(store.glance(&path).await.unwrap().unwrap().owned, Some(mark("a", 1)));
    assert_eq!(store.glance(&format!("{base}/007")).await.unwrap(), None, "it is scheduled for deletion");
}
