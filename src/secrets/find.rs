//! One secret, as an actor may see it: behind a closed door it is not there.
use super::row::{Secret, select};
use crate::app::App;
use crate::db::{Conn, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::environments::{self, Act, Place};

pub struct Found {
    pub secret: Secret,
    pub place: Place,
}

impl Found {
    /// `production/db-password`: how the audit log and people name it.
    pub fn label(&self) -> String {
        format!("{}/{}", self.place.environment.name, self.secret.name)
    }

    pub fn demand(&self, actor: &Actor, act: Act) -> Result<()> {
        self.place.demand(actor, act, self.secret.secrecy_level)
    }
}

pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Found> {
    find_in(&mut app.db.read().await?, actor, id, "").await
}

/// The same inside a unit of writing, with the row held until the unit ends.
pub async fn find_locked(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Found> {
    find_in(tx, actor, id, " {lock}").await
}

async fn find_in(conn: &mut Conn, actor: &Actor, id: i64, lock: &'static str) -> Result<Found> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]).push(lock, []);
    let secret: Secret = conn.one(query).await?;
    let place = environments::enter_in(conn, actor, secret.environment_id).await?;
    Ok(Found { secret, place })
}
