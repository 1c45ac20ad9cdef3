//! Broken glass on pages: told to managers and admins until another one of them has acknowledged it.
use super::extract::{CurrentUser, Id, RequireManager};
use super::page::{Answer, see_other_saying};
use super::views::parts::When;
use super::views::rotate::BrokenGlass;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::secrets::{self, Broke};

/// In these environments; of one secret alone where one is named.
pub async fn notes(
    user: &CurrentUser,
    environments: &[i64],
    secret: Option<i64>,
) -> Result<Vec<BrokenGlass>> {
    if user.current.user.role < Role::Manager {
        return Ok(Vec::new());
    }
    let now = user.app.now();
    let broken = secrets::unacknowledged(&user.app, environments, secret).await?;
    let note = |broken: secrets::Broken| BrokenGlass {
        id: broken.id,
        label: format!("{}/{}", broken.environment_name, broken.secret_name),
        secret_id: broken.secret_id,
        what: match broken.act {
            Broke::Change => "was changed without approval",
            Broke::Reveal => "was shown to an admin who is no member; its rotation is due",
        },
        rotation_id: broken.rotation_id,
        may_acknowledge: broken.may_acknowledge(&user.actor),
        who: broken.actor_name,
        reason: broken.reason,
        when: When::relative(broken.created_at, now),
    };
    Ok(broken.into_iter().map(note).collect())
}

/// POST /break-glass/{id}/acknowledge: another person has seen it.
pub async fn acknowledge(RequireManager(user): RequireManager, Id(id): Id) -> Answer {
    let secret = secrets::acknowledge(&user.app, &user.actor, id).await?;
    see_other_saying(&format!("/secrets/{secret}"), "acknowledged")
}
