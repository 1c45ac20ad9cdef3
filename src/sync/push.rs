//! One job: claim → open the version → push → read back and compare → done, retry or dead. Each step may be repeated.
use super::choose::PUT_BACK;
use super::refused::Refused;
use super::remove::remove;
use super::stores::Stores;
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::digest::Digest;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Outcome, SyncStatus};
use crate::domain::error::Result;
use crate::domain::plaintext::Plaintext;
use crate::kit::fault;
use crate::outbox::{self, Job, Kind};
use crate::remote::{self, Mark, RemoteError, Store};
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// What became of a job.
#[derive(Debug)]
pub struct Pushed {
    pub secret_id: i64,
    pub backend: Backend,
    pub status: SyncStatus,
}

/// What the backend holds after a push, as it was read back.
struct Seen {
    remote_version: String,
    remote_id: String,
    number: i64,
    digest: Digest,
    equal: bool,
}

/// Takes the next due job of a backend, if there is one.
pub async fn push_next(app: &App, stores: &Stores, backend: Backend) -> Result<Option<Pushed>> {
    let Some(job) = outbox::claim(app, backend).await? else { return Ok(None) };
    let found = secrets::find(app, &Actor::System, job.secret_id).await?;
    let environment = &found.place.environment;
    if job.kind == Kind::Remove {
        return remove(app, stores, &job, &found).await.map(Some);
    }
    if !found.secret.is_active || !environment.is_active || !found.secret.goes_to(environment, backend) {
        drop_job(app, &job).await?;
        return Ok(Some(Pushed {
            secret_id: job.secret_id,
            backend,
            status: found.secret.status_of(backend),
        }));
    }
    mark_syncing(app, &job).await?;
    let result = attempt(app, stores, &job, &found).await;
    let status = match result {
        Ok(Ok(seen)) => succeeded(app, &job, &seen).await?,
        Ok(Err(refusal)) => failed(app, &job, &refusal).await?,
        // Keeper's own trouble (the KMS is away, a value that does not open): the copy waits.
        Err(e) => {
            let why = format!("not pushed: {e}");
            failed(app, &job, &RemoteError::Retry { why: why.into(), after: None }).await?
        }
    };
    Ok(Some(Pushed { secret_id: job.secret_id, backend, status }))
}

async fn attempt(
    app: &App,
    stores: &Stores,
    job: &Job,
    found: &Found,
) -> Result<std::result::Result<Seen, RemoteError>> {
    let secret = &found.secret;
    let (path, replaces) = place_of(app, job).await?;
    let store = match stores.of(app, &found.place.environment, job.backend).await? {
        Ok(store) => store,
        Err(e) => return Ok(Err(e)),
    };
    // The newest version always: an older job that comes late must not put an old value back.
    let number = secret.current_version.max(job.version_number);
    let value = secrets::open_version(app, secret, number).await?;
    let mark = Mark { uid: secret.uid.clone(), version: number };
    let keys = app.keys()?;
    let sent = keys.digest(&value);
    let pushed = match push_and_read(&store, &path, &value, &mark).await {
        Err(why @ (RemoteError::Foreign | RemoteError::Deleted)) => {
            match make_way(&store, &path, &mark, (why, replaces.as_deref())).await {
                Ok(()) => push_and_read(&store, &path, &value, &mark).await,
                Err(why) => Err(why),
            }
        }
        pushed => pushed,
    };
    fault::point("after_push");
    Ok(pushed.map(|(pushed, back)| {
        let digest = keys.digest(&back);
        Seen {
            remote_version: pushed.remote_version,
            remote_id: pushed.remote_id,
            number,
            equal: digest == sent,
            digest,
        }
    }))
}

async fn push_and_read(
    store: &Store,
    path: &str,
    value: &Plaintext,
    mark: &Mark,
) -> std::result::Result<(remote::Pushed, Plaintext), RemoteError> {
    let pushed = store.push(path, value, mark).await?;
    let gone = || RemoteError::Retry {
        why: "it was written, and is not there when it is read back".into(),
        after: None,
    };
    let back = store.read(path).await?.ok_or_else(gone)?;
    Ok((pushed, back.value))
}

/// Somebody may have decided that what is in the way makes way; but only what they saw.
async fn make_way(
    store: &Store,
    path: &str,
    mark: &Mark,
    (why, allowed): (RemoteError, Option<&str>),
) -> std::result::Result<(), RemoteError> {
    match (&why, allowed) {
        (RemoteError::Deleted, Some(PUT_BACK)) => store.put_back(path, mark).await,
        (RemoteError::Foreign, Some(seen)) if seen != PUT_BACK => match store.read(path).await? {
            Some(there) if there.version == seen => store.adopt(path, mark).await,
            _ => Err(RemoteError::Final {
                why: "what is at this path is not what was there when it was decided to replace it: compare, and decide anew"
                    .into(),
            }),
        },
        _ => Err(why),
    }
}

