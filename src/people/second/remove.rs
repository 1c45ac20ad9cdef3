//! Taking a second factor away: one's own, or somebody's who has lost both the app and the list.
use super::set;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::people::User;
use crate::people::change::{demand_in_person, target};
use crate::people::epoch::{Whose, end_sessions};
use crate::{sql, tx};

fn none() -> Error {
    Error::Conflict("this account has no second factor".into())
}

/// The account's new `auth_epoch`: all its sessions have ended but those that are told of it.
pub async fn remove_own_second_factor(app: &App, actor: &Actor, user: &User) -> Result<i64> {
    set::demand(app, actor, user)?;
    tx!(app.db, |tx| {
        let epoch = set::end_own_sessions(tx, app.now(), user.id).await?;
        if forget(tx, user.id).await? == 0 {
            return Err(none());
        }
        audit::record(app, tx, actor, Event::new("user.second_factor_removed", &user.username)).await?;
        Ok(epoch)
    })
}

/// An admin has made sure who is asking. All their sessions end.
pub async fn remove_second_factor(app: &App, actor: &Actor, username: &str) -> Result<()> {
    demand_in_person(app, actor)?;
    tx!(app.db, |tx| {
        let user = target(tx, actor, username).await?;
        if forget(tx, user.id).await? == 0 {
            return Err(none());
        }
        end_sessions(tx, app.now(), Whose::Of(user.id)).await?;
        audit::record(app, tx, actor, Event::new("user.second_factor_removed", &user.username))
            .await
            .map(drop)
    })
}

/// The app that is in use, one that is being set up, and the codes. How many were in use.
pub(in crate::people) async fn forget(tx: &mut Tx, user_id: i64) -> Result<u64> {
    tx.exec(sql!("DELETE FROM second_factors WHERE user_id = ? AND state = 'pending'", user_id)).await?;
    tx.exec(sql!("DELETE FROM recovery_codes WHERE user_id = ?", user_id)).await?;
    tx.exec(sql!("DELETE FROM second_factors WHERE user_id = ?", user_id)).await
}
