//! Rotate: a new value that was typed, or that Keeper makes. Where another person has to approve it, it is asked for.
use super::begin::change;
use super::beside::Beside;
use super::input::Rotate;
use super::put::{Put, demand_unmoved};
use super::requests::{Wanted, ask};
use super::warrant::{Warrant, warrant};
use crate::app::App;
use crate::crypto::generate::Generated;
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets::{self, Found, NewValue, Secret};

/// Gives the id of the rotation, whose page tells how its copies fare, or what it waits for.
pub async fn rotate(app: &App, actor: &Actor, secret_id: i64, wish: Rotate) -> Result<i64> {
    rotate_beside(app, actor, secret_id, wish, &()).await
}

/// The same, with what else is stored in its unit.
pub(super) async fn rotate_beside(
    app: &App,
    actor: &Actor,
    secret_id: i64,
    wish: Rotate,
    beside: &impl Beside,
) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    let warrant = warrant(actor, &seen, wish.breaks_glass)?;
    demand_said(app, actor, &seen, warrant, &wish.reason)?;
    demand_unmoved(&seen.secret, wish.row_version)?;
    let (mode, reason) = (wish.mode(), wish.reason);
    let Some(warrant) = warrant else {
        let wanted = wanted(wish.new_value, &seen.secret)?;
        return ask(app, actor, &seen, wanted, (mode, &reason), beside).await;
    };
    let value =
        secrets::make(app, wish.new_value, seen.secret.kept_policy()?, seen.secret.secret_type).await?;
    let put = Put { warrant, ..Put::own(mode, &reason) };
    change(app, actor, &seen, value, (&put, beside)).await
}

/// A fresh proof where the place asks for one; a reason where it does, and whenever another person hears of it.
pub(super) fn demand_said(
    app: &App,
    actor: &Actor,
    seen: &Found,
    warrant: Option<Warrant<'_>>,
    reason: &str,
) -> Result<()> {
    let level = seen.secret.secrecy_level;
    seen.place.demand_proof_to_send(actor, Act::Rotate, level, app.now())?;
    let is_own = matches!(warrant, Some(Warrant::Own));
    secrets::reason(reason, !is_own || seen.place.asks(Act::Rotate, level).reason).map(drop)
}

fn wanted(value: NewValue, secret: &Secret) -> Result<Wanted> {
    match value {
        NewValue::Typed(value) => Ok(Wanted::Given(Generated { value, public: None })),
        NewValue::Generated(asked) => {
            secrets::policy(asked, secret.kept_policy()?, secret.secret_type).map(Wanted::Made)
        }
    }
}
