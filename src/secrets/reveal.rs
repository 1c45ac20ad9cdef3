//! Showing a value. The audit event is stored before the value leaves.
use super::find::{Found, find};
use super::{open_version, reason, version};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::digest::Digest;
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::Act;
use crate::tx;

pub struct Revealed {
    pub found: Found,
    pub number: i64,
    pub digest: Option<Digest>,
    pub value: Plaintext,
}

pub async fn reveal(app: &App, actor: &Actor, id: i64, number: Option<i64>, why: &str) -> Result<Revealed> {
    let found = find(app, actor, id).await?;
    let number = number.unwrap_or(found.secret.current_version);
    found.demand(actor, Act::Reveal)?;
    let level = found.secret.secrecy_level;
    found.place.demand_proof_to_send(actor, Act::Reveal, level, app.now())?;
    let why = reason(why, found.place.asks(Act::Reveal, level).reason)?;
    let version = version(app, id, number).await?;
    // Opened before the event, so that "revealed" is never said of a value that does not open; handed out only after it.
    let value = match open_version(app, &found.secret, number).await {
        Ok(value) => value,
        Err(e) => {
            if matches!(e, Error::Broken(_)) {
                record(app, actor, &found, number, &why, Outcome::Failed).await?;
            }
            return Err(e);
        }
    };
    record(app, actor, &found, number, &why, Outcome::Ok).await?;
    Ok(Revealed { digest: version.digest(), found, number, value })
}

async fn record(
    app: &App,
    actor: &Actor,
    found: &Found,
    number: i64,
    why: &str,
    outcome: Outcome,
) -> Result<()> {
    tx!(app.db, |tx| {
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
