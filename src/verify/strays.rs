//! What was added behind Keeper's back: secrets that lie in a backend below the environment's own folder and are no copies.
use crate::app::App;
use crate::db::Tx;
use crate::domain::enums::Backend;
use crate::domain::error::{Error, Result};
use crate::environments::Environment;
use crate::kit::clock::Utc;
use crate::secrets;
use crate::sync::Stores;
use crate::{sql, values};
use std::collections::HashSet;

/// So many paths of a backend are looked through …
const MOST_PATHS: usize = 20_000;
/// … and so many strays of it remembered.
const MOST: usize = 1_000;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stray {
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub path: String,
    /// When a comparison first saw it.
    pub created_at: Utc,
}

/// By backend: what is there, or why it was not looked for.
pub(super) struct Looked(Vec<(Backend, std::result::Result<Vec<String>, String>)>);

impl Looked {
    pub fn count(&self) -> usize {
        self.0.iter().filter_map(|(_, found)| found.as_ref().ok()).map(Vec::len).sum()
    }

    pub fn unlisted(&self) -> String {
        let why = |(backend, found): &(Backend, std::result::Result<Vec<String>, String>)| {
            found.as_ref().err().map(|why| format!("{}: {why}.", backend.title()))
        };
        self.0.iter().filter_map(why).collect::<Vec<_>>().join(" ")
    }
}

pub(super) async fn look(
    app: &App,
    stores: &Stores,
    environment: &Environment,
    given_up: &[Backend],
) -> Result<Looked> {
    let mut looked = Vec::new();
    for backend in environment.backends() {
        let found = if given_up.contains(&backend) {
            Err("it did not answer".to_owned())
        } else {
            look_in(app, stores, environment, backend).await?
        };
        looked.push((backend, found));
    }
    Ok(Looked(looked))
}

async fn look_in(
    app: &App,
    stores: &Stores,
    environment: &Environment,
    backend: Backend,
) -> Result<std::result::Result<Vec<String>, String>> {
    let Some(folder) = environment.folder(backend) else {
        let why =
            "the path template begins with no folder of its own, so that nobody can tell what belongs there";
        return Ok(Err(why.to_owned()));
    };
    let store = match stores.of(app, environment, backend).await? {
        Ok(store) => store,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let listing = match store.list(&folder, MOST_PATHS).await {
        Ok(listing) if listing.is_cut => {
            return Ok(Err(format!("{folder} holds more than {MOST_PATHS} secrets")));
        }
        Ok(listing) => listing,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let kept =
        secrets::kept_paths(&mut app.db.read().await?, environment.id, backend, &listing.paths).await?;
    let fits = |path: &String| !kept.contains(path) && path.chars().count() <= 512;
    Ok(Ok(listing.paths.into_iter().filter(fits).take(MOST).collect()))
}

/// What was there before keeps the time at which it was first seen. Where nobody could look, nothing changes.
pub(super) async fn store(tx: &mut Tx, now: Utc, environment_id: i64, looked: &Looked) -> Result<()> {
    let backends = looked.0.iter().filter_map(|(backend, found)| Some((*backend, found.as_ref().ok()?)));
    for (backend, paths) in backends {
        let query = sql!(
            "SELECT id, path FROM strays WHERE environment_id = ? AND backend = ?",
            environment_id,
            backend
        );
        let before: Vec<(i64, String)> = tx.all(query).await?;
        let now_there: HashSet<&str> = paths.iter().map(String::as_str).collect();
        for (id, _) in before.iter().filter(|(_, path)| !now_there.contains(path.as_str())) {
            tx.exec(sql!("DELETE FROM strays WHERE id = ?", *id)).await?;
        }
        let known: HashSet<&str> = before.iter().map(|(_, path)| path.as_str()).collect();
        let insert = sql!(
            "INSERT INTO strays (environment_id, backend, path, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
        );
        let new = paths.iter().filter(|path| !known.contains(path.as_str()));
        let row = |path: &String| values![environment_id, backend, path, now, now];
        tx.insert_all(insert, new.map(row).collect()).await?;
    }
    Ok(())
}

/// For whoever may see the environment; `most` at most.
pub async fn strays(app: &App, environment_id: i64, most: usize) -> Result<Vec<Stray>> {
    let query = sql!(
        "SELECT backend, path, created_at FROM strays WHERE environment_id = ? ORDER BY backend, path LIMIT ?",
        environment_id,
        i64::try_from(most).map_err(Error::broken)?
    );
    app.db.read().await?.all(query).await
}
