//! What a path template means before it is saved: the exact paths of real secrets, which copies lie elsewhere now, and who
//! would share a path. Asked while a form is filled in, and again before it is stored.
use super::paths::{PathTemplate, PathWords, fill};
use super::row::{Environment, Row, select};
use super::shelf::{Draft, Shelf, are_alike, has_keys};
use crate::db::{Conn, Value};
use crate::domain::enums::{Backend, Stage};
use crate::domain::error::{Error, Result};
use crate::sql;
use std::collections::HashMap;

/// How many secrets are looked at: while somebody types, and before a template is stored.
pub const TYPING: usize = 500;
pub(super) const SAVING: usize = 10_000;
const BATCH: usize = 500;
/// How many paths and clashes a page shows.
const SHOWN: usize = 5;

/// What the paths are made of, as far as the environment gives it.
#[derive(Clone, Copy)]
pub struct Naming<'a> {
    /// `None`: it does not exist yet.
    pub id: Option<i64>,
    pub name: &'a str,
    pub stage: Stage,
}

#[derive(Default)]
pub struct Preview {
    pub rows: Vec<PathRow>,
    pub clashes: Vec<Clash>,
    /// How many secrets were looked at, and whether there are more.
    pub checked: usize,
    pub has_more: bool,
    /// How many of them have a copy that lies elsewhere now.
    pub elsewhere: usize,
    /// Another environment that gives equal names equal paths, and whether that is certain.
    pub twin: Option<(String, bool)>,
    /// The name and the service share a part of the path: two secrets could come to one path.
    pub is_ambiguous: bool,
}

pub struct PathRow {
    pub name: String,
    /// Where its copy lies now, when that is another place.
    pub now: Option<String>,
    pub path: String,
}

pub struct Clash {
    pub name: String,
    pub path: String,
    /// `staging/db`
    pub other: String,
}

#[derive(sqlx::FromRow)]
struct Known {
    id: i64,
    name: String,
    service_name: String,
    remote_path: Option<String>,
}

pub async fn preview(conn: &mut Conn, naming: Naming<'_>, draft: &Draft<'_>, most: usize) -> Result<Preview> {
    let words = PathWords { environment: naming.name, stage: naming.stage.as_str(), service: "", name: "" };
    let others = others(conn, naming.id, draft).await?;
    let mut found = Preview {
        is_ambiguous: PathTemplate::is_ambiguous(draft.template),
        twin: twin(&others, words, draft),
        ..Preview::default()
    };
    let Some(id) = naming.id else { return Ok(found) };
    let mut after = String::new();
    let mut taken: HashMap<String, String> = HashMap::new();
    while found.checked < most {
        let batch = secrets(conn, id, draft.backend, &after).await?;
        found.has_more = batch.len() > BATCH;
        let batch = &batch[..batch.len().min(BATCH)];
        let Some(last) = batch.last() else { break };
        last.name.clone_into(&mut after);
        let path = |known: &Known| {
            fill(draft.template, PathWords { service: &known.service_name, name: &known.name, ..words })
        };
        let paths: Vec<String> = batch.iter().map(path).collect();
        let held = holders(conn, draft.backend, &paths).await?;
        for (known, path) in batch.iter().zip(paths) {
            found.take(naming, known, &path, taken.insert(path.clone(), known.name.clone()), &held, &others);
        }
        if !found.has_more {
            break;
        }
    }
    Ok(found)
}

impl Preview {
    fn take(
        &mut self,
        naming: Naming<'_>,
        known: &Known,
        path: &str,
        same: Option<String>,
        held: &[Holder],
        others: &[(Environment, Shelf)],
    ) {
        self.checked += 1;
        let now = known.remote_path.clone().filter(|now| now != path);
        self.elsewhere += usize::from(now.is_some());
        let holder = held.iter().filter(|holder| holder.remote_path == path && holder.secret_id != known.id);
        let foreign = holder.filter_map(|holder| {
            let own = (naming.id == Some(holder.environment_id)).then_some(naming.name);
            let other =
                || others.iter().find(|(e, _)| e.id == holder.environment_id).map(|(e, _)| e.name.as_str());
            Some(format!("{}/{}", own.or_else(other)?, holder.name))
        });
        let other = same.map(|name| format!("{}/{name}", naming.name)).into_iter().chain(foreign).next();
        if let Some(other) = other {
            self.clashes.push(Clash { name: known.name.clone(), path: path.to_owned(), other });
        }
        if self.rows.len() < SHOWN {
            self.rows.push(PathRow { name: known.name.clone(), now, path: path.to_owned() });
        }
    }

