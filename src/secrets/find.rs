//! One secret, as an actor may see it: behind a closed door it is not there.
use super::row::{Secret, select};
use crate::app::App;
use crate::db::{BATCH, Conn, Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Place, Way};
use crate::kit::clock::Utc;

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

    /// Where the act asks for a proof of identity, before its form is opened.
    pub fn demand_proof_to_open(&self, actor: &Actor, act: Act, now: Utc) -> Result<()> {
        self.place.demand_proof_to_open(actor, act, self.secret.secrecy_level, now)
    }

    /// Whether a change of its value happens at once, waits for another person, or is not to be had.
    pub fn way(&self, actor: &Actor) -> Way {
        self.place.way(actor, self.secret.secrecy_level)
    }

    /// Whether a change waits for another person here.
    pub fn waits(&self, actor: &Actor) -> bool {
        self.place.waits(actor, self.secret.secrecy_level)
    }

    /// Refuses whoever may not even ask for one.
    pub fn demand_way(&self, actor: &Actor) -> Result<Way> {
        match self.way(actor) {
            Way::No(why) => Err(Error::Forbidden(why.to_owned())),
            way => Ok(way),
        }
    }
}

pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Found> {
    find_in(&mut app.db.read().await?, actor, id, "").await
}

/// The same inside a unit of writing, with the row held until the unit ends.
pub async fn find_locked(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Found> {
    find_in(tx, actor, id, " {lock}").await
}

/// Inside a unit that changes another secret: read as it is stored now, and not held.
pub async fn find_beside(conn: &mut Conn, actor: &Actor, id: i64) -> Result<Found> {
    find_in(conn, actor, id, "").await
}

/// The secret of this name in an environment that the actor has entered; `is_held` keeps its row until the unit ends.
pub async fn find_named(conn: &mut Conn, place: &Place, name: &str, is_held: bool) -> Result<Option<Found>> {
    let found = named(conn, place.environment.id, &[name], is_held).await?.pop();
    Ok(found.map(|secret| Found { secret, place: place.clone() }))
}

async fn find_in(conn: &mut Conn, actor: &Actor, id: i64, lock: &'static str) -> Result<Found> {
    let mut query = select();
    query.push(" AND id = ?", [Value::from(id)]).push(lock, []);
    let secret: Secret = conn.one(query).await?;
    let place = environments::enter_in(conn, actor, secret.environment_id).await?;
    Ok(Found { secret, place })
}

/// Secrets of one environment by their names, in the order of these; `is_held` keeps their rows until the unit ends.
pub async fn named(
    conn: &mut Conn,
    environment_id: i64,
    names: &[&str],
    is_held: bool,
) -> Result<Vec<Secret>> {
    let mut query = select();
    query.push(" AND environment_id = ?", [Value::from(environment_id)]);
    query.push_list(" AND name IN ", names.iter().map(|name| Value::from(*name)));
    query.push(if is_held { " ORDER BY name {lock}" } else { " ORDER BY name" }, []);
    conn.all(query).await
}

/// Those active secrets of one environment that have these ids, held until the unit ends, in the order of their names.
pub async fn locked(tx: &mut Tx, environment_id: i64, ids: &[i64]) -> Result<Vec<Secret>> {
    let mut query = select();
    query.push_list(" AND id IN ", ids.iter().copied().map(Value::from));
    query.push(" ORDER BY name {lock}", []);
    let mut found: Vec<Secret> = tx.all(query).await?;
    found.retain(|secret| secret.environment_id == environment_id && secret.is_active);
    Ok(found)
}

/// Those that have these ids and lie in one of these places, by name: what an import has stored, or what somebody ticked.
pub async fn among(app: &App, places: &[Place], ids: &[i64]) -> Result<Vec<Secret>> {
    let mut found: Vec<Secret> = Vec::new();
    for batch in ids.chunks(BATCH) {
        let mut query = select();
        query.push_list(" AND id IN ", batch.iter().copied().map(Value::from));
        found.extend(app.db.read().await?.all::<Secret>(query).await?);
    }
    found.retain(|secret| places.iter().any(|place| place.environment.id == secret.environment_id));
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(found)
}
