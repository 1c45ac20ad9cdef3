//! The head, anchored outside the database: a signed line in a file and in the log, so that a cut tail or an emptied
//! table is seen even by somebody who has lost the keys. The worker calls it whenever the head has moved.
use super::chain::hash_of;
use crate::app::App;
use crate::crypto::keys::{SystemKeys, verify_checkpoint};
use crate::domain::error::{Error, Result};
use crate::{sql, tx};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;

#[derive(Serialize, Deserialize)]
pub(super) struct Anchor {
    pub at: String,
    pub seq: i64,
    pub chain: String,
    /// Ed25519 over `message(seq, chain)`.
    pub signature: String,
    pub public_key: String,
}

impl Anchor {
    /// Whether Keeper itself has signed it.
    pub fn is_of(&self, keys: &SystemKeys) -> bool {
        let message = hash_of(&self.chain).map(|chain| message(self.seq, &chain));
        self.public_key == hex::encode(keys.checkpoint_public())
            && message.is_some_and(|message| verify_checkpoint(&self.public_key, &message, &self.signature))
    }
}

fn message(seq: i64, chain: &[u8; 32]) -> Vec<u8> {
    [b"keeper/checkpoint/v1".as_slice(), &seq.to_be_bytes(), chain].concat()
}

pub(super) fn file(app: &App) -> PathBuf {
    app.settings.data_dir.join("audit-head.log")
}

/// Writes a signed line if the head lies behind `last`; gives the number that is anchored now.
/// Each hundredth event also gets a checkpoint in the database.
pub async fn anchor(app: &App, last: i64) -> Result<i64> {
    let keys = app.keys()?;
    let (seq, chain): (i64, String) =
        app.db.read().await?.one(sql!("SELECT seq, chain FROM audit_head WHERE id = 1")).await?;
    if seq == last || seq == 0 {
        return Ok(seq);
    }
    let head = hash_of(&chain).ok_or_else(|| Error::broken("the head of the audit log is damaged"))?;
    let signature = hex::encode(keys.sign_checkpoint(&message(seq, &head)));
    let public_key = hex::encode(keys.checkpoint_public());
    let now = app.now();
    let line = Anchor {
        at: now.to_string(),
        seq,
        chain: chain.clone(),
        signature: signature.clone(),
        public_key: public_key.clone(),
    };
    let mut text = serde_json::to_string(&line).map_err(Error::broken)?;
    text.push('\n');
    let mut options = std::fs::OpenOptions::new();
    options
        .create(true)
        .append(true)
        .open(file(app))
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(Error::broken)?;
    tracing::info!(seq, %chain, "audit head");
    if seq / 100 > last / 100 {
        let stored: Result<i64> = tx!(app.db, |tx| {
            let query = sql!(
                "INSERT INTO audit_checkpoints (seq, chain, signature, public_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
                seq,
                &chain,
                &signature,
                &public_key,
                now,
                now
            );
            tx.insert(query).await
        });
        // Another replica may have put the same checkpoint there.
        if let Err(e) = stored
            && !matches!(e, Error::Taken)
        {
            return Err(e);
        }
    }
    Ok(seq)
}
