//! A copy moves in two steps. First the value is pushed to the new path, read back and compared, and the old copy stays; when the new
//! one is in order, somebody decides whether the old one is removed or left there.
use super::choose::Choice;
use crate::app::App;
use crate::db::Tx;
use crate::domain::enums::{Backend, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::secrets::{self, Found};
use crate::{outbox, sql};

pub(super) async fn demand(tx: &mut Tx, found: &Found, backend: Backend, choice: &Choice) -> Result<()> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let conflict = |why: String| Err(Error::Conflict(why));
    let Some((now_at, left)) = whereabouts(tx, secret.id, backend).await? else {
        return match choice {
            Choice::Move { .. } | Choice::RemoveLeft | Choice::LeaveOld => {
                conflict("there is no copy of it yet".into())
            }
            _ => Ok(()),
        };
    };
    match (choice, left) {
        (Choice::Move { .. } | Choice::Unlink | Choice::Remove, Some(left)) => {
            conflict(format!("decide first about the copy that was left at {left}"))
        }
        (Choice::Move { to }, None)
            if *to != environment.path(backend, &secret.service_name, &secret.name) =>
        {
            conflict("the path has changed meanwhile: look again where the copy would move to".into())
        }
        (Choice::Move { to }, None) if *to == now_at => conflict("the copy lies there already".into()),
        (Choice::Move { .. }, None) if !secret.is_active => {
            conflict("what is switched off is not pushed: switch it on first".into())
        }
        (Choice::RemoveLeft | Choice::LeaveOld, None) => conflict("no copy was left elsewhere".into()),
        // Whoever still reads the old one would find nothing.
        (Choice::RemoveLeft, Some(_)) if secret.status_of(backend) != SyncStatus::Synced => {
            conflict(format!("the copy at {now_at} is not in order yet: the old one is removed when it is"))
        }
        _ => Ok(()),
    }
}

pub(super) async fn begin(app: &App, tx: &mut Tx, found: &Found, backend: Backend, to: &str) -> Result<()> {
    let (now, id) = (app.now(), found.secret.id);
    secrets::move_copy(tx, now, id, backend, to).await?;
    // What was found at the old path says nothing of the new one.
    tx.exec(sql!("DELETE FROM verifications WHERE secret_id = ? AND place = ?", id, backend.as_str()))
        .await?;
    secrets::queue_current(tx, now, found).await
}

pub(super) async fn remove_left(app: &App, tx: &mut Tx, found: &Found, backend: Backend) -> Result<()> {
    outbox::enqueue_removal(tx, app.now(), backend, (found.secret.id, found.secret.current_version)).await
}

/// Whoever removed it, or means to leave it there: Keeper forgets it.
pub(super) async fn forget_left(app: &App, tx: &mut Tx, id: i64, backend: Backend) -> Result<()> {
    tx.exec(sql!(
        "UPDATE copies SET left_at = NULL, updated_at = ? WHERE secret_id = ? AND backend = ?",
        app.now(),
        id,
        backend
    ))
    .await
    .map(drop)
}

/// Where the copy lies, and where one was left.
async fn whereabouts(tx: &mut Tx, id: i64, backend: Backend) -> Result<Option<(String, Option<String>)>> {
    let query =
        sql!("SELECT remote_path, left_at FROM copies WHERE secret_id = ? AND backend = ?", id, backend);
    tx.maybe(query).await
}
