//! Rows of `sources`, without what is sealed in them.
use super::address::Address;
use crate::app::App;
use crate::db::{Conn, Query, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::Result;
use crate::environments::{self, Place};
use crate::kit::clock::Utc;
use crate::sql;

/// A database server with the administrator that Keeper is there.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Source {
    pub id: i64,
    pub environment_id: i64,
    pub name: String,
    #[sqlx(flatten)]
    pub address: Address,
    /// Empty: PostgreSQL's own `postgres`; MySQL needs none.
    pub database_name: String,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

/// A source as an actor may see it: whoever may enter its environment.
pub struct Found {
    pub source: Source,
    pub place: Place,
}

impl Found {
    /// `production/main-db`: how the audit log and people name it.
    pub fn label(&self) -> String {
        format!("{}/{}", self.place.environment.name, self.source.name)
    }
}

fn select() -> Query {
    sql!(
        "SELECT id, environment_id, name, engine, host, port, database_name, tls, authority, user_name, row_version, created_at, updated_at
         FROM sources WHERE 1 = 1"
    )
}

/// Those of one environment, by name.
pub async fn list(app: &App, actor: &Actor, environment_id: i64) -> Result<Vec<Source>> {
    let mut conn = app.db.read().await?;
    environments::enter_in(&mut conn, actor, environment_id).await?;
    let mut query = select();
    query.push(" AND environment_id = ? ORDER BY name", [Value::from(environment_id)]);
    conn.all(query).await
}

pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Found> {
    find_in(&mut app.db.read().await?, actor, id, "").await
}

/// The same inside a unit of writing, with the row held until the unit ends.
pub(super) async fn find_locked(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Found> {
    find_in(tx, actor, id, " {lock}").await
}

async fn find_in(conn: &mut Conn, actor: &Actor, id: i64, lock: &'static str) -> Result<Found> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]).push(lock, []);
    let source: Source = conn.one(query).await?;
    let place = environments::enter_in(conn, actor, source.environment_id).await?;
    Ok(Found { source, place })
}

/// Ids and names of the secrets that are changed at a source, by name.
pub(super) async fn secrets_of(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    conn.all(sql!(
        "SELECT s.id, s.name FROM secret_sources u JOIN secrets s ON s.id = u.secret_id WHERE u.source_id = ? ORDER BY s.name LIMIT ?",
        id,
        limit
    ))
    .await
}

/// The same for whoever may see the source.
pub async fn used_by(app: &App, actor: &Actor, id: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    find(app, actor, id).await?;
    secrets_of(&mut app.db.read().await?, id, limit).await
}
