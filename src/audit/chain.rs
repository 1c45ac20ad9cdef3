//! The chain: `payload_hash = SHA-256(payload)`, `chain = SHA-256(prev_chain ‖ seq ‖ payload_hash)`, `mac = HMAC(audit key, chain)`.
//! The head's own mac covers its number, so that a cut tail cannot be passed off as the end.
use super::event::Event;
use crate::app::App;
use crate::crypto::keys::SystemKeys;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::sql;
use sha2::{Digest, Sha256};

/// The chain before the first event.
pub(super) const GENESIS: [u8; 32] = [0; 32];

pub(super) fn link(previous: &[u8; 32], seq: i64, payload: &str) -> ([u8; 32], [u8; 32]) {
    let payload_hash: [u8; 32] = Sha256::digest(payload.as_bytes()).into();
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    hash.update(payload_hash);
    (payload_hash, hash.finalize().into())
}

pub(super) fn head_mac(keys: &SystemKeys, seq: i64, chain: &[u8; 32]) -> [u8; 32] {
    keys.mac_audit(&[b"keeper/audit-head/v1".as_slice(), &seq.to_be_bytes(), chain].concat())
}

pub(super) fn hash_of(hex_text: &str) -> Option<[u8; 32]> {
    hex::decode(hex_text).ok()?.try_into().ok()
}

/// Appends one event inside `tx`. The head's row is the last lock that a transaction takes.
pub async fn record(app: &App, tx: &mut Tx, actor: &Actor, event: Event) -> Result<i64> {
    let keys = app.keys()?;
    let (last, chain): (i64, String) =
        tx.one(sql!("SELECT seq, chain FROM audit_head WHERE id = 1 {lock}")).await?;
    let previous = hash_of(&chain).ok_or_else(|| Error::broken("the head of the audit log is damaged"))?;
    let (seq, at) = (last + 1, app.now());
    let payload = event.payload(seq, at, actor);
    let (payload_hash, chain) = link(&previous, seq, &payload);
    let mac = keys.mac_audit(&chain);
    let actor_id = if event.anonymous.is_some() { None } else { actor.id() };
    tx.insert(sql!(
        "INSERT INTO audit_events (seq, at, actor_kind, actor_id, actor_name, action, outcome, environment_id, secret_id, target,
           payload, payload_hash, chain, mac, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        seq,
        at,
        event.actor_kind(actor),
        actor_id,
        event.actor_name(actor),
        event.action,
        event.outcome,
        event.environment_id,
        event.secret_id,
        &event.target,
        payload,
        hex::encode(payload_hash),
        hex::encode(chain),
        hex::encode(mac),
        at,
        at
    ))
    .await?;
    let head = head_mac(&keys, seq, &chain);
    let (chain, head) = (hex::encode(chain), hex::encode(head));
    tx.exec(sql!(
        "UPDATE audit_head SET seq = ?, chain = ?, mac = ?, updated_at = ? WHERE id = 1",
        seq,
        chain,
        head,
        at
    ))
    .await?;
    Ok(seq)
}
