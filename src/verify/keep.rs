//! What was found is stored in one unit, if the value that was asked about is still the one in force.
use super::ask::{Answer, Read};
use super::row::{Finding, Spot};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Outcome, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use crate::secrets::{self, Found};
use crate::{sql, tx, values};

pub(super) async fn keep(app: &App, actor: &Actor, seen: &Found, answers: &[Answer]) -> Result<()> {
    tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, actor, seen.secret.id).await?;
        if found.secret.current_version != seen.secret.current_version {
            let why = "its value was changed while it was verified: verify it again";
            return Err(Error::Conflict(why.to_owned()));
        }
        mark_copies(tx, now, &found, answers).await?;
        let before = replace(tx, now, actor, &found, answers).await?;
        if is_news(actor, &before, answers) {
            audit::record(app, tx, actor, event(&found, answers)).await?;
        }
        Ok(())
    })
}

/// A copy that was in order and is not any more is out of sync, and one that is in order again is synced. One whose push has
/// failed stays failed.
async fn mark_copies(tx: &mut Tx, now: Utc, found: &Found, answers: &[Answer]) -> Result<()> {
    let mut secret = found.secret.clone();
    for answer in answers {
        let Some(read) = &answer.read else { continue };
        let before = secret.status_of(read.backend);
        if !matches!(before, SyncStatus::Synced | SyncStatus::OutOfSync)
            || !mark(tx, now, secret.id, read).await?
        {
            continue;
        }
        let status =
            if answer.outcome == Finding::Equal { SyncStatus::Synced } else { SyncStatus::OutOfSync };
        if status != before {
            secrets::set_status(tx, now, &secret, read.backend, status).await?;
            match read.backend {
                Backend::Aws => secret.aws_sync_status = status,
                Backend::Vault => secret.vault_sync_status = status,
            }
        }
    }
    Ok(())
}

/// False: it was pushed meanwhile.
async fn mark(tx: &mut Tx, now: Utc, secret_id: i64, read: &Read) -> Result<bool> {
    let digest = read.digest.map(|digest| digest.as_bytes().to_vec());
    let update = sql!(
        "UPDATE copies SET digest_seen = ?, updated_at = ? WHERE secret_id = ? AND backend = ? AND last_success_at = ?",
        digest,
        now,
        secret_id,
        read.backend,
        read.pushed_at
    );
    Ok(tx.exec(update).await? == 1)
}

/// Gives what stood there. Places that are none any more go. Where Keeper itself got no answer, what it had found before still stands.
async fn replace(
    tx: &mut Tx,
    now: Utc,
    actor: &Actor,
    found: &Found,
    answers: &[Answer],
) -> Result<Vec<(String, String)>> {
    let id = found.secret.id;
    let before: Vec<(String, String)> =
        tx.all(sql!("SELECT place, outcome FROM verifications WHERE secret_id = ?", id)).await?;
    let stands = |answer: &&Answer| {
        let drifted = |row: &(String, String)| {
            row.0 == answer.place.as_str() && row.1.parse().is_ok_and(Finding::is_drift)
        };
        matches!(actor, Actor::System) && answer.outcome == Finding::Unknown && before.iter().any(drifted)
    };
    let (kept, new): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(stands);
    let mut gone = sql!("DELETE FROM verifications WHERE secret_id = ?", id);
    if !kept.is_empty() {
        gone.push_list(" AND place NOT IN ", kept.iter().map(|answer| Value::from(answer.place.as_str())));
    }
    tx.exec(gone).await?;
    let insert = sql!(
        "INSERT INTO verifications (secret_id, environment_id, place, outcome, is_drift, detail, remote_version, digest, checked_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    let row = |answer: &&Answer| {
        let detail: String = answer.detail.chars().take(1000).collect();
        let read = answer.read.as_ref();
        let remote_version = read.and_then(|read| read.remote_version.clone());
        let digest = read.and_then(|read| read.digest).map(|digest| digest.as_bytes().to_vec());
        values![
            id,
            found.secret.environment_id,
            answer.place.as_str(),
            answer.outcome.as_str(),
            answer.outcome.is_drift(),
            detail,
            remote_version,
            digest,
            now,
            now,
            now
        ]
    };
    tx.insert_all(insert, new.iter().map(row).collect()).await?;
    Ok(before)
}

/// A person's is told always. Keeper's own comes every night and for every secret: it is told when it finds something else than the
/// last one, or than all well. A backend that does not answer is told elsewhere, and once.
fn is_news(actor: &Actor, before: &[(String, String)], answers: &[Answer]) -> bool {
    let known = |outcome: &&str| *outcome != Finding::Unknown.as_str();
    let last = |place: Spot| before.iter().find(|row| row.0 == place.as_str()).map(|row| row.1.as_str());
    let differs = |answer: &Answer| {
        let last = last(answer.place).filter(known).unwrap_or(Finding::Equal.as_str());
        known(&answer.outcome.as_str()) && last != answer.outcome.as_str()
    };
    !matches!(actor, Actor::System) || answers.iter().any(differs)
}

fn event(found: &Found, answers: &[Answer]) -> Event {
    let all_well = answers.iter().all(|answer| answer.outcome == Finding::Equal);
    let event = Event::new("secret.verified", found.label())
        .environment(found.secret.environment_id)
        .secret(found.secret.id)
        .outcome(if all_well { Outcome::Ok } else { Outcome::Failed })
        .with("version", found.secret.current_version);
    answers.iter().fold(event, |event, answer| event.with(answer.place.as_str(), answer.outcome.as_str()))
}
