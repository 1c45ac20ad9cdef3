//! What stands in the way of a new secret: a name that is taken, or a place in a backend. Asked inside the unit that stores it,
//! and for many at once.
use super::find::named;
use super::store::Ready;
use crate::db::{BATCH, Conn, Value};
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::domain::fields::FieldErrors;
use crate::environments::Environment;
use crate::sql;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What stands in the way of each of these, by its place among them. Inactive secrets keep their name (S33).
pub(super) async fn hindrances(
    conn: &mut Conn,
    environment: &Environment,
    ready: &[Ready],
) -> Result<BTreeMap<usize, FieldErrors>> {
    let wanted: Vec<(&str, &str)> =
        ready.iter().map(|one| (one.new.fields.service_name.as_str(), one.new.name.as_str())).collect();
    let names: Vec<&str> = wanted.iter().map(|(_, name)| *name).collect();
    let mut stored: HashMap<String, bool> = HashMap::new();
    for batch in names.chunks(BATCH) {
        let found = named(conn, environment.id, batch, false).await?;
        stored.extend(found.into_iter().map(|secret| (secret.name, secret.is_active)));
    }
    let shared = paths(conn, environment, &wanted).await?;
    let hindrance = |name: &str| match stored.get(name) {
        Some(true) => Some(taken(environment)),
        Some(false) => Some(deactivated(environment)),
        None => shared.get(name).map(|why| FieldErrors::one("name", why)),
    };
    let each = names.into_iter().enumerate();
    Ok(each.filter_map(|(place, name)| Some((place, hindrance(name)?))).collect())
}

fn deactivated(environment: &Environment) -> FieldErrors {
    let text = format!(
        "already exists in {} as a deactivated secret: restore that one, or choose another name",
        environment.display_name
    );
    FieldErrors::one("name", text)
}

pub(super) fn taken(environment: &Environment) -> FieldErrors {
    FieldErrors::one("name", format!("already exists in {}", environment.display_name))
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
