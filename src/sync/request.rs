//! "Push again": a person asks that the copies of one secret, or of a whole environment, be brought up to date.
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act};
use crate::kit::page::Cursor;
use crate::secrets::{self, DueCopy, Filter};
use crate::tx;

/// How many secrets of an environment are queued in one transaction.
const BATCH: u32 = 200;
const WHAT: &str = "pushing again";

pub async fn request(app: &App, actor: &Actor, secret_id: i64) -> Result<()> {
    let done = tx!(app.db, |tx| request_in(app, tx, actor, secret_id).await);
    app.jobs.notify_waiters();
    done
}

/// Inside a unit.
pub async fn request_in(app: &App, tx: &mut Tx, actor: &Actor, secret_id: i64) -> Result<()> {
    actor.demand_with(Scope::SecretsSync, Role::Manager, WHAT)?;
    let found = secrets::find_locked(tx, actor, secret_id).await?;
    if !found.secret.is_active || !found.place.environment.is_active {
        return Err(Error::Conflict("what is switched off is not pushed: switch it on first".into()));
    }
    secrets::queue_current(tx, app.now(), &found).await?;
    let event = Event::new("copy.requested", found.label())
        .environment(found.secret.environment_id)
        .secret(secret_id);
    audit::record(app, tx, actor, event).await?;
    Ok(())
}

/// Every active secret of an environment, in batches; one event for each. Gives how many were queued.
pub async fn request_all(app: &App, actor: &Actor, environment_id: i64) -> Result<usize> {
    actor.demand_with(Scope::SecretsSync, Role::Manager, WHAT)?;
    let place = environments::enter(app, actor, environment_id).await?;
    place.demand_under(Scope::SecretsSync, actor, Act::Change, SecrecyLevel::Internal)?;
    let mut filter = Filter { environments: vec![environment_id], limit: BATCH, ..Filter::default() };
    let mut count = 0;
    loop {
        let page = secrets::list(app, &filter).await?;
        let ids: Vec<i64> = page.items.iter().map(|secret| secret.id).collect();
        let queued: Result<()> = tx!(app.db, |tx| {
            let place = environments::enter_in(tx, actor, environment_id).await?;
            let held = secrets::locked(tx, environment_id, &ids).await?;
            let due: Vec<DueCopy<'_>> = held.iter().map(DueCopy::current).collect();
            secrets::queue(tx, app.now(), &place.environment, &due).await?;
            let event = Event::new("copy.requested", &place.environment.name)
                .environment(environment_id)
                .with("secrets", held.len());
            audit::record(app, tx, actor, event).await?;
            Ok(())
        });
        queued?;
        app.jobs.notify_waiters();
        count += ids.len();
        match page.next {
            Some(next) => filter.cursor = Cursor::After(next),
            None => return Ok(count),
        }
    }
}
