//! New values are put in force: their versions, the switch, the jobs of the copies, and the rotations that tell how they fare.
//! `rotate`, `restore` and `promote` do it with one secret, and an import with many, inside their own unit; each has its own
//! rules and its own audit event.
use super::input::Mode;
use super::new::{self, Way};
use super::warrant::Warrant;
use crate::audit::Event;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::secrets::{self, Found, NewVersion, Secret};
use crate::sources;

/// What is the same for all secrets that are changed in one unit.
pub struct Put<'a> {
    pub mode: Mode,
    pub reason: &'a str,
    /// The version whose value comes back.
    pub former: Option<i64>,
    pub warrant: Warrant<'a>,
}

impl<'a> Put<'a> {
    /// By the actor's own right.
    pub fn own(mode: Mode, reason: &'a str) -> Self {
        Self { mode, reason, former: None, warrant: Warrant::Own }
    }

    /// Gives the id of the rotation. `found` is locked; `row_version` is of the page that the wish was made on.
    pub(super) async fn store(
        &self,
        tx: &mut Tx,
        now: Utc,
        actor: &Actor,
        found: &Found,
        (version, row_version): (&NewVersion, i64),
    ) -> Result<i64> {
        demand_unmoved(&found.secret, row_version)?;
        let rotations =
            self.store_all(tx, now, actor, &found.place.environment, &[(&found.secret, version)]).await?;
        rotations.first().copied().ok_or_else(new::lost)
    }

    /// The same for several secrets of one environment, which the caller has locked; the ids are in their order.
    pub async fn store_all(
        &self,
        tx: &mut Tx,
        now: Utc,
        actor: &Actor,
        environment: &Environment,
        new: &[(&Secret, &NewVersion)],
    ) -> Result<Vec<i64>> {
        for (secret, version) in new {
            if secret.last_version() + 1 != version.number {
                return Err(moved());
            }
            demand_active(secret)?;
        }
        let changed: Vec<&Secret> = new.iter().map(|(secret, _)| *secret).collect();
        secrets::demand_settled(tx, &changed).await?;
        sources::demand_value_only(tx, &changed).await?;
        let versions: Vec<_> =
            new.iter().map(|(secret, version)| (secret.id, *version, self.reason)).collect();
        let author = self.warrant.author(actor);
        secrets::add_versions(tx, now, author, &versions).await?;
        secrets::advance_all(tx, now, environment, &changed, self.mode.is_fresh()).await?;
        new::insert(tx, now, actor, environment, (self, Way::AtOnce), &changed).await
    }
}

/// The event of a secret whose value was made, given or imported.
pub fn rotated(environment: &Environment, secret: &Secret, to: i64, rotation: i64, put: &Put<'_>) -> Event {
    Event::new("secret.rotated", format!("{}/{}", environment.name, secret.name))
        .environment(environment.id)
        .secret(secret.id)
        .with("rotation", rotation)
        .with("from_version", secret.current_version)
        .with("to_version", to)
        .with("mode", put.mode.as_str())
        .because(put.reason)
}

pub(super) fn moved() -> Error {
    Error::Conflict(
        "somebody else changed this secret meanwhile: look at it again, nothing of yours was stored".into(),
    )
}

/// The wish was made on what is stored now.
pub(super) fn demand_unmoved(secret: &Secret, row_version: i64) -> Result<()> {
    if secret.row_version == row_version { Ok(()) } else { Err(moved()) }
}

pub(super) fn demand_active(secret: &Secret) -> Result<()> {
    if secret.is_active {
        return Ok(());
    }
    Err(Error::Conflict("this secret is deactivated: restore it before you change its value".into()))
}
