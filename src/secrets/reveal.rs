//! Showing a value. The audit event is stored before the value leaves.
use super::find::{Found, find, find_locked};
use super::glass::{Broke, break_glass};
use super::{open_version, reason, search, version};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::digest::Digest;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::{sql, tx};

pub struct Revealed {
    pub found: Found,
    pub number: i64,
    pub digest: Option<Digest>,
    pub value: Plaintext,
}

pub async fn reveal(app: &App, actor: &Actor, id: i64, number: Option<i64>, why: &str) -> Result<Revealed> {
    let found = find(app, actor, id).await?;
    show(app, actor, found, number, (Act::Reveal, why)).await
}

/// An admin who is no member sees it, in an emergency: in sight of the others until one of them has acknowledged it, and the
/// secret's rotation is due at once.
pub async fn reveal_by_glass(
    app: &App,
    actor: &Actor,
    id: i64,
    number: Option<i64>,
    why: &str,
) -> Result<Revealed> {
    let found = find(app, actor, id).await?;
    // Who may see it anyway breaks nothing.
    let act = if found.demand(actor, Act::Reveal).is_ok() { Act::Reveal } else { Act::RevealByGlass };
    show(app, actor, found, number, (act, why)).await
}

async fn show(
    app: &App,
    actor: &Actor,
    found: Found,
    number: Option<i64>,
    (act, why): (Act, &str),
) -> Result<Revealed> {
    let number = number.unwrap_or(found.secret.current_version);
    found.demand(actor, act)?;
    let level = found.secret.secrecy_level;
    found.place.demand_proof_to_send(actor, act, level, app.now())?;
    let why = reason(why, found.place.asks(act, level).reason)?;
    let version = version(app, found.secret.id, number).await?;
    // Opened before the event, so that "revealed" is never said of a value that does not open; handed out only after it.
    let value = match open_version(app, &found.secret, number).await {
        Ok(value) => value,
        Err(e) => {
            if matches!(e, Error::Broken(_)) {
                record(app, actor, &found, (act, number, &why), Outcome::Failed).await?;
            }
            return Err(e);
        }
    };
    record(app, actor, &found, (act, number, &why), Outcome::Ok).await?;
    Ok(Revealed { digest: version.digest(), found, number, value })
}

async fn record(
    app: &App,
    actor: &Actor,
    found: &Found,
    (act, number, why): (Act, i64, &str),
    outcome: Outcome,
) -> Result<()> {
    tx!(app.db, |tx| {
        if act == Act::RevealByGlass && outcome == Outcome::Ok {
            let found = find_locked(tx, actor, found.secret.id).await?;
            found.demand(actor, act)?;
            due_at_once(tx, app.now(), found.secret.id).await?;
            break_glass(app, tx, actor, &found, (Broke::Reveal, None), why).await?;
        }
        let event = Event::new("secret.revealed", found.label())
            .environment(found.secret.environment_id)
            .secret(found.secret.id)
            .outcome(outcome)
            .with("version", number)
            .because(why);
        audit::record(app, tx, actor, event).await?;
        Ok(())
    })
}

/// Whoever saw the value is none of those who may: a new one is due. What somebody has before them stays as they saw it.
async fn due_at_once(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!("UPDATE secrets SET next_rotation_at = ?, updated_at = ? WHERE id = ?", now, now, id))
        .await?;
    search::note(tx, now, &[id]).await
}
