//! A copy that is not wanted any more is deleted in its backend, within the backend's own recovery window: never for good, and
//! nothing that is not Keeper's.
use super::push::{Pushed, drop_job, event, place_of};
use super::stores::Stores;
use crate::app::App;
use crate::audit;
use crate::domain::actor::Actor;
use crate::domain::enums::{Outcome, SyncStatus};
use crate::domain::error::Result;
use crate::outbox::{self, Job};
use crate::remote::RemoteError;
use crate::secrets::{self, Found};
use crate::{sql, tx};

pub(super) async fn remove(app: &App, stores: &Stores, job: &Job, found: &Found) -> Result<Pushed> {
    let environment = &found.place.environment;
    let pushed = Pushed { secret_id: job.secret_id, backend: job.backend, status: SyncStatus::NotConfigured };
    if !environment.is_active
        || !environment.has(job.backend)
        || found.secret.goes_to(environment, job.backend)
    {
        drop_job(app, job).await?;
        return Ok(pushed);
    }
    match attempt(app, stores, job, found).await {
        Ok(Ok(())) => settle(app, job, None).await?,
        Ok(Err(why)) => settle(app, job, Some(&why)).await?,
        Err(e) => {
            let why = format!("not removed: {e}");
            settle(app, job, Some(&RemoteError::Retry { why: why.into(), after: None })).await?;
        }
    }
    Ok(pushed)
}

async fn attempt(
    app: &App,
    stores: &Stores,
    job: &Job,
    found: &Found,
) -> Result<std::result::Result<(), RemoteError>> {
    let (path, _) = place_of(app, job).await?;
    match stores.of(app, &found.place.environment, job.backend).await? {
        Ok(store) => Ok(store.remove(&path, &found.secret.uid).await),
        Err(why) => Ok(Err(why)),
    }
}

/// `None`: it is gone there.
async fn settle(app: &App, job: &Job, why: Option<&RemoteError>) -> Result<()> {
    let ends = why.is_none_or(|why| !why.may_pass()) || job.attempts >= outbox::MOST_ATTEMPTS;
    let next = outbox::next_try(app, job, why)?;
    let text: Option<String> = why.map(|why| why.to_string().chars().take(1000).collect());
    tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        let ours = match &text {
            None => outbox::done(tx, now, job).await?,
            Some(text) if ends => outbox::dead(tx, now, job, text).await?,
            Some(text) => outbox::retry(tx, now, job, next, text).await?,
        };
        if !ours {
            return Ok(());
        }
        tx.exec(sql!(
            "UPDATE copies SET last_error = ?, next_try_at = ?, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?",
            text.clone(), (!ends).then_some(next), job.attempts, now, job.secret_id, job.backend
        ))
        .await?;
        if ends {
            let outcome = if text.is_none() { Outcome::Ok } else { Outcome::Failed };
            let event = event("copy.removed", job, &found).outcome(outcome);
            let event = text.iter().fold(event, |event, text| event.with("error", text.as_str()));
            audit::record(app, tx, &Actor::System, event).await?;
        }
        Ok(())
    })
}
