//! A rotation that changes a source, carried out line by line of its journal: `running` is stored before the source is called, so
//! that after any end of this process somebody knows what may have happened out there. Before the switch a failure leads back;
//! after it nothing is undone by itself, and the copies are `sync`'s.
use super::end;
use super::lease::{Lease, claim};
use super::next::{Next, next};
use super::row::{Rotation, Step, StepKind};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::StepStatus;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::fault;
use crate::outbox::MOST_ATTEMPTS;
use crate::remote::sources::{Accepts, Changed};
use crate::secrets;
use crate::sources::{self, Strategy};

/// Goes on with the rotation that has waited longest. False when none was due.
pub async fn go_on(app: &App) -> Result<bool> {
    let Some(lease) = claim(app).await? else { return Ok(false) };
    let (id, attempts) = (lease.rotation.id, lease.rotation.attempts);
    match walk(app, &lease).await {
        Ok(()) => {}
        Err(Error::Conflict(why)) => tracing::info!(rotation = id, why, "a rotation was let go of"),
        // Its keys or its source's password do not open, and will not by waiting.
        Err(error @ (Error::Broken(_) | Error::Invalid(_))) if attempts >= MOST_ATTEMPTS => {
            tracing::error!(%error, rotation = id, "a rotation cannot go on");
            end::stop(app, &lease, "what it needs in Keeper does not open: the log has the cause").await?;
        }
        Err(error) => {
            tracing::warn!(%error, rotation = id, "a rotation waits");
            lease.postpone(app, attempts, None).await?;
        }
    }
    Ok(true)
}

async fn walk(app: &App, lease: &Lease) -> Result<()> {
    let rotation = &lease.rotation;
    let found = secrets::find(app, &Actor::System, rotation.secret_id).await?;
    let strategy = sources::strategy(app, rotation.secret_id).await?;
    let to = rotation.to_version.ok_or_else(|| Error::broken("a rotation without a new version"))?;
    let walk = Walk {
        app,
        lease,
        strategy: strategy
            .ok_or_else(|| Error::broken("a rotation at a source that is not named any more"))?,
        old: secrets::open_version(app, &found.secret, rotation.from_version).await?,
        new: secrets::open_version(app, &found.secret, to).await?,
    };
    while walk.step().await? == Then::GoOn {}
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    /// It has ended, or rests until later.
    Rest,
}

struct Walk<'a> {
    app: &'a App,
    lease: &'a Lease,
    strategy: Strategy,
    old: Plaintext,
    new: Plaintext,
}

