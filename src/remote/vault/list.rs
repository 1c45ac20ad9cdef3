//! The keys below a folder: one LIST for each folder, since Vault tells no more at once. The token's policy needs `list` on
//! `MOUNT/metadata/FOLDER/`.
use super::calls::{missing_mount, success};
use super::path::Path;
use super::{Vault, WHO};
use crate::remote::error::RemoteError;
use crate::remote::http::within;
use crate::remote::listing::{Listing, folder};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use std::collections::VecDeque;

/// So many folders are looked into. A tree that has more is told as one that goes on.
const MOST_FOLDERS: usize = 2_000;

#[derive(Deserialize)]
struct Keys {
    keys: Vec<String>,
}

impl Vault {
    pub async fn list(&self, raw: &str, most: usize) -> Result<Listing, RemoteError> {
        let mut folders = VecDeque::from([folder(raw).to_owned()]);
        let (mut paths, mut seen) = (Vec::new(), 1);
        while let Some(folder) = folders.pop_front() {
            for key in within(WHO, self.keys(&folder)).await? {
                let path = if folder.is_empty() { key } else { format!("{folder}/{key}") };
                match path.strip_suffix('/') {
                    // One that cannot be looked into stands for what is in it.
                    Some(deeper) if Path::parse(deeper).is_ok() => {
                        seen += 1;
                        folders.push_back(deeper.to_owned());
                    }
                    _ => paths.push(path),
                }
                if seen > MOST_FOLDERS || paths.len() > most {
                    return Ok(Listing::of(paths, most, true));
                }
            }
        }
        Ok(Listing::of(paths, most, false))
    }

    async fn keys(&self, folder: &str) -> Result<Vec<String>, RemoteError> {
        let metadata = Path::word("metadata");
        let list = Method::from_bytes(b"LIST").map_err(|_| RemoteError::garbage(WHO))?;
        let below;
        let mut place = vec![&self.mount, &metadata];
        if !folder.is_empty() {
            below = self.at(folder)?;
            place.push(&below);
        }
        let answer = self.calls.call(list, &place, None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            missing_mount(&answer)?;
            return Ok(Vec::new());
        }
        Ok(success::<Keys>(&answer)?.keys)
    }
}