/// Its path, and which version there may be replaced although it is not Keeper's.
async fn place_of(app: &App, job: &Job) -> Result<(String, Option<String>)> {
    let query = sql!(
        "SELECT remote_path, replaces FROM copies WHERE secret_id = ? AND backend = ?",
        job.secret_id,
        job.backend
    );
    app.db.read().await?.one(query).await
}

pub(super) async fn drop_job(app: &App, job: &Job) -> Result<()> {
    tx!(app.db, |tx| {
        outbox::done(tx, app.now(), job).await?;
        Ok(())
    })
}

async fn mark_syncing(app: &App, job: &Job) -> Result<()> {
    tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        // What has failed stays so until it is put right: the tries that come seldom change nothing in lists.
        if found.secret.status_of(job.backend) == SyncStatus::Failed {
            return Ok(());
        }
        secrets::set_status(tx, app.now(), &found.secret, job.backend, SyncStatus::Syncing).await
    })
}

async fn succeeded(app: &App, job: &Job, seen: &Seen) -> Result<SyncStatus> {
    tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        if !outbox::done(tx, now, job).await? {
            return Ok(found.secret.status_of(job.backend)); // another worker has taken over
        }
        let status = match (seen.equal, found.secret.current_version == seen.number) {
            (false, _) => SyncStatus::OutOfSync,
            (true, true) => SyncStatus::Synced,
            (true, false) => SyncStatus::Pending,
        };
        tx.exec(sql!(
            "UPDATE copies SET remote_version = ?, version_number = ?, digest_seen = ?, last_success_at = ?, last_error = NULL, next_try_at = NULL, replaces = NULL, attempts = ?, updated_at = ?
             WHERE secret_id = ? AND backend = ?",
            &seen.remote_version, seen.number, seen.digest.as_bytes().to_vec(), now, job.attempts, now, job.secret_id, job.backend
        ))
        .await?;
        remember_place(tx, job, seen).await?;
        secrets::set_status(tx, now, &found.secret, job.backend, status).await?;
        let outcome = if seen.equal { Outcome::Ok } else { Outcome::Failed };
        let event = event("copy.pushed", job, &found)
            .outcome(outcome)
            .with("version", seen.number)
            .with("remote_version", seen.remote_version.as_str());
        audit::record(app, tx, &Actor::System, event).await?;
        Ok(status)
    })
}

/// The ARN or the path stays with the secret (S30).
async fn remember_place(tx: &mut Tx, job: &Job, seen: &Seen) -> Result<()> {
    let id: String = seen.remote_id.chars().take(512).collect();
    let query = match job.backend {
        Backend::Aws => sql!("UPDATE secrets SET aws_secret_arn = ? WHERE id = ?", id, job.secret_id),
        Backend::Vault => sql!("UPDATE secrets SET vault_path = ? WHERE id = ?", id, job.secret_id),
    };
    tx.exec(query).await.map(|_| ())
}

/// Shown either way.
async fn failed(app: &App, job: &Job, why: &RemoteError) -> Result<SyncStatus> {
    let refused = Refused::new(app, job, why)?;
    let status = if refused.has_failed { SyncStatus::Failed } else { SyncStatus::Pending };
    tx!(app.db, |tx| {
        let now = app.now();
        let found = secrets::find_locked(tx, &Actor::System, job.secret_id).await?;
        if !refused.store(tx, now, job).await? {
            return Ok(found.secret.status_of(job.backend));
        }
        let is_news = found.secret.status_of(job.backend) != SyncStatus::Failed;
        secrets::set_status(tx, now, &found.secret, job.backend, status).await?;
        // One event when a copy begins to have trouble and one when it has failed; the tries between and after are in the copy's row.
        if is_news && (refused.has_failed || job.attempts == 1) {
            let event = event("copy.failed", job, &found)
                .outcome(Outcome::Failed)
                .with("error", refused.text.as_str())
                .with("given_up", refused.has_failed);
            audit::record(app, tx, &Actor::System, event).await?;
        }
        Ok(status)
    })
}

pub(super) fn event(action: &'static str, job: &Job, found: &Found) -> Event {
    Event::new(action, found.label())
        .environment(found.secret.environment_id)
        .secret(job.secret_id)
        .with("backend", job.backend.as_str())
}
