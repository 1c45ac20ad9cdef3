//! What becomes of an error besides its answer: the log has the cause, once, and a refusal of somebody who is known is an event,
//! whichever rule refused.
use crate::app::{App, Refusal};
use crate::audit::{self, Event};
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::{secrets, tx};

/// `asked` is "POST /secrets/9/reveal": how the audit log names it.
pub async fn told(app: &App, actor: Option<&Actor>, (asked, trace): (&str, &Trace), e: &Error) {
    log(trace, e);
    let (Some(actor), Error::Forbidden(why)) = (actor, e) else { return };
    if let Err(untold) = refusal(app, actor, asked, (why, 0)).await {
        log(trace, &untold);
    }
}

/// The same of a program, which asks again without growing tired: one event a minute for the same account, reason and address, with how
/// often it was refused in between. Of more than sixty addresses a minute only their number is told, so that nobody can flood the log.
pub async fn told_of_program(app: &App, actor: Option<&Actor>, (asked, trace): (&str, &Trace), e: &Error) {
    let (Some(actor), Error::Forbidden(why)) = (actor, e) else { return log(trace, e) };
    let (name, now) = (actor.name(), app.now());
    let is_many = app.refusals_told.take(&name, now).is_err();
    let key = (name, why.clone(), if is_many { "many addresses" } else { asked }.to_owned());
    let Some(before) = app.refusals.tell(&key, now) else { return };
    if let Err(untold) = refusal(app, actor, asked, (why, before)).await {
        app.refusals.untell(&key);
        log(trace, &untold);
    }
}

/// Called by the worker: how often somebody was refused who then ceased to ask.
pub async fn tell_of_refused(app: &App) -> Result<()> {
    let (untold, told) = tell(app, app.refusals.left(app.now())).await;
    for (refusal, count) in untold {
        app.refusals.put_back(refusal, count, app.now());
    }
    told
}

/// Called at the end, when nobody asks any more: how often somebody was refused since it was last told.
pub async fn tell_of_all_refused(app: &App) -> Result<()> {
    let (untold, told) = tell(app, app.refusals.all()).await;
    // Nobody tries again: the log is what is left.
    for ((who, why, asked), count) in untold {
        tracing::error!(who, why, asked, count, "refusals could not be told");
    }
    told
}

/// With what could not be stored. Where the database is away the rest is not tried: each would wait for it.
async fn tell(app: &App, counted: Vec<(Refusal, i64)>) -> (Vec<(Refusal, i64)>, Result<()>) {
    let (mut untold, mut told) = (Vec::new(), Ok(()));
    for (refusal, count) in counted {
        if !matches!(told, Err(Error::Unavailable { .. })) {
            let (who, why, asked) = &refusal;
            let event = refused(asked, why).with("who", who.as_str()).with("count", count);
            let stored: Result<()> =
                tx!(app.db, |tx| audit::record(app, tx, &Actor::System, event.clone()).await.map(drop));
            let Err(e) = stored else { continue };
            told = Err(e);
        }
        untold.push((refusal, count));
    }
    (untold, told)
}

fn refused(asked: &str, why: &str) -> Event {
    let event = Event::new("access.refused", asked.chars().take(300).collect::<String>());
    event.outcome(Outcome::Refused).with("why", why)
}

async fn refusal(app: &App, actor: &Actor, asked: &str, (why, before): (&str, i64)) -> Result<()> {
    let mut event = refused(asked, why);
    if before > 0 {
        event = event.with("count_before", before);
    }
    let id = asked.split_once("/secrets/").and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
    if let Some(id) = id
        && let Ok(found) = secrets::find(app, actor, id).await
    {
        event = event.environment(found.secret.environment_id).secret(id);
    }
    tx!(app.db, |tx| {
        audit::record(app, tx, actor, event.clone()).await?;
        Ok(())
    })
}

fn log(trace: &Trace, e: &Error) {
    let request_id = &trace.request_id;
    match e {
        Error::Broken(cause) => tracing::error!(request_id, error = ?cause, "broken"),
        Error::Unavailable { what, cause } => tracing::warn!(request_id, what, error = ?cause, "unavailable"),
        _ => {}
    }
}
