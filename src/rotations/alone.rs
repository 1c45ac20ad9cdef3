//! Rotate with a value that Keeper makes, in the name of somebody who is not at the page: a bulk operation's part.
use super::beside::Beside;
use super::due::makes_alone;
use super::input::Rotate;
use super::rotate::rotate_beside;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::secrets::{self, NewValue};

/// By the secret's own policy, or that of its type. Gives the id of the rotation, which is stored with what `beside` stores.
pub async fn rotate_alone(
    app: &App,
    actor: &Actor,
    secret_id: i64,
    reason: &str,
    beside: &impl Beside,
) -> Result<i64> {
    let seen = secrets::find(app, actor, secret_id).await?;
    seen.demand_way(actor)?;
    if makes_alone(&seen.secret)?.is_none() {
        let why = "Keeper cannot make a value for this type: rotate it by hand";
        return Err(Error::Conflict(why.to_owned()));
    }
    let wish = Rotate {
        new_value: NewValue::Generated(None),
        reason: reason.to_owned(),
        breaks_glass: false,
        row_version: seen.secret.row_version,
    };
    rotate_beside(app, actor, secret_id, wish, beside).await
}
