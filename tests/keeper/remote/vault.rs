//! Against the real `OpenBao`.
use super::{awkward, endpoint, fresh, mark, server, value};
use keeper::domain::enums::Backend;
use keeper::domain::plaintext::Plaintext;
use keeper::remote::{Probe, RemoteError, SignIn, Step, Store, Vault, VaultSettings, Verdict};
use serde_json::{Value, json};

/// The dev server's mount, which is a KV version 2.
const MOUNT: &str = "secret";

pub struct Bao {
    url: String,
    token: String,
}

impl Bao {
    pub fn there() -> Option<Self> {
        let url = server("KEEPER_TEST_VAULT_URL")?;
        Some(Self { url, token: server("KEEPER_TEST_VAULT_TOKEN")? })
    }

    pub fn vault(&self, mount: &str, token: &str) -> Vault {
        let token = Plaintext::from(token.to_owned());
        Vault::new(VaultSettings {
            endpoint: endpoint(&self.url),
            mount: mount.into(),
            namespace: None,
            sign_in: SignIn::Token(token),
            authority: String::new(),
        })
        .unwrap()
    }

    pub fn store(&self) -> Store {
        Store::Vault(self.vault(MOUNT, &self.token))
    }

    /// What somebody else does in the same server.
    pub async fn asks(&self, method: &str, path: &str, body: Value) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = reqwest::Client::new().request(method, format!("{}/v1/{path}", self.url));
        let answer =
            request.header("x-vault-token", &self.token).body(body.to_string()).send().await.unwrap();
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub async fn version(&self, path: &str) -> u64 {
        let found = self.asks("GET", &format!("{MOUNT}/metadata/{path}"), Value::Null).await;
        found["data"]["current_version"].as_u64().unwrap_or(0)
    }
}

#[tokio::test] // S02
async fn a_value_arrives_byte_exact_in_vault() {
    let Some(bao) = Bao::there() else { return };
    let (store, path, uid) = (bao.store(), format!("keeper/{}", fresh()), fresh());
    assert_eq!(store.backend(), Backend::Vault);
    assert!(store.read(&path).await.unwrap().is_none());
    for (index, bytes) in awkward().into_iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 1;
        let pushed = store.push(&path, &Plaintext::new(bytes.clone()), &mark(&uid, number)).await.unwrap();
        let back = store.read(&path).await.unwrap().unwrap();
        assert!(back.value.expose() == bytes, "value {number}");
        assert!(back.plain && pushed.wrote);
        assert_eq!(back.owned, Some(mark(&uid, number)));
        assert_eq!(pushed.remote_version, number.to_string());
        assert_eq!(back.version, pushed.remote_version);
        assert_eq!(pushed.remote_id, format!("{MOUNT}/{path}"));
    }
}

#[tokio::test] // S02
async fn people_find_the_text_under_the_name_value() {
    let Some(bao) = Bao::there() else { return };
    let path = fresh();
    bao.store().push(&path, &value("text"), &mark("a", 1)).await.unwrap();
    let found = bao.asks("GET", &format!("{MOUNT}/data/{path}"), Value::Null).await;
    assert_eq!(found["data"]["data"], json!({ "value": "text" }));
    assert_eq!(
        found["data"]["metadata"]["custom_metadata"],
        json!({ "keeper_uid": "a", "keeper_version": "1" })
    );
}

#[tokio::test] // S02
async fn the_same_push_twice_makes_one_version() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), fresh());
    let first = store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    let second = store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    assert_eq!((first.wrote, second.wrote), (true, false));
    assert_eq!(first.remote_version, second.remote_version);
    assert_eq!(bao.version(&path).await, 1);
    // A new number of the same value moves the mark alone.
    store.push(&path, &value("v"), &mark("a", 2)).await.unwrap();
    assert_eq!(bao.version(&path).await, 1);
    assert_eq!(store.read(&path).await.unwrap().unwrap().owned, Some(mark("a", 2)));
}

