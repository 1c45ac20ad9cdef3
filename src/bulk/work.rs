//! The worker's part: the next secret, its act and the row that tells of it in one unit. So nothing is done twice and nothing
//! is left out, wherever a process ends.
use super::input::{Kind, Tags};
use super::list::{ItemState, Operation, operation};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::{Actor, Trace};
use crate::domain::error::{Error, Result};
use crate::kit::fault;
use crate::rotations::{self, Beside};
use crate::{people, secrets, sql, sync, tx};

/// One step. False when nothing waits.
pub async fn work(app: &App) -> Result<bool> {
    let next = sql!(
        "SELECT id, operation_id, secret_id FROM bulk_items WHERE state = 'waiting' ORDER BY id LIMIT 1"
    );
    let found = app.db.read().await?.maybe::<(i64, i64, i64)>(next).await?;
    let Some((item, operation_id, secret)) = found else { return finish_one(app).await };
    let operation = operation(app, operation_id).await?;
    let Some(actor) = actor(app, &operation).await? else {
        let why = Error::Forbidden("the account that asked for this is closed".into());
        return tell(app, item, &why).await.map(|()| true);
    };
    let done = match operation.kind {
        Kind::Rotate => Box::pin(rotate(app, &actor, &operation, item, secret)).await,
        _ => in_one_unit(app, &actor, &operation, item, secret).await,
    };
    app.jobs.notify_waiters();
    match done {
        Ok(()) => {}
        // The database or the KMS is away: it is tried again.
        Err(e @ Error::Unavailable { .. }) => return Err(e),
        Err(e) => tell(app, item, &e).await?,
    }
    Ok(true)
}

/// The person as they are now: a role that was taken away counts at once. Their proof was asked when they confirmed.
async fn actor(app: &App, operation: &Operation) -> Result<Option<Actor>> {
    let Some(id) = operation.user_id else { return Ok(None) };
    let user = people::by_id(&mut app.db.read().await?, id).await?.filter(|user| user.is_active);
    let trace = Trace {
        client: operation.client.clone(),
        request_id: operation.request_id.clone(),
        ..Trace::default()
    };
    Ok(user.map(|user| Actor::Person(user.person(app.now(), trace))))
}

async fn in_one_unit(app: &App, actor: &Actor, operation: &Operation, item: i64, secret: i64) -> Result<()> {
    let tags: Tags = serde_json::from_str(&operation.tags).map_err(Error::broken)?;
    tx!(app.db, |tx| {
        if !is_waiting(tx, item).await? {
            return Ok(()); // another worker was faster
        }
        let changed = act(app, tx, actor, operation, &tags, secret).await?;
        let state = if changed { ItemState::Done } else { ItemState::Same };
        mark(app, tx, item, state, "").await
    })
}

/// A new value is made and sealed before any unit begins; the row is marked in the unit that stores its rotation.
async fn rotate(app: &App, actor: &Actor, operation: &Operation, item: i64, secret: i64) -> Result<()> {
    rotations::rotate_alone(app, actor, secret, &operation.reason, &Led { app, item }).await?;
    fault::point("bulk_after_rotation");
    Ok(())
}

/// The row of a secret that is being rotated.
struct Led<'a> {
    app: &'a App,
    item: i64,
}

impl Beside for Led<'_> {
    async fn store(&self, tx: &mut Tx, rotation: i64) -> Result<()> {
        if !is_waiting(tx, self.item).await? {
            return Err(Error::Conflict("another worker has rotated it for this row".into()));
        }
        tx.exec(sql!("UPDATE bulk_items SET rotation_id = ? WHERE id = ?", rotation, self.item)).await?;
        mark(self.app, tx, self.item, ItemState::Done, "").await?;
        fault::point("bulk_in_rotation");
        Ok(())
    }
}

/// False: it was so already.
async fn act(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    operation: &Operation,
    tags: &Tags,
    secret: i64,
) -> Result<bool> {
    let why = operation.reason.as_str();
    match operation.kind {
        Kind::Tag => secrets::retag(app, tx, actor, secret, &tags.add, &tags.remove, why).await,
        Kind::Sync => sync::request_in(app, tx, actor, secret).await.map(|()| true),
        Kind::SwitchOff => secrets::switch(app, tx, actor, secret, false, (why, None)).await,
        Kind::Rotate => Err(Error::broken("a rotation seals before its unit")),
    }
}

async fn is_waiting(tx: &mut Tx, item: i64) -> Result<bool> {
    let query = sql!("SELECT state FROM bulk_items WHERE id = ? {lock}", item);
    Ok(tx.one::<(String,)>(query).await?.0 == "waiting")
}

async fn mark(app: &App, tx: &mut Tx, item: i64, state: ItemState, detail: &str) -> Result<()> {
    let update = sql!(
        "UPDATE bulk_items SET state = ?, detail = ?, updated_at = ? WHERE id = ? AND state = 'waiting'",
        state.as_str(),
        detail,
        app.now(),
        item
    );
    tx.exec(update).await.map(drop)
}

/// What stood in the way is written beside the secret, and the next one follows.
async fn tell(app: &App, item: i64, why: &Error) -> Result<()> {
    let (state, text) = match why {
        Error::NotFound => {
            (ItemState::Refused, "it is not there, or the door of its environment is closed".to_owned())
        }
        Error::Invalid(fields) => {
            let words = fields.iter().map(|(field, messages)| format!("{field} {}", messages.join(", ")));
            (ItemState::Refused, words.collect::<Vec<_>>().join("; "))
        }
        Error::Forbidden(why) | Error::Conflict(why) => (ItemState::Refused, why.clone()),
        Error::ProofNeeded | Error::Taken => (ItemState::Refused, why.to_string()),
        Error::Unavailable { .. } | Error::Broken(_) => {
            tracing::error!(item, error = ?why, "a secret of a bulk operation could not be worked on");
            (ItemState::Failed, "Keeper broke; the log has the cause".to_owned())
        }
    };
    let text: String = text.chars().take(1000).collect();
    tx!(app.db, |tx| mark(app, tx, item, state, &text).await)
}

/// An operation with nothing left to do is done, and said so once.
async fn finish_one(app: &App) -> Result<bool> {
    let running = sql!("SELECT id FROM bulk_operations WHERE state = 'running' ORDER BY id LIMIT 1");
    let Some((id,)) = app.db.read().await?.maybe::<(i64,)>(running).await? else { return Ok(false) };
    let operation = operation(app, id).await?;
    let actor = actor(app, &operation).await?.unwrap_or(Actor::System);
    let counts = super::list::counts(app, id).await?;
    let done: Result<()> = tx!(app.db, |tx| {
        let end = sql!(
            "UPDATE bulk_operations SET state = 'done', updated_at = ? WHERE id = ? AND state = 'running'",
            app.now(),
            id
        );
        if tx.exec(end).await? == 1 {
            let event = Event::new("bulk.finished", format!("bulk {id}"))
                .with("bulk", id)
                .with("under_way", counts.under_way)
                .with("done", counts.done)
                .with("same", counts.same)
                .with("refused", counts.refused)
                .with("failed", counts.failed);
            audit::record(app, tx, &actor, event).await?;
        }
        Ok(())
    });
    done.map(|()| true)
}
