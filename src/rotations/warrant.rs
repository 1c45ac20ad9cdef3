//! By what right a value is changed: one's own, one's own past the approval that should have been waited for, or a request that
//! another person approves.
use super::requests::{self, Waiting};
use crate::app::App;
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::Way;
use crate::secrets::{self, Broke, Found};

#[derive(Clone, Copy)]
pub enum Warrant<'a> {
    Own,
    Glass,
    /// The actor approves what `asker` asked for.
    Request {
        waiting: &'a Waiting,
        asker: &'a Actor,
    },
}

/// What becomes of the wish to change a value. `None`: it has to be asked for.
pub(super) fn warrant(actor: &Actor, found: &Found, breaks_glass: bool) -> Result<Option<Warrant<'static>>> {
    match found.demand_way(actor)? {
        Way::Ask(_) if breaks_glass => {
            found.place.demand_glass(actor, found.secret.secrecy_level)?;
            Ok(Some(Warrant::Glass))
        }
        Way::Ask(_) => Ok(None),
        _ => Ok(Some(Warrant::Own)),
    }
}

impl<'a> Warrant<'a> {
    /// Inside the unit, on what is stored now. The caller holds the secret.
    pub(super) async fn demand(
        &self,
        app: &App,
        conn: &mut Conn,
        actor: &Actor,
        found: &Found,
    ) -> Result<()> {
        match self {
            Self::Own => match found.demand_way(actor)? {
                Way::Direct => Ok(()),
                _ => Err(Error::Conflict(
                    "by now a change of a value here waits for another person: look at it again".into(),
                )),
            },
            Self::Glass => found.place.demand_glass(actor, found.secret.secrecy_level),
            Self::Request { waiting, .. } => requests::demand_open(app, conn, actor, found, waiting).await,
        }
    }

    /// Whose new version it is.
    pub(super) fn author(self, actor: &'a Actor) -> &'a Actor {
        match self {
            Self::Request { asker, .. } => asker,
            _ => actor,
        }
    }

    /// The rotation that waited, if one did.
    pub(super) fn rotation(&self) -> Option<i64> {
        match self {
            Self::Request { waiting, .. } => Some(waiting.rotation.id),
            _ => None,
        }
    }

    /// Inside the unit that made the change: what is kept of the right to it.
    pub(super) async fn used(
        &self,
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        found: &Found,
        (rotation, reason): (Option<i64>, &str),
    ) -> Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Glass => {
                secrets::break_glass(app, tx, actor, found, (Broke::Change, rotation), reason).await
            }
            Self::Request { waiting, .. } => requests::approved(app, tx, actor, found, waiting).await,
        }
    }
}