    pub fn first_clashes(&self) -> impl Iterator<Item = &Clash> {
        self.clashes.iter().take(SHOWN)
    }
}

/// Refuses a template under which two secrets would share a path: in this environment, or with another one on the same shelf.
pub(super) async fn demand_apart(conn: &mut Conn, naming: Naming<'_>, drafts: &[Draft<'_>]) -> Result<()> {
    for draft in drafts {
        let found = preview(conn, naming, draft, SAVING).await?;
        let why = match (found.twin, found.clashes.first()) {
            (Some((other, true)), _) => format!(
                "gives a secret the path that {other} gives one of the same name, in the same place: add {{environment}}"
            ),
            (_, Some(clash)) => {
                format!("would put {} at {}, where {} lies", clash.name, clash.path, clash.other)
            }
            _ => continue,
        };
        let field = match draft.backend {
            Backend::Aws => "aws_path_template",
            Backend::Vault => "vault_path_template",
        };
        return Err(Error::invalid(field, &why));
    }
    Ok(())
}

/// The other environments on the same shelf.
async fn others(conn: &mut Conn, own: Option<i64>, draft: &Draft<'_>) -> Result<Vec<(Environment, Shelf)>> {
    let mut query = select(None);
    query.push(" AND e.id <> ? ORDER BY e.name", [Value::from(own.unwrap_or(0))]);
    let rows: Vec<Row> = conn.all(query).await?;
    let mut beside = Vec::new();
    for row in rows.into_iter().filter(|row| row.environment.has(draft.backend)) {
        let keys = draft.backend == Backend::Aws && has_keys(conn, row.environment.id).await?;
        let shelf = Shelf::of(&row.environment, draft.backend, keys);
        if shelf.is_beside(&draft.shelf) {
            beside.push((row.environment, shelf));
        }
    }
    Ok(beside)
}

fn twin(others: &[(Environment, Shelf)], words: PathWords<'_>, draft: &Draft<'_>) -> Option<(String, bool)> {
    let alike = |(other, _): &&(Environment, Shelf)| are_alike(draft.template, words, other, draft.backend);
    let named = |(other, shelf): &(Environment, Shelf)| (other.name.clone(), shelf.is_same_as(&draft.shelf));
    // A certain one first.
    let mut twins: Vec<_> = others.iter().filter(alike).map(named).collect();
    twins.sort_by_key(|(_, is_certain)| !is_certain);
    twins.into_iter().next()
}

async fn secrets(conn: &mut Conn, id: i64, backend: Backend, after: &str) -> Result<Vec<Known>> {
    let limit = i64::try_from(BATCH + 1).map_err(Error::broken)?;
    conn.all(sql!(
        "SELECT s.id, s.name, s.service_name, c.remote_path FROM secrets s LEFT JOIN copies c ON c.secret_id = s.id AND c.backend = ?
         WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? ORDER BY s.name LIMIT ?",
        backend, id, true, after, limit
    ))
    .await
}

#[derive(sqlx::FromRow)]
struct Holder {
    remote_path: String,
    secret_id: i64,
    name: String,
    environment_id: i64,
}

/// Whose copies lie at these paths, in any environment.
async fn holders(conn: &mut Conn, backend: Backend, paths: &[String]) -> Result<Vec<Holder>> {
    let mut query = sql!(
        "SELECT c.remote_path, s.id AS secret_id, s.name, s.environment_id FROM copies c JOIN secrets s ON s.id = c.secret_id WHERE c.backend = ?",
        backend
    );
    query.push_list(" AND c.remote_path IN ", paths.iter().map(Value::from));
    conn.all(query).await
}
