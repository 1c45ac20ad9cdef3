//! A quick look at the log, for `keeper check`: its head and its newest checkpoint. `verify` walks the whole chain.
use super::anchor::{Anchor, file};
use super::chain::{hash_of, head_mac};
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::sql;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// A line has some 400 bytes: the newest lies within this.
const TAIL: u64 = 16 * 1024;

#[derive(Debug)]
pub struct Glance {
    /// How many events there are.
    pub head: i64,
    /// The event that the newest checkpoint outside the database stands at.
    pub anchored: Option<i64>,
    /// What does not fit, in words.
    pub findings: Vec<String>,
}

pub async fn glance(app: &App) -> Result<Glance> {
    let keys = app.keys()?;
    let mut conn = app.db.read().await?;
    // The checkpoint first: it is never ahead of a head that is read after it.
    let newest = newest(&file(app)).map_err(Error::broken)?;
    let (head, chain, mac): (i64, String, String) =
        conn.one(sql!("SELECT seq, chain, mac FROM audit_head WHERE id = 1")).await?;
    let mut findings = Vec::new();
    let chain_of = |seq: i64| sql!("SELECT chain FROM audit_events WHERE seq = ?", seq);
    if head > 0 {
        let is_ours = hash_of(&chain).is_some_and(|chain| hex::encode(head_mac(&keys, head, &chain)) == mac);
        let last: Option<(String,)> = conn.maybe(chain_of(head)).await?;
        match last {
            _ if !is_ours => {
                findings.push("its head was changed by somebody without Keeper's key".to_owned());
            }
            Some((last,)) if last == chain => {}
            _ => findings.push(format!(
                "it does not end at event {head}, where its head says: the end was cut off or changed"
            )),
        }
    }
    if let Some(anchor) = &newest {
        let there: Option<(String,)> = conn.maybe(chain_of(anchor.seq)).await?;
        if !anchor.is_of(&keys) {
            findings
                .push("the newest line of audit-head.log has a signature that is not Keeper's".to_owned());
        } else if there.is_none_or(|(chain,)| chain != anchor.chain) {
            findings.push(format!(
                "audit-head.log proves an event {} that the database does not hold so: its end was cut off, or an older database was put back",
                anchor.seq
            ));
        }
    }
    Ok(Glance { head, anchored: newest.map(|anchor| anchor.seq), findings })
}

/// `None`: nothing has been anchored yet.
fn newest(path: &Path) -> std::io::Result<Option<Anchor>> {
    let mut file = match std::fs::File::open(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let text = String::from_utf8_lossy(&tail);
    Ok(text.lines().rev().find_map(|line| serde_json::from_str(line).ok()))
}
