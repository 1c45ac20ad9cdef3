//! Destroying a version: its wrapped data key and its ciphertext are taken away, and nobody can open it any more.
//! The row stays and says who made it when; who destroyed it, and why, is in the audit log.
use super::find::find_locked;
use super::sure::Sure;
use super::versions::version_in;
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::VersionState;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::{sql, tx};

pub async fn destroy(app: &App, actor: &Actor, id: i64, number: i64, wish: &Sure) -> Result<()> {
    let done = tx!(app.db, |tx| {
        let now = app.now();
        let found = find_locked(tx, actor, id).await?;
        let (secret, place) = (&found.secret, &found.place);
        found.demand(actor, Act::Destroy)?;
        place.demand_proof_to_send(actor, Act::Destroy, secret.secrecy_level, now)?;
        let version = version_in(tx, id, number).await?;
        if number == secret.current_version {
            return Err(Error::Conflict(
                "this version is the current one, which is never destroyed: rotate first".into(),
            ));
        }
        if version.state == VersionState::Pending {
            return Err(Error::Conflict(
                "this version is on its way into force: wait until its rotation has ended".into(),
            ));
        }
        let why = wish.demand(&secret.name)?;
        if version.state == VersionState::Destroyed {
            return Ok(()); // said twice
        }
        // The digest goes too: with it somebody could try whether a guess was the value.
        let nothing = Vec::<u8>::new;
        tx.exec(sql!(
            "UPDATE secret_versions SET state = 'destroyed', wrapped_key = NULL, ciphertext = ?, nonce = ?, digest = ?, updated_at = ?
             WHERE secret_id = ? AND number = ?",
            nothing(), nothing(), nothing(), now, id, number
        ))
        .await?;
        let event = Event::new("version.destroyed", found.label())
            .environment(secret.environment_id)
            .secret(id)
            .with("version", number)
            .with("reason", why);
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    if done.is_ok() {
        forget(app).await;
    }
    done
}

/// The embedded database keeps what was written in a second file until it is told; if that is busy, the worker tells it later.
pub(super) async fn forget(app: &App) {
    match app.db.scrub().await {
        Ok(true) => {}
        Ok(false) => {
            tracing::warn!("destroyed bytes are still in the -wal file: it is busy, tried again soon");
        }
        Err(error) => tracing::warn!(%error, "destroyed bytes are still in the -wal file, tried again soon"),
    }
}
