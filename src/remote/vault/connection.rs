//! The connection test, step by step: is it there, is the token alive, is the mount a KV version 2, may the token do at this path what
//! Keeper does?
use super::calls::{refusal, success};
use super::path::Path;
use super::{Vault, WHO};
use crate::remote::error::RemoteError;
use crate::remote::http::{self, within};
use crate::remote::probe::{Probe, Probes, Step};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use tokio_util::bytes::Bytes;

#[derive(Deserialize)]
struct Token {
    ttl: u64,
    #[serde(default)]
    renewable: bool,
}

#[derive(Deserialize)]
struct Mount {
    #[serde(rename = "type")]
    kind: String,
    options: Option<BTreeMap<String, String>>,
}

const STEPS: [Step; 7] =
    [Step::Resolve, Step::Reach, Step::SignIn, Step::Place, Step::Read, Step::Write, Step::Remove];

impl Vault {
    /// Asks, and changes nothing.
    pub async fn probe(&self, path: &str) -> Vec<Probe> {
        let mut probes = Probes::default();
        self.ask_each(path, &mut probes).await;
        probes.end(&STEPS)
    }

    async fn ask_each(&self, path: &str, probes: &mut Probes) {
        if !probes.settle(Step::Resolve, within(WHO, self.resolved()).await)
            || !probes.settle(Step::Reach, within(WHO, self.reached()).await)
            || !probes.settle(Step::SignIn, within(WHO, self.test_token()).await)
            || !probes
                .settle(Step::Place, within(WHO, self.test_mount()).await.map(|()| "KV version 2".to_owned()))
        {
            return;
        }
        let abilities = match self.at(path) {
            Ok(path) => within(WHO, self.abilities(&path)).await,
            Err(odd) => Err(odd),
        };
        let abilities = match abilities {
            Ok(abilities) => abilities,
            Err(why) => {
                probes.settle(Step::Read, Err(why));
                return;
            }
        };
        probes.settle(Step::Read, abilities.demand(&[(0, "read"), (1, "read")]));
        let writing = [(0, "create"), (0, "update"), (1, "create"), (1, "update")];
        probes.settle(Step::Write, abilities.demand(&writing));
        probes.settle(Step::Remove, abilities.demand(&[(0, "delete")]));
    }

    async fn resolved(&self) -> Result<String, RemoteError> {
        let found = self.endpoint.resolve().await.map_err(|away| http::unreachable(WHO, away))?;
        let found: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
        Ok(found.join(", "))
    }

    /// Without a token.
    async fn reached(&self) -> Result<String, RemoteError> {
        let words = ["sys", "health"].map(Path::word);
        let answer = self.calls.send(Method::GET, &words.each_ref(), None, None).await?;
        let way = match self.endpoint.url().scheme() {
            "https" => "over TLS, with a certificate that is trusted",
            _ => "without TLS",
        };
        match answer.status.as_u16() {
            200 => Ok(format!("active and unsealed, {way}")),
            // A standby forwards, or names the active one.
            429 | 472 | 473 => Ok(format!("a standby, {way}")),
            501 => Err(RemoteError::last("Vault is not initialised: somebody must do that first")),
            503 => Err(RemoteError::retry("Vault is sealed: somebody must unseal it")),
            _ => Err(refusal(&answer)),
        }
    }

    async fn test_token(&self) -> Result<String, RemoteError> {
        let words = ["auth", "token", "lookup-self"].map(Path::word);
        let answer = self.calls.call(Method::GET, &words.each_ref(), None).await?;
        if answer.status.as_u16() == 403 {
            return Err(RemoteError::last(
                "Vault refuses the token: it is not valid, or has no \"default\" policy",
            ));
        }
        let token: Token = success(&answer)?;
        let left = match token.ttl {
            0 => return Ok("the token has no end".to_owned()),
            left if left < 3600 => format!("the token ends in {} min", left / 60),
            left => format!("the token ends in {} h", left / 3600),
        };
        Ok(if token.renewable {
            format!("{left}, and is renewed before")
        } else {
            format!("{left}: store another one before")
        })
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

    async fn abilities(&self, path: &Path) -> Result<Abilities, RemoteError> {
        let places = ["data", "metadata"].map(|kind| format!("{}/{kind}/{path}", self.mount));
        let body = Bytes::from(json!({ "paths": places }).to_string());
        let words = ["sys", "capabilities-self"].map(Path::word);
        let answer = self.calls.call(Method::POST, &words.each_ref(), Some(body)).await?;
        let said: BTreeMap<String, serde_json::Value> = success(&answer)?;
        let list = |place: &String| {
            let list = said.get(place).and_then(|list| list.as_array()).into_iter().flatten();
            list.filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        Ok(Abilities(places.each_ref().map(list)))
    }
}

/// What the token may do with the data of a path, and with its metadata.
struct Abilities([Vec<String>; 2]);

impl Abilities {
    fn demand(&self, wanted: &[(usize, &str)]) -> Result<String, RemoteError> {
        for (place, ability) in wanted {
            if !self.0[*place].iter().any(|one| one == ability || one == "root") {
                let kind = ["data", "metadata"][*place];
                return Err(RemoteError::last(format!(
                    "the token's policy in Vault lacks \"{ability}\" on the {kind} of this path"
                )));
            }
        }
        Ok("the token's policy allows it".to_owned())
    }
}
