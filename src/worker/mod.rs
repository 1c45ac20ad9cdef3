//! The worker: one loop for each backend, so that one that hangs holds up nobody else, and the timers.
use crate::app::{App, Shared};
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::kit::fault;
use crate::lease::Step;
use crate::sync::{Stores, push_next};
use crate::{
    audit, bulk, data_migrations, door, imports, outbox, providers, rekey, rotations, secrets, signin, verify,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::futures::Notified;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many jobs of one backend run at once.
const HANDS: usize = 4;
/// How many environments are compared at once.
const COMPARERS: usize = 2;
/// A job that another process queued is found within this time.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
const AFTER_TROUBLE: Duration = Duration::from_secs(5);
const TELL_EVERY: Duration = Duration::from_mins(1);
const DUE_EVERY: Duration = Duration::from_secs(5);
const COMPARE_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(1);
const ANCHOR_EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop`; then lets the jobs at hand finish.
pub async fn run(app: Shared, stop: CancellationToken) {
    let stores = Arc::new(Stores::default());
    let mut tasks = JoinSet::new();
    for backend in Backend::ALL {
        for _ in 0..HANDS {
            tasks.spawn(hand(app.clone(), stores.clone(), *backend, stop.clone()));
        }
    }
    tasks.spawn(many(app.clone(), stop.clone()));
    tasks.spawn(keys(app.clone(), stop.clone()));
    tasks.spawn(data(app.clone(), stop.clone()));
    for _ in 0..HANDS {
        tasks.spawn(journal(app.clone(), stop.clone()));
    }
    tasks.spawn(due(app.clone(), stop.clone()));
    for _ in 0..COMPARERS {
        tasks.spawn(comparing(app.clone(), stores.clone(), stop.clone()));
    }
    tasks.spawn(minute(app.clone(), stop.clone()));
    tasks.spawn(tidy(app.clone(), stop.clone()));
    tasks.spawn(anchors(app, stop));
    while tasks.join_next().await.is_some() {}
}

async fn hand(app: Shared, stores: Arc<Stores>, backend: Backend, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.jobs.notified();
        let pause = match work(&app, &stores, backend).await {
            Ok(true) => continue,
            Ok(false) => next_look(&app, backend).await,
            Err(error) => {
                tracing::warn!(%error, backend = backend.as_str(), "the worker could not work");
                AFTER_TROUBLE
            }
        };
        rest(woken, pause, &stop).await;
    }
}

/// Until there is something to do again: said, or after a while.
async fn rest(woken: Notified<'_>, pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = woken => {}
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

/// For a while, or until the worker ends.
async fn sleep(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

/// One job and what follows from it. False when none was due.
async fn work(app: &Shared, stores: &Stores, backend: Backend) -> Result<bool> {
    let Some(pushed) = push_next(app, stores, backend).await? else { return Ok(false) };
    tracing::info!(
        secret = pushed.secret_id,
        backend = pushed.backend.as_str(),
        status = pushed.status.as_str(),
        "copy"
    );
    fault::point("after_copy");
    rotations::settle(app, pushed.secret_id).await?;
    Ok(true)
}

/// Bulk operations, one secret after the other.
async fn many(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.jobs.notified();
        let pause = match bulk::work(&app).await {
            Ok(true) => continue,
            Ok(false) => LOOK_AGAIN,
            Err(error) => {
                tracing::warn!(%error, "a bulk operation waits");
                AFTER_TROUBLE
            }
        };
        rest(woken, pause, &stop).await;
    }
}

/// A rewrap that somebody asked for, a few keys at a time.
async fn keys(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.jobs.notified();
        let pause = match rekey::work(&app).await {
            Ok(Step::Done) => continue,
            Ok(Step::Idle | Step::Busy) => LOOK_AGAIN,
            Err(error) => {
                tracing::warn!(%error, "the keys are not wrapped anew yet");
                AFTER_TROUBLE
            }
        };
        rest(woken, pause, &stop).await;
    }
}

/// What an older release has stored, brought into its present form. There is an end to it.
async fn data(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match data_migrations::work(&app.db, app.now()).await {
            Ok(Step::Done) => continue,
            Ok(Step::Idle) => return,
            Ok(Step::Busy) => LOOK_AGAIN,
            Err(error) => {
                tracing::warn!(%error, "data are not in their present form yet");
                AFTER_TROUBLE
            }
        };
        sleep(pause, &stop).await;
    }
}

/// Rotations that change a source, line by line of their journals.
async fn journal(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.jobs.notified();
        let pause = match rotations::go_on(&app).await {
            Ok(true) => continue,
            Ok(false) => until(&app, rotations::next_run(&app).await.ok().flatten()),
            Err(error) => {
                tracing::warn!(%error, "rotations wait");
                AFTER_TROUBLE
            }
        };
        rest(woken, pause, &stop).await;
    }
}

/// Rotations that are due by themselves.
async fn due(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match rotations::rotate_due(&app).await {
            Ok(_) => DUE_EVERY,
            Err(error) => {
                tracing::warn!(%error, "rotations that are due wait");
                AFTER_TROUBLE
            }
        };
        sleep(pause, &stop).await;
    }
}

/// Comparisons of an environment's copies, a few secrets at a time.
async fn comparing(app: Shared, stores: Arc<Stores>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.jobs.notified();
        let pause = match verify::compare_next(&app, &stores).await {
            Ok(Some(_)) => continue,
            Ok(None) => COMPARE_EVERY,
            Err(error) => {
                tracing::warn!(%error, "a comparison of copies waits");
                AFTER_TROUBLE
            }
        };
        rest(woken, pause, &stop).await;
    }
}

async fn next_look(app: &Shared, backend: Backend) -> Duration {
    until(app, outbox::next_due(app, backend).await.ok().flatten())
}

fn until(app: &Shared, due: Option<Utc>) -> Duration {
    let wait = due.and_then(|at| Duration::try_from(at.since(app.now())).ok()).unwrap_or(LOOK_AGAIN);
    wait.clamp(Duration::from_millis(20), LOOK_AGAIN)
}

/// Once a minute: sign-ins that the limits turned away and refusals that were only counted are told, sessions and held files that grew old
/// are taken away, the identity providers' metadata are read again when they have aged, and destroyed bytes leave the last file that may
/// hold them.
async fn minute(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        // At the start as well: a process may have ended between the last copy and this.
        if let Err(error) = rotations::settle_left(&app).await {
            tracing::warn!(%error, "rotations whose copies have arrived could not be settled");
        }
        sleep(TELL_EVERY, &stop).await;
        if let Err(error) = signin::tell_of_slowed(&app).await {
            tracing::warn!(%error, "sign-ins that were turned away could not be told");
        }
        if let Err(error) = door::tell_of_refused(&app).await {
            tracing::warn!(%error, "refusals of programs could not be told");
        }
        if let Err(error) = signin::sweep(&app).await {
            tracing::warn!(%error, "old sessions could not be taken away");
        }
        if let Err(error) = audit::once::sweep(&app).await {
            tracing::warn!(%error, "old keys of requests could not be taken away");
        }
        if let Err(error) = imports::sweep(&app).await {
            tracing::warn!(%error, "files that nobody confirmed could not be taken away");
        }
        if let Err(error) = rotations::sweep(&app).await {
            tracing::warn!(%error, "requests that ran out could not be closed");
        }
        if let Err(error) = providers::refresh(&app).await {
            tracing::warn!(%error, "identity providers' metadata could not be renewed");
        }
        if let Err(error) = app.db.scrub_again().await {
            tracing::warn!(%error, "destroyed bytes are still in the -wal file");
        }
    }
}

/// When the process ends and nobody asks any more: what was only counted is told before it is forgotten.
pub async fn tell_what_is_left(app: &App) {
    if let Err(error) = signin::tell_of_slowed(app).await {
        let count = app.tries_slowed.load(Ordering::Relaxed);
        tracing::error!(%error, count, "sign-ins that were turned away could not be told");
    }
    if let Err(error) = door::tell_of_all_refused(app).await {
        tracing::error!(%error, "refusals of programs could not be told");
    }
}

/// Once a second: what changes left for later, so that they need not wait for each other, is put in order.
async fn tidy(app: Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = secrets::settle_tallies(&app).await {
            tracing::warn!(%error, "the tallies could not be added up");
        }
        match secrets::file_changes(&app).await {
            Ok(0) => {}
            Ok(_) => continue, // there may be more
            Err(error) => tracing::warn!(%error, "changes could not be filed for the search"),
        }
        sleep(TIDY_EVERY, &stop).await;
    }
}

/// Keeps the audit head anchored outside the database, a last time before the process ends.
async fn anchors(app: Shared, stop: CancellationToken) {
    let mut last = 0;
    loop {
        let stopping = stop.is_cancelled();
        match audit::anchor(&app, last).await {
            Ok(seq) => last = seq,
            Err(error) => tracing::warn!(%error, "the audit head could not be anchored"),
        }
        if stopping {
            return;
        }
        sleep(ANCHOR_EVERY, &stop).await;
    }
}
