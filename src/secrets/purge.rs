//! Purging: a secret that was switched off long enough ago is removed for good, by an admin's hand and never by itself.
//! Its versions go with it. What stays: the audit log's history, and the copies in the backends.
use super::destroy::forget;
use super::find::{Found, find_locked};
use super::row::Secret;
use super::sure::Sure;
use super::{search, tallies};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::kit::clock::Utc;
use crate::{sql, tx};
use time::Duration;

/// From when on it may be purged; `None` while it is switched on.
pub fn purgeable_from(app: &App, secret: &Secret) -> Option<Utc> {
    if secret.is_active {
        return None;
    }
    let since = secret.deactivated_at.unwrap_or(secret.updated_at);
    Some(since.plus(Duration::days(app.settings.purge_after_days)))
}

pub async fn purge(app: &App, actor: &Actor, id: i64, row_version: i64, wish: &Sure) -> Result<()> {
    let done = tx!(app.db, |tx| {
        let found = find_locked(tx, actor, id).await?;
        let secret = &found.secret;
        demand(app, actor, &found)?;
        let why = wish.demand(&secret.name)?;
        if secret.row_version != row_version {
            return Err(Error::Conflict(
                "somebody else changed this secret meanwhile: nothing was purged".into(),
            ));
        }
        let versions =
            tx.number(sql!("SELECT COUNT(*) FROM secret_versions WHERE secret_id = ?", id)).await?;
        let copies: Vec<(String, String)> = tx
            .all(sql!("SELECT backend, remote_path FROM copies WHERE secret_id = ? ORDER BY backend", id))
            .await?;
        // What lies where the secret is kept out is not Keeper's.
        let kept = |backend: &str| secret.unlinked().iter().all(|one| one.as_str() != backend);
        let left: Vec<String> = copies
            .into_iter()
            .filter(|(backend, _)| kept(backend))
            .map(|(backend, path)| format!("{backend}: {path}"))
            .collect();
        remove(tx, app.now(), id).await?;
        let event = Event::new("secret.purged", found.label())
            .environment(secret.environment_id)
            .secret(id)
            .with("uid", secret.uid.as_str())
            .with("versions", versions)
            .with("copies_left", left)
            .with("reason", why);
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    if done.is_ok() {
        forget(app).await;
    }
    done
}

fn demand(app: &App, actor: &Actor, found: &Found) -> Result<()> {
    let secret = &found.secret;
    found.demand(actor, Act::Destroy)?;
    if actor.role() < Role::Admin {
        return Err(Error::Forbidden("purging takes an admin".into()));
    }
    found.place.demand_proof_to_send(actor, Act::Destroy, secret.secrecy_level, app.now())?;
    match purgeable_from(app, secret) {
        None => Err(Error::Conflict("this secret is switched on: switch it off before you purge it".into())),
        Some(from) if from > app.now() => Err(Error::Conflict(format!(
            "this secret can be purged {} days after it was switched off, from {} UTC on",
            app.settings.purge_after_days,
            from.to_input().replace('T', " ")
        ))),
        Some(_) => Ok(()),
    }
}

/// From the leaves to the root. The steps of a rotation go with it.
async fn remove(tx: &mut Tx, now: Utc, id: i64) -> Result<()> {
    tx.exec(sql!("DELETE FROM rotations WHERE secret_id = ?", id)).await?;
    tx.exec(sql!("DELETE FROM jobs WHERE secret_id = ?", id)).await?;
    tx.exec(sql!("DELETE FROM copies WHERE secret_id = ?", id)).await?;
    search::note(tx, now, &[id]).await?;
    tx.exec(sql!("DELETE FROM secret_versions WHERE secret_id = ?", id)).await?;
    tallies::counted(tx, now, &[id], sql!("DELETE FROM secrets WHERE id = ?", id)).await
}
