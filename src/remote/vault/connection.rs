//! The connection test: is the token alive, is the mount a KV version 2, may the token do at this path what a push does?
use super::calls::success;
use super::path::Path;
use super::{Vault, WHO};
use crate::remote::Tested;
use crate::remote::error::RemoteError;
use crate::remote::http::within;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::bytes::Bytes;

#[derive(Deserialize)]
struct Token {
    ttl: u64,
}

#[derive(Deserialize)]
struct Mount {
    #[serde(rename = "type")]
    kind: String,
    options: Option<BTreeMap<String, String>>,
}

/// Path → what the token may do there.
type Abilities = BTreeMap<String, serde_json::Value>;

impl Vault {
    pub async fn test(&self, path: &str) -> Result<Tested, RemoteError> {
        let path = self.at(path)?;
        within(WHO, async {
            let token = self.test_token().await?;
            self.test_mount().await?;
            self.test_policy(&path).await?;
            Ok(token)
        })
        .await
    }

    async fn test_token(&self) -> Result<Tested, RemoteError> {
        let words = ["auth", "token", "lookup-self"].map(Path::word);
        let answer = self.calls.call(Method::GET, &words.each_ref(), None).await?;
        if answer.status.as_u16() == 403 {
            return Err(RemoteError::last(
                "Vault refuses the token: it is not valid, or has no \"default\" policy",
            ));
        }
        let token: Token = success(&answer)?;
        Ok(Tested { token_ends_in: (token.ttl > 0).then(|| Duration::from_secs(token.ttl)) })
    }

    /// A KV version 1 would take a push for a secret named `data/…`, so a push into an empty place asks this too.
    pub(super) async fn test_mount(&self) -> Result<(), RemoteError> {
        let [sys, internal, ui, mounts] = ["sys", "internal", "ui", "mounts"].map(Path::word);
        let answer =
            self.calls.call(Method::GET, &[&sys, &internal, &ui, &mounts, &self.mount], None).await?;
        // Vault answers 403 for both, so that nobody learns which mounts there are.
        if answer.status.as_u16() == 403 {
            return Err(RemoteError::last("Vault has no such mount, or the token may do nothing in it"));
        }
        let mount: Mount = success(&answer)?;
        let version = mount.options.as_ref().and_then(|options| options.get("version"));
        if mount.kind == "kv" && version.is_some_and(|version| version == "2") {
            return Ok(());
        }
        Err(RemoteError::last("the mount in Vault is no KV version 2"))
    }

    async fn test_policy(&self, path: &Path) -> Result<(), RemoteError> {
        let places = ["data", "metadata"].map(|kind| format!("{}/{kind}/{path}", self.mount));
        let body = Bytes::from(json!({ "paths": places }).to_string());
        let words = ["sys", "capabilities-self"].map(Path::word);
        let answer = self.calls.call(Method::POST, &words.each_ref(), Some(body)).await?;
        let abilities: Abilities = success(&answer)?;
        let may = |place: &String, ability: &str| {
            let list = abilities.get(place).and_then(|list| list.as_array());
            list.is_some_and(|list| list.iter().any(|one| one == ability || one == "root"))
        };
        for (place, kind) in places.iter().zip(["data", "metadata"]) {
            for ability in ["create", "read", "update"] {
                if !may(place, ability) {
                    let why =
                        format!("the token's policy in Vault lacks \"{ability}\" on the {kind} of this path");
                    return Err(RemoteError::last(why));
                }
            }
        }
        Ok(())
    }
}
