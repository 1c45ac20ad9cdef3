//! A copy that is not wanted any more is deleted in its backend, within the backend's own recovery window: never for good, and
//! nothing that is not Keeper's.
use super::push::{Pushed, drop_job, event, place_of};
use super::refused::Refused;
use super::stores::Stores;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
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
        Ok(Ok(())) => removed(app, job).await?,
        Ok(Err(why)) => failed(app, job, &why).await?,
        Err(e) => {
            let why = format!("not removed: {e}");
            failed(app, job, &RemoteError::Retry { why: why.into(), after: None }).await?;
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

async fn removed(app: &App, job: &Job) -> Result<()> {
    tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        if !outbox::done(tx, now, job).await? {
            return Ok(());
        }
        tx.exec(sql!(
            "UPDATE copies SET last_error = NULL, next_try_at = NULL, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?",
            job.attempts, now, job.secret_id, job.backend
        ))
        .await?;
        audit::record(app, tx, &Actor::System, event("copy.removed", job, &found)).await.map(drop)
    })
}

async fn failed(app: &App, job: &Job, why: &RemoteError) -> Result<()> {
    let refused = Refused::new(app, job, why)?;
    tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        let told = told(tx, job).await?;
        let is_news = told.is_none_or(|told| told != refused.text);
        if !refused.store(tx, app.now(), job).await? || !refused.has_failed || !is_news {
            return Ok(());
        }
        let event =
            event("copy.removed", job, &found).outcome(Outcome::Failed).with("error", refused.text.as_str());
        audit::record(app, tx, &Actor::System, event).await.map(drop)
    })
}

/// What the copy's row tells by now: the tries that come seldom are told once.
async fn told(tx: &mut Tx, job: &Job) -> Result<Option<String>> {
    let query =
        sql!("SELECT last_error FROM copies WHERE secret_id = ? AND backend = ?", job.secret_id, job.backend);
    tx.one::<(Option<String>,)>(query).await.map(|row| row.0)
}