#[tokio::test] // S02
async fn a_foreign_secret_is_left_alone() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), fresh());
    bao.asks("POST", &format!("{MOUNT}/data/{path}"), json!({ "data": { "user": "u", "value": "theirs" } }))
        .await;
    let refused = store.push(&path, &value("ours"), &mark("a", 1)).await;
    assert_eq!(refused, Err(RemoteError::Foreign));
    assert_eq!(bao.version(&path).await, 1);
    let seen = store.read(&path).await.unwrap().unwrap();
    assert_eq!(
        (seen.value.expose(), seen.plain, seen.owned),
        (&br#"{"user":"u","value":"theirs"}"#[..], false, None)
    );

    let mine = fresh();
    store.push(&mine, &value("first"), &mark("a", 1)).await.unwrap();
    assert_eq!(store.push(&mine, &value("second"), &mark("b", 1)).await, Err(RemoteError::Foreign));

    // Also when its newest version was deleted: older ones can be brought back.
    bao.asks("DELETE", &format!("{MOUNT}/data/{path}"), Value::Null).await;
    assert!(store.read(&path).await.unwrap().is_none());
    assert_eq!(store.push(&path, &value("ours"), &mark("a", 1)).await, Err(RemoteError::Foreign));
}

#[tokio::test]
async fn an_adopted_secret_keeps_its_value_and_its_notes() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), fresh());
    assert!(store.adopt(&path, &mark("a", 1)).await.is_err(), "nothing is there");
    bao.asks("POST", &format!("{MOUNT}/data/{path}"), json!({ "data": { "value": "theirs" } })).await;
    let notes = json!({ "custom_metadata": { "team": "pay" } });
    bao.asks("POST", &format!("{MOUNT}/metadata/{path}"), notes).await;
    store.adopt(&path, &mark("a", 1)).await.unwrap();
    assert_eq!(bao.version(&path).await, 1);
    store.push(&path, &value("ours"), &mark("a", 2)).await.unwrap();
    let found = bao.asks("GET", &format!("{MOUNT}/metadata/{path}"), Value::Null).await;
    let kept = json!({ "team": "pay", "keeper_uid": "a", "keeper_version": "2" });
    assert_eq!(found["data"]["custom_metadata"], kept);
}

#[tokio::test]
async fn a_crash_between_the_steps_of_a_first_push_is_mended() {
    let Some(bao) = Bao::there() else { return };
    let store = bao.store();
    let claim = json!({ "custom_metadata": { "keeper_uid": "a", "keeper_version": "0" } });
    // After the claim; and after the value, before the mark.
    for written in [false, true] {
        let path = fresh();
        bao.asks("POST", &format!("{MOUNT}/metadata/{path}"), claim.clone()).await;
        if written {
            bao.asks("POST", &format!("{MOUNT}/data/{path}"), json!({ "data": { "value": "v" } })).await;
        }
        store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
        assert_eq!(bao.version(&path).await, 1);
        assert_eq!(store.read(&path).await.unwrap().unwrap().owned, Some(mark("a", 1)));
    }
    // A value that somebody else put behind our claim.
    let path = fresh();
    bao.asks("POST", &format!("{MOUNT}/metadata/{path}"), claim).await;
    bao.asks("POST", &format!("{MOUNT}/data/{path}"), json!({ "data": { "value": "theirs" } })).await;
    assert_eq!(store.push(&path, &value("v"), &mark("a", 1)).await, Err(RemoteError::Foreign));
}

#[tokio::test]
async fn a_copy_that_somebody_deleted_is_written_again() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), fresh());
    store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    bao.asks("DELETE", &format!("{MOUNT}/data/{path}"), Value::Null).await;
    assert!(store.read(&path).await.unwrap().is_none());
    let pushed = store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    assert_eq!((pushed.wrote, pushed.remote_version.as_str()), (true, "2"));
}

#[tokio::test]
async fn a_write_that_expects_another_version_is_refused_and_may_be_tried_again() {
    let Some(bao) = Bao::there() else { return };
    let (vault, path) = (bao.vault(MOUNT, &bao.token), fresh());
    vault.write(&path, &value("v"), Some(0), &mark("a", 1)).await.unwrap();
    let late = vault.write(&path, &value("w"), Some(0), &mark("a", 2)).await.unwrap_err();
    assert!(late.may_pass(), "{late}");
    vault.write(&path, &value("w"), Some(1), &mark("a", 2)).await.unwrap();
    assert_eq!(bao.version(&path).await, 2);
}

#[tokio::test]
async fn a_path_of_odd_letters_is_the_same_path_in_vault() {
    let Some(bao) = Bao::there() else { return };
    let (store, path) = (bao.store(), format!("{}/a b/%2e%2e/ü?#&;=+", fresh()));
    store.push(&path, &value("v"), &mark("a", 1)).await.unwrap();
    assert_eq!(store.read(&path).await.unwrap().unwrap().value.expose(), b"v");
    for raw in ["../x", "a/../../sys/mounts", "a//b", ""] {
        let refused = store.push(raw, &value("v"), &mark("a", 1)).await.unwrap_err();
        assert!(!refused.may_pass(), "{raw}: {refused}");
    }
}

