//! What stands in the way of a new secret: a name that is taken, or a place in a backend. Asked inside the unit that stores it,
//! and for many at once.
use super::input::CreateSecret;
use crate::db::{BATCH, Conn, Tx, Value};
use crate::domain::enums::Backend;
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::sql;
use std::collections::{HashMap, HashSet};

pub(super) async fn demand_free(tx: &mut Tx, environment: &Environment, new: &CreateSecret) -> Result<()> {
    let name = new.name.as_str();
    demand_free_name(tx, environment, name).await?;
    match paths(tx, environment, &[(&new.fields.service_name, name)]).await?.remove(name) {
        Some(why) => Err(Error::invalid("name", &why)),
        None => Ok(()),
    }
}

/// Inactive secrets keep their name (S33).
async fn demand_free_name(tx: &mut Tx, environment: &Environment, name: &str) -> Result<()> {
    let query =
        sql!("SELECT is_active FROM secrets WHERE environment_id = ? AND name = ?", environment.id, name);
    match tx.maybe::<(bool,)>(query).await? {
        None => Ok(()),
        Some((true,)) => Err(taken(environment)),
        Some((false,)) => Err(deactivated(environment)),
    }
}

pub(super) fn deactivated(environment: &Environment) -> Error {
    let text = format!(
        "already exists in {} as a deactivated secret: restore that one, or choose another name",
        environment.display_name
    );
    Error::invalid("name", &text)
}

pub(super) fn taken(environment: &Environment) -> Error {
    Error::invalid("name", &format!("already exists in {}", environment.display_name))
}

/// Two secrets never share a place in a backend. `wanted` are the service and the name of each new one, from which its path is
/// made; gives those that would, by name, with the words for it.
pub async fn paths(
    conn: &mut Conn,
    environment: &Environment,
    wanted: &[(&str, &str)],
) -> Result<HashMap<String, String>> {
    let mut refused = HashMap::new();
    for backend in environment.backends() {
        let path = |(service, name): &(&str, &str)| environment.path(backend, service, name);
        let asked: Vec<String> = wanted.iter().map(path).collect();
        let mut held = kept_paths(conn, &[environment.id], backend, &asked).await?;
        for one in wanted {
            let path = path(one);
            if held.contains(&path) {
                let why = format!("would share the path {path} in {} with another secret", backend.title());
                refused.entry(one.1.to_owned()).or_insert(why);
            }
            held.insert(path);
        }
    }
    Ok(refused)
}

/// Those of these paths at which a copy of one of these environments lies, or was left when it moved.
pub async fn kept_paths(
    conn: &mut Conn,
    environments: &[i64],
    backend: Backend,
    paths: &[String],
) -> Result<HashSet<String>> {
    let mut kept = HashSet::new();
    let ids = || environments.iter().copied().map(Value::from);
    for batch in paths.chunks(BATCH) {
        // Each by its own index.
        let lies = sql!(
            "SELECT c.remote_path FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?",
            backend
        );
        let was_left = sql!(
            "SELECT c.left_at FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?",
            backend
        );
        for (mut query, among) in [(lies, " AND c.remote_path IN "), (was_left, " AND c.left_at IN ")] {
            query.push_list(" AND s.environment_id IN ", ids());
            query.push_list(among, batch.iter().map(Value::from));
            kept.extend(conn.all::<(String,)>(query).await?.into_iter().map(|row| row.0));
        }
    }
    Ok(kept)
}
