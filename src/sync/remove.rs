//! A copy that is not wanted any more is deleted in its backend, within the backend's own recovery window: never for good, and
//! nothing that is not Keeper's.
use super::moving::forget_left;
use super::push::{Pushed, drop_job, event};
use super::refused::Refused;
use super::stores::Stores;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::Result;
use crate::outbox::{self, Job};
use crate::remote::RemoteError;
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// Where the copies of a secret lie in the job's backend.
#[derive(sqlx::FromRow)]
struct Lying {
    remote_path: String,
    /// The one that its copy has moved away from.
    #[sqlx(rename = "left_at")]
    left: Option<String>,
}

impl Lying {
    /// Of what is not wanted: the one that was left, else the copy itself.
    fn path(&self) -> &str {
        self.left.as_deref().unwrap_or(&self.remote_path)
    }
}

async fn lying(app: &App, job: &Job) -> Result<Lying> {
    let query = sql!(
        "SELECT remote_path, left_at FROM copies WHERE secret_id = ? AND backend = ?",
        job.secret_id,
        job.backend
    );
    app.db.read().await?.one(query).await
}

pub(super) async fn remove(app: &App, stores: &Stores, job: &Job, found: &Found) -> Result<Pushed> {
    let environment = &found.place.environment;
    let pushed = Pushed {
        secret_id: job.secret_id,
        backend: job.backend,
        status: found.secret.status_of(job.backend),
    };
    let lying = lying(app, job).await?;
    let is_wanted = lying.left.is_none() && found.secret.goes_to(environment, job.backend);
    if !environment.is_active || !environment.has(job.backend) || is_wanted {
        drop_job(app, job).await?;
        return Ok(pushed);
    }
    match attempt(app, stores, job, found, lying.path()).await {
        Ok(Ok(())) => removed(app, job, lying.left.is_some()).await?,
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
    path: &str,
) -> Result<std::result::Result<(), RemoteError>> {
    match stores.of(app, &found.place.environment, job.backend).await? {
        Ok(store) => Ok(store.remove(path, &found.secret.uid).await),
        Err(why) => Ok(Err(why)),
    }
}

async fn removed(app: &App, job: &Job, was_left: bool) -> Result<()> {
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
        if was_left {
            forget_left(app, tx, job.secret_id, job.backend).await?;
        }
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
