//! How a secret is rotated: its schedule, its policy, where it is used. Where a change of a value waits for another person, a change of
//! this does as well, because it is what later values come from.
use super::input::Mode;
use super::requests::{Waiting, Wanted, approved, ask, done};
use super::rotate::demand_said;
use super::warrant::{Warrant, warrant};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::remote::sources::Remark;
use crate::secrets::{self, EditSecret, Found, SecretInput};
use crate::sources::{self, ReadyStrategy, StrategyInput};
use crate::tx;
use serde::{Deserialize, Serialize};

/// As a form says it, and as a request keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Of the secret's metadata, its schedule and policy among them.
    Edit(Box<SecretInput>),
    Strategy(StrategyInput),
    /// Back to the value alone.
    Clear {
        reason: String,
        row_version: i64,
    },
}

pub enum Planned {
    /// What somebody should know of the users at the source all the same.
    Changed(Vec<Remark>),
    /// The rotation that waits for another person.
    Asked(i64),
}

/// A change that is valid.
enum Ready {
    Edit(Box<EditSecret>),
    Strategy(Box<ReadyStrategy>),
    Clear { reason: String, row_version: i64 },
}

pub async fn change_plan(
    app: &App,
    actor: &Actor,
    secret_id: i64,
    change: Change,
    breaks_glass: bool,
) -> Result<Planned> {
    let seen = secrets::find(app, actor, secret_id).await?;
    seen.demand(actor, Act::Change)?;
    let kept = serde_json::to_string(&change).map_err(Error::broken)?;
    let ready = ready(app, actor, &seen, change).await?;
    let summary = ready.summary(&seen)?;
    if summary.is_empty() {
        // Of no concern for how it is rotated.
        return carry_out(app, actor, &seen, ready, None).await.map(Planned::Changed);
    }
    let warrant = warrant(actor, &seen, breaks_glass)?;
    if !matches!(warrant, Some(Warrant::Own)) {
        demand_said(app, actor, &seen, warrant, ready.reason())?;
    }
    if warrant.is_some() {
        return carry_out(app, actor, &seen, ready, warrant).await.map(Planned::Changed);
    }
    secrets::demand_as_seen(&seen.secret, ready.row_version(&seen))?;
    let wanted = Wanted::Plan { wish: kept, summary: summary.join("\n") };
    ask(app, actor, &seen, wanted, (Mode::Plan, ready.reason()), &()).await.map(Planned::Asked)
}

/// A request that is approved, on the secret as it was when it was asked for.
pub(super) async fn approve(
    app: &App,
    actor: &Actor,
    seen: &Found,
    (waiting, asker, wish): (&Waiting, &Actor, &str),
) -> Result<()> {
    let change: Change = serde_json::from_str(wish).map_err(Error::broken)?;
    let ready = ready(app, actor, seen, change).await?;
    carry_out(app, actor, seen, ready, Some(Warrant::Request { waiting, asker })).await.map(drop)
}

async fn ready(app: &App, actor: &Actor, seen: &Found, change: Change) -> Result<Ready> {
    Ok(match change {
        Change::Edit(input) => Ready::Edit(Box::new(input.parse_edit(app.now(), &seen.secret)?)),
        Change::Strategy(input) => {
            let looked = sources::look_at_strategy(app, actor, seen.secret.id, input.parse()?).await?;
            Ready::Strategy(Box::new(looked))
        }
        Change::Clear { reason, row_version } => Ready::Clear { reason, row_version },
    })
}

impl Ready {
    /// What of how the secret is rotated would change, line by line.
    fn summary(&self, seen: &Found) -> Result<Vec<String>> {
        match self {
            Self::Edit(new) => new.rotation_changes(&seen.secret),
            Self::Strategy(strategy) => Ok(vec![strategy.describe()]),
            Self::Clear { .. } => Ok(vec!["Back to the value alone: no source is changed any more".into()]),
        }
    }

    fn reason(&self) -> &str {
        match self {
            Self::Edit(new) => &new.reason,
            Self::Strategy(strategy) => strategy.reason(),
            Self::Clear { reason, .. } => reason,
        }
    }

    fn row_version(&self, seen: &Found) -> i64 {
        match self {
            Self::Edit(new) => new.row_version,
            // It was looked at on this very version.
            Self::Strategy(_) => seen.secret.row_version,
            Self::Clear { row_version, .. } => *row_version,
        }
    }
}

/// `None`: it is of no concern for how the secret is rotated, and needs no more than the right to change it.
async fn carry_out(
    app: &App,
    actor: &Actor,
    seen: &Found,
    ready: Ready,
    warrant: Option<Warrant<'_>>,
) -> Result<Vec<Remark>> {
    let done: Result<()> = tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, seen.secret.id).await?;
        if let Some(warrant) = warrant {
            warrant.demand(app, tx, actor, &found).await?;
        }
        match (&ready, warrant) {
            (Ready::Edit(new), None) => secrets::edit(app, tx, actor, &found, new).await?,
            (Ready::Edit(new), _) => secrets::edit_approved(app, tx, actor, &found, new).await?,
            (Ready::Strategy(ready), _) => sources::store_strategy(app, tx, actor, &found, ready).await?,
            (Ready::Clear { reason, row_version }, _) => {
                sources::clear_strategy(app, tx, actor, &found, (*row_version, reason)).await?;
            }
        }
        match warrant {
            Some(Warrant::Request { waiting, .. }) => {
                approved(app, tx, actor, &found, waiting).await?;
                done(tx, app.now(), waiting.rotation.id).await
            }
            Some(warrant) => warrant.used(app, tx, actor, &found, (None, ready.reason())).await,
            None => Ok(()),
        }
    });
    done?;
    Ok(match ready {
        Ready::Strategy(strategy) => strategy.remarks,
        _ => Vec::new(),
    })
}