#[tokio::test]
async fn a_missing_mount_and_an_old_kv_are_told_and_not_written_to() {
    let Some(bao) = Bao::there() else { return };
    let old = format!("old-{}", fresh());
    bao.asks("POST", &format!("sys/mounts/{old}"), json!({ "type": "kv", "options": { "version": "1" } }))
        .await;
    for mount in ["nothing-here", old.as_str()] {
        let vault = bao.vault(mount, &bao.token);
        for outcome in [
            verdict(vault.probe("x").await),
            vault.write("x", &value("v"), None, &mark("a", 1)).await.map(|_| ()),
        ] {
            let why = outcome.unwrap_err();
            assert!(
                !why.may_pass() && why.to_string().contains("KV version 2")
                    || why.to_string().contains("mount"),
                "{mount}: {why}"
            );
        }
    }
    let listed = bao.asks("LIST", &old, Value::Null).await;
    assert_eq!(listed["data"]["keys"], Value::Null, "nothing was written into the old kind");
}

#[tokio::test]
async fn the_connection_test_says_what_the_token_may_not() {
    let Some(bao) = Bao::there() else { return };
    let all_well = bao.store().probe("x/y").await;
    assert!(
        all_well.iter().all(|one| matches!(one.verdict, Verdict::Well(_))) && all_well.len() == 7,
        "{all_well:?}"
    );
    assert_eq!(all_well[2].verdict, Verdict::Well("the token has no end".into()));
    let wrong = bao.vault(MOUNT, "s.wrong").probe("x").await;
    assert!(
        matches!(&wrong[2], Probe { step: Step::SignIn, verdict: Verdict::Failed(why) } if why.contains("token")),
        "{wrong:?}"
    );
    assert!(
        wrong[3..].iter().all(|one| matches!(one.verdict, Verdict::NotAsked(_))) && wrong.len() == 7,
        "{wrong:?}"
    );

    let name = format!("keeper-{}", fresh());
    let rule = |kind: &str, abilities: &str| {
        format!("path \"{MOUNT}/{kind}/ours/*\" {{ capabilities = [{abilities}] }}\n")
    };
    let all = "\"create\", \"read\", \"update\"";
    let policy = rule("data", all) + &rule("metadata", "\"read\"");
    bao.asks("POST", &format!("sys/policies/acl/{name}"), json!({ "policy": policy })).await;
    let made = bao.asks("POST", "auth/token/create", json!({ "policies": [name], "ttl": "1h" })).await;
    let vault = bao.vault(MOUNT, made["auth"]["client_token"].as_str().unwrap());
    let lacking = vault.probe("ours/x").await;
    let lacks = |ability: &str, kind: &str| {
        Verdict::Failed(format!("the token's policy in Vault lacks \"{ability}\" on the {kind} of this path"))
    };
    assert!(matches!(lacking[4].verdict, Verdict::Well(_)), "{lacking:?}");
    assert_eq!(
        (&lacking[5].verdict, &lacking[6].verdict),
        (&lacks("create", "metadata"), &lacks("delete", "data"))
    );

    let policy = rule("data", all) + &rule("metadata", all);
    bao.asks("POST", &format!("sys/policies/acl/{name}"), json!({ "policy": policy })).await;
    let tested = vault.probe("ours/x").await;
    assert!(
        matches!(&tested[2].verdict, Verdict::Well(detail) if detail.contains("the token ends in")),
        "{tested:?}"
    );
    assert!(matches!(tested[5].verdict, Verdict::Well(_)), "{tested:?}");
    assert!(verdict(vault.probe("theirs/x").await).is_err());
    // Exactly these abilities suffice for all that Keeper does.
    let path = format!("ours/{}", fresh());
    vault.write(&path, &value("v"), None, &mark("a", 1)).await.unwrap();
    vault.write(&path, &value("w"), None, &mark("a", 2)).await.unwrap();
    assert_eq!(vault.read(&path).await.unwrap().unwrap().value.expose(), b"w");
    let refused = vault.write("theirs/x", &value("v"), None, &mark("a", 1)).await.unwrap_err();
    assert!(!refused.may_pass() && refused.to_string().contains("policy"), "{refused}");
}

/// The first step that failed.
fn verdict(probes: Vec<Probe>) -> Result<(), RemoteError> {
    let failed = probes.into_iter().find_map(|one| match one.verdict {
        Verdict::Failed(why) => Some(why),
        _ => None,
    });
    failed.map_or(Ok(()), |why| Err(RemoteError::Final { why: why.into() }))
}
