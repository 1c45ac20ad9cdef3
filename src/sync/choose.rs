//! What a person decides about one copy: what becomes of a secret that is not Keeper's, of a copy that was deleted, and whether the
//! secret is kept in this backend at all. Stored with its event before anything outside hears of it; the worker does the rest.
use super::moving;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::{outbox, tx};

/// What stands in `copies.replaces` where a deletion may be taken back.
pub(super) const PUT_BACK: &str = "put back";

/// What the column holds.
const LONGEST_VERSION: usize = 128;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// What is there is not Keeper's, and makes way; but only in the version that the person saw.
    Replace { there: String },
    /// Somebody there deleted the copy: it is had back, with Keeper's value.
    PutBack,
    /// Keeper leaves alone what is there, and keeps the secret out of this backend.
    Unlink,
    /// The same, and the copy is deleted there so that it can be had back for a while.
    Remove,
    /// The secret is kept there again.
    Link,
    /// Its copy goes to the path that the environment's template gives it now, as the person saw it; the old one stays.
    Move { to: String },
    /// The copy that was left at the old path is deleted there so that it can be had back for a while.
    RemoveLeft,
    /// The copy at the old path is left there for good.
    LeaveOld,
}

impl Choice {
    /// What reaches beyond what is Keeper's, or takes a value from its readers, asks for more.
    pub fn act(&self) -> Act {
        match self {
            Self::Replace { .. } | Self::Remove | Self::RemoveLeft => Act::Destroy,
            Self::PutBack | Self::Unlink | Self::Link | Self::Move { .. } | Self::LeaveOld => Act::Change,
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Replace { .. } => "copy.replace_allowed",
            Self::PutBack => "copy.put_back",
            Self::Unlink => "copy.unlinked",
            Self::Remove | Self::RemoveLeft => "copy.removal_requested",
            Self::Link => "copy.linked",
            Self::Move { .. } => "copy.moved",
            Self::LeaveOld => "copy.old_left",
        }
    }
}

pub async fn choose(
    app: &App,
    actor: &Actor,
    (secret_id, backend): (i64, Backend),
    choice: &Choice,
    (reason, row_version): (&str, i64),
) -> Result<()> {
    actor.demand(Role::Manager, "deciding about copies")?;
    let done = tx!(app.db, |tx| {
        let mut found = secrets::find_locked(tx, actor, secret_id).await?;
        demand(app, actor, &found, backend, choice)?;
        moving::demand(tx, &found, backend, choice).await?;
        let reason = secrets::reason(reason, true)?;
        secrets::demand_as_seen(&found.secret, row_version)?;
        carry_out(app, tx, &mut found, backend, choice).await?;
        let event = Event::new(choice.action(), found.label())
            .environment(found.secret.environment_id)
            .secret(secret_id)
            .with("backend", backend.as_str())
            .with("reason", reason.as_str());
        let event = match choice {
            Choice::Replace { there } => event.with("remote_version", there.as_str()),
            Choice::Move { to } => event.with("to", to.as_str()),
            _ => event,
        };
        audit::record(app, tx, actor, event).await.map(drop)
    });
    app.jobs.notify_waiters();
    done
}

fn demand(app: &App, actor: &Actor, found: &Found, backend: Backend, choice: &Choice) -> Result<()> {
    let (secret, place) = (&found.secret, &found.place);
    found.demand(actor, choice.act())?;
    place.demand_proof_to_send(actor, choice.act(), secret.secrecy_level, app.now())?;
    if !place.environment.has(backend) {
        return Err(Error::Conflict(format!("{} is not configured in this environment", backend.title())));
    }
    let is_linked = secret.goes_to(&place.environment, backend);
    match choice {
        // No backend names a version so: somebody has meddled with the form.
        Choice::Replace { there } if !(1..=LONGEST_VERSION).contains(&there.len()) || there == PUT_BACK => {
            Err(Error::Conflict("compare again: what is there has no such version".into()))
        }
        Choice::Link if is_linked => Err(Error::Conflict("the secret is kept there already".into())),
        Choice::Link | Choice::Replace { .. } | Choice::PutBack if !secret.is_active => {
            Err(Error::Conflict("what is switched off is not pushed: switch it on first".into()))
        }
        Choice::Link => Ok(()),
        _ if !is_linked => Err(Error::Conflict("the secret is kept out of this backend by now".into())),
        _ => Ok(()),
    }
}

async fn carry_out(
    app: &App,
    tx: &mut Tx,
    found: &mut Found,
    backend: Backend,
    choice: &Choice,
) -> Result<()> {
    let (now, id) = (app.now(), found.secret.id);
    match choice {
        Choice::Replace { there } => {
            secrets::allow_replacing(tx, now, id, backend, there).await?;
            secrets::queue_current(tx, now, found).await
        }
        Choice::PutBack => {
            secrets::allow_replacing(tx, now, id, backend, PUT_BACK).await?;
            secrets::queue_current(tx, now, found).await
        }
        Choice::Unlink => secrets::unlink(tx, now, found, backend).await,
        Choice::Remove => {
            secrets::unlink(tx, now, found, backend).await?;
            outbox::enqueue_removal(tx, now, backend, (id, found.secret.current_version)).await
        }
        Choice::Link => {
            // A removal that has not happened yet does not happen.
            outbox::drop_all(tx, now, id, backend).await?;
            secrets::link(tx, now, found, backend).await
        }
        Choice::Move { to } => moving::begin(app, tx, found, backend, to).await,
        Choice::RemoveLeft => moving::remove_left(app, tx, found, backend).await,
        Choice::LeaveOld => moving::forget_left(app, tx, id, backend).await,
    }
}
