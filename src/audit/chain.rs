//! The chain: `payload_hash = SHA-256(payload)`, `chain = SHA-256(prev_chain ‖ seq ‖ payload_hash)`, `mac = HMAC(audit key, chain)`.
//! The head's own mac covers its number, so that a cut tail cannot be passed off as the end.
use super::event::Event;
use super::once;
use crate::app::App;
use crate::crypto::keys::SystemKeys;
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::{sql, values};
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
    record_all(app, tx, actor, &[event]).await
}

/// Appends events one after the other; the head is read and moved once. Gives the number of the last.
pub async fn record_all(app: &App, tx: &mut Tx, actor: &Actor, events: &[Event]) -> Result<i64> {
    let keys = app.keys()?;
    let (mut seq, chain): (i64, String) =
        tx.one(sql!("SELECT seq, chain FROM audit_head WHERE id = 1 {lock}")).await?;
    let mut chain = hash_of(&chain).ok_or_else(|| Error::broken("the head of the audit log is damaged"))?;
    let at = app.now();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        seq += 1;
        let payload = event.payload(seq, at, actor);
        let (payload_hash, next) = link(&chain, seq, &payload);
        chain = next;
        let mac = keys.mac_audit(&chain);
        rows.push(row(event, actor, (seq, at), payload, [payload_hash, chain, mac]));
    }
    let insert = sql!(
        "INSERT INTO audit_events (seq, at, actor_kind, actor_id, actor_name, action, outcome, environment_id, secret_id, target,
           payload, payload_hash, chain, mac, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    tx.insert_all(insert, rows).await?;
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
    if let Some(once) = actor.trace().once {
        let first = seq + 1 - i64::try_from(events.len()).map_err(Error::broken)?;
        once::mark(tx, at, once, first).await?;
    }
    Ok(seq)
}

fn row(
    event: &Event,
    actor: &Actor,
    (seq, at): (i64, Utc),
    payload: String,
    hashes: [[u8; 32]; 3],
) -> Vec<Value> {
    let actor_id = if event.anonymous.is_some() { None } else { actor.id() };
    let [payload_hash, chain, mac] = hashes.map(hex::encode);
    values![
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
        payload_hash,
        chain,
        mac,
        at,
        at
    ]
}
