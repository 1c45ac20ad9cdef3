//! Walks the whole chain and says what does not fit: an edited row, a missing one, a cut tail, a head that was set back.
use super::anchor::{Anchor, file};
use super::chain::{GENESIS, hash_of, head_mac, link};
use crate::app::App;
use crate::crypto::keys::SystemKeys;
use crate::db::Conn;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;
use serde_json::Value;
use std::collections::BTreeMap;

const PAGE: i64 = 1000;
const MOST_FINDINGS: usize = 50;

#[derive(Debug, Default)]
pub struct Report {
    pub events: i64,
    pub head: i64,
    pub checkpoints: usize,
    pub findings: Vec<Finding>,
}

/// Something that does not fit, at one event.
#[derive(Debug)]
pub struct Finding {
    pub seq: i64,
    pub what: String,
}

impl Report {
    fn find(&mut self, seq: i64, what: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { seq, what: what.into() });
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: Utc,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    action: String,
    outcome: String,
    environment_id: Option<i64>,
    secret_id: Option<i64>,
    target: String,
    payload: String,
    payload_hash: String,
    chain: String,
    mac: String,
}

pub async fn verify(app: &App) -> Result<Report> {
    let keys = app.keys()?;
    let mut report = Report::default();
    let mut conn = app.db.read().await?;
    // The head first: events that come while we walk lie behind it and are not looked at.
    let (head, head_chain, mac): (i64, String, String) =
        conn.one(sql!("SELECT seq, chain, mac FROM audit_head WHERE id = 1")).await?;
    report.head = head;
    let mut proofs = proofs(app, &mut conn, &mut report).await?;
    let mut previous = GENESIS;
    let mut seq = 0;
    loop {
        let query = sql!(
            "SELECT seq, at, actor_kind, actor_id, actor_name, action, outcome, environment_id, secret_id, target, payload, payload_hash, chain, mac
             FROM audit_events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            seq, head, PAGE
        );
        let rows: Vec<Row> = conn.all(query).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        for row in &rows {
            if row.seq != seq + 1 {
                report.find(seq + 1, format!("{} event(s) are missing before this one", row.seq - seq - 1));
            }
            seq = row.seq;
            previous = check(&keys, &mut report, &previous, row);
            report.events += 1;
            if let Some(chain) = proofs.remove(&row.seq).filter(|chain| *chain != row.chain) {
                report.find(
                    row.seq,
                    format!(
                        "a signed checkpoint says that the chain was {}… here",
                        chain.get(..12).unwrap_or_default()
                    ),
                );
            }
        }
        seq = last;
    }
    if seq < head {
        report.find(
            seq + 1,
            format!("the log ends at event {seq}, but its head says {head}: the end was cut off"),
        );
    }
    let head_is = hash_of(&head_chain).is_some_and(|chain| hex::encode(head_mac(&keys, head, &chain)) == mac);
    if head > 0 && (!head_is || head_chain != hex::encode(previous)) {
        report.find(head, "the head of the log was changed by somebody without Keeper's key");
    }
    let extra = conn.number(sql!("SELECT COUNT(*) FROM audit_events WHERE seq <= 0")).await?;
    if extra > 0 {
        report.find(0, format!("{extra} event(s) stand before the first"));
    }
    if let Some((seq, _)) = proofs.into_iter().next_back() {
        report.find(
            seq,
            format!(
                "a signed checkpoint proves that event {seq} existed, and it is gone: the end was cut off"
            ),
        );
    }
    Ok(report)
}

/// The signed checkpoints of the database and of the file: number → chain.
async fn proofs(app: &App, conn: &mut Conn, report: &mut Report) -> Result<BTreeMap<i64, String>> {
    let rows: Vec<(i64, String, String, String)> = conn
        .all(sql!("SELECT seq, chain, signature, public_key FROM audit_checkpoints ORDER BY seq"))
        .await?;
    let mut anchors: Vec<Anchor> = rows
        .into_iter()
        .map(|(seq, chain, signature, public_key)| Anchor {
            at: String::new(),
            seq,
            chain,
            signature,
            public_key,
        })
        .collect();
    let text = tokio::fs::read_to_string(file(app)).await.unwrap_or_default();
    anchors.extend(text.lines().filter_map(|line| serde_json::from_str::<Anchor>(line).ok()));
    let keys = app.keys()?;
    let mut proofs = BTreeMap::new();
    for anchor in anchors {
        if anchor.is_of(&keys) {
            report.checkpoints += 1;
            proofs.insert(anchor.seq, anchor.chain);
        } else {
            report.find(anchor.seq, "a checkpoint's signature is not Keeper's");
        }
    }
    Ok(proofs)
}

/// One row against the one before it. Goes on from what the row says, so that one damage is told once.
fn check(keys: &SystemKeys, report: &mut Report, previous: &[u8; 32], row: &Row) -> [u8; 32] {
    let (payload_hash, chain) = link(previous, row.seq, &row.payload);
    if hex::encode(payload_hash) != row.payload_hash {
        report.find(row.seq, "the payload was changed");
    } else if hex::encode(chain) != row.chain {
        report.find(row.seq, "the chain is broken: this event does not follow the one before it");
    } else if hex::encode(keys.mac_audit(&chain)) != row.mac {
        report.find(row.seq, "the chain was written by somebody without Keeper's key");
    } else if !columns_match(row) {
        report.find(row.seq, "the columns for filters differ from the payload");
    }
    hash_of(&row.chain).unwrap_or(chain)
}

fn columns_match(row: &Row) -> bool {
    let Ok(payload) = serde_json::from_str::<Value>(&row.payload) else { return false };
    let text = |value: &Value, column: &str| value.as_str() == Some(column);
    payload["seq"].as_i64() == Some(row.seq)
        && text(&payload["at"], &row.at.to_string())
        && text(&payload["actor"]["kind"], &row.actor_kind)
        && payload["actor"]["id"].as_i64() == row.actor_id
        && text(&payload["actor"]["name"], &row.actor_name)
        && text(&payload["action"], &row.action)
        && text(&payload["outcome"], &row.outcome)
        && payload["environment_id"].as_i64() == row.environment_id
        && payload["secret_id"].as_i64() == row.secret_id
        && text(&payload["target"], &row.target)
}