impl Walk<'_> {
    async fn step(&self) -> Result<Then> {
        let (rotation, steps) = self.lease.journal(self.app).await?;
        let step = |kind| {
            let step = steps.iter().find(|step| step.step == kind);
            step.ok_or_else(|| Error::broken("a rotation without its steps"))
        };
        match next(rotation.is_undoing, &steps) {
            Next::Change => self.change(&rotation, step(StepKind::Source)?).await,
            Next::FindOut => self.find_out(&rotation, step(StepKind::Source)?).await,
            Next::Try => self.try_it(&rotation, step(StepKind::Try)?).await,
            Next::Switch => {
                end::switch(self.app, self.lease, &rotation, step(StepKind::Switch)?).await?;
                Ok(Then::Rest)
            }
            Next::Undo => self.undo(&rotation, step(StepKind::Source)?).await,
            Next::GiveUp => {
                end::give_up(self.app, self.lease).await?;
                Ok(Then::Rest)
            }
        }
    }

    async fn change(&self, rotation: &Rotation, step: &Step) -> Result<Then> {
        self.lease.say(self.app, step, StepStatus::Running, "").await?;
        fault::point("before_source");
        let changed = self.strategy.change(&self.new).await;
        fault::point("after_source");
        match changed {
            Ok(Changed::Yes) => self.done(step, "the source took the new value").await,
            Ok(Changed::Perhaps(_)) => self.find_out(rotation, step).await,
            Err(why) if why.may_pass() => {
                self.later(rotation, step, StepStatus::Waiting, &why.to_string()).await
            }
            Err(why) => self.back(step, StepStatus::Failed, &why.to_string()).await,
        }
    }

    /// The answer to a change was never heard: both values are tried before anything is decided.
    async fn find_out(&self, rotation: &Rotation, step: &Step) -> Result<Then> {
        let (status, why) = match self.strategy.accepts(&self.new).await {
            Accepts::Yes => {
                return self.done(step, "its answer was lost; the new value signs in there").await;
            }
            Accepts::Unknown(why) => {
                (StepStatus::Running, format!("it is not known what the source holds: {why}"))
            }
            Accepts::No => match self.strategy.accepts(&self.old).await {
                Accepts::Yes => (StepStatus::Waiting, "the source still holds the old value".to_owned()),
                Accepts::No => (StepStatus::Waiting, "neither value signs in at the source".to_owned()),
                Accepts::Unknown(why) => {
                    (StepStatus::Running, format!("the new value does not sign in; the old one: {why}"))
                }
            },
        };
        self.later(rotation, step, status, &why).await
    }

    async fn try_it(&self, rotation: &Rotation, step: &Step) -> Result<Then> {
        self.lease.say(self.app, step, StepStatus::Running, "").await?;
        fault::point("before_try");
        match self.strategy.accepts(&self.new).await {
            Accepts::Yes => self.done(step, "the new value signs in at the source").await,
            Accepts::No => {
                self.back(step, StepStatus::Failed, "the source does not let the new value in").await
            }
            Accepts::Unknown(why) => self.later(rotation, step, StepStatus::Running, &why.to_string()).await,
        }
    }

    async fn undo(&self, rotation: &Rotation, step: &Step) -> Result<Then> {
        let (theirs, _) = self.strategy.login(&self.new).map_err(Error::broken)?;
        let (ours, _) = self.strategy.login(&self.old).map_err(Error::broken)?;
        if theirs != ours {
            let why = format!("{theirs} is left with it: the value in force is another user's");
            return self.say(step, StepStatus::Undone, &why).await;
        }
        fault::point("before_undo");
        let changed = self.strategy.change(&self.old).await;
        fault::point("after_undo");
        let why = match changed {
            Ok(_) => match self.strategy.accepts(&self.old).await {
                Accepts::Yes => {
                    let why = "the source has its old value back, which signs in there";
                    return self.say(step, StepStatus::Undone, why).await;
                }
                Accepts::No => "the source does not let the old value in".to_owned(),
                Accepts::Unknown(why) => why.to_string(),
            },
            Err(why) => why.to_string(),
        };
        let why = format!("the old value could not be put back: {why}");
        if rotation.attempts >= MOST_ATTEMPTS {
            end::park(self.app, self.lease, step, &why).await?;
            return Ok(Then::Rest);
        }
        self.lease.postpone(self.app, rotation.attempts, Some((step, StepStatus::Running, &why))).await?;
        Ok(Then::Rest)
    }

    async fn done(&self, step: &Step, detail: &str) -> Result<Then> {
        self.say(step, StepStatus::Done, detail).await
    }

    async fn say(&self, step: &Step, status: StepStatus, detail: &str) -> Result<Then> {
        self.lease.say(self.app, step, status, detail).await?;
        Ok(Then::GoOn)
    }

    async fn back(&self, step: &Step, status: StepStatus, why: &str) -> Result<Then> {
        self.lease.turn_back(self.app, step, status, why).await?;
        Ok(Then::GoOn)
    }

    /// Tried again after a while, and given up on after so many times.
    async fn later(&self, rotation: &Rotation, step: &Step, status: StepStatus, why: &str) -> Result<Then> {
        if rotation.attempts >= MOST_ATTEMPTS {
            // What waits has changed nothing out there.
            let status = if status == StepStatus::Waiting { StepStatus::Failed } else { status };
            return self.back(step, status, why).await;
        }
        self.lease.postpone(self.app, rotation.attempts, Some((step, status, why))).await?;
        Ok(Then::Rest)
    }
}
