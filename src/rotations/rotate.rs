//! Rotate: a new value that was typed, or that Keeper makes.
use super::begin::change;
use super::beside::Beside;
use super::input::Rotate;
use super::put::{Put, demand_unmoved};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets::{self, Found};

/// Gives the id of the rotation, whose page tells how its copies fare.
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
    seen.demand(actor, Act::Rotate)?;
    demand(app, actor, &seen, &wish)?;
    let mode = wish.mode();
    let value =
        secrets::make(app, wish.new_value, seen.secret.kept_policy()?, seen.secret.secret_type).await?;
    change(app, actor, &seen, value, (&Put { mode, reason: &wish.reason }, beside)).await
}

fn demand(app: &App, actor: &Actor, seen: &Found, wish: &Rotate) -> Result<()> {
    let level = seen.secret.secrecy_level;
    seen.place.demand_proof_to_send(actor, Act::Rotate, level, app.now())?;
    secrets::reason(&wish.reason, seen.place.asks(Act::Rotate, level).reason)?;
    demand_unmoved(&seen.secret, wish.row_version)
}
