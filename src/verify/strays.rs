//! What was added behind Keeper's back: secrets that lie in a backend below the environment's own folder, are no copies and bear no mark.
//! Somebody takes them over, removes them there, or says that they belong there.
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{Tx, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Environment};
use crate::kit::clock::Utc;
use crate::secrets;
use crate::sync::Stores;
use crate::{sql, tx, values};
use futures_util::stream::{self, StreamExt};
use std::collections::HashSet;
use std::time::Duration;

/// So many paths of a backend are looked through …
const MOST_PATHS: usize = 20_000;
/// … and so many that are no copies are looked at, a few at once.
const MOST: usize = 1_000;
const HANDS: usize = 4;
/// All of it within this time, which is less than a comparison's lease.
const PATIENCE: Duration = Duration::from_secs(40);

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stray {
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub backend: Backend,
    pub path: String,
    /// When a comparison first saw it.
    pub created_at: Utc,
}

/// By backend: what is there, or why it was not looked for.
pub(super) struct Looked(Vec<(Backend, std::result::Result<Vec<String>, String>)>);

impl Looked {
    pub fn unlisted(&self) -> String {
        let why = |(backend, found): &(Backend, std::result::Result<Vec<String>, String>)| {
            found.as_ref().err().map(|why| format!("{}: {why}.", backend.title()))
        };
        self.0.iter().filter_map(why).collect::<Vec<_>>().join(" ")
    }
}

/// Whatever goes wrong here is told, and holds up no comparison.
pub(super) async fn look(
    app: &App,
    stores: &Stores,
    environment: &Environment,
    given_up: &[Backend],
) -> Looked {
    let each = environment.backends().map(async |backend| {
        if given_up.contains(&backend) {
            return (backend, Err("it did not answer".to_owned()));
        }
        let looking = look_in(app, stores, environment, backend);
        let found = match tokio::time::timeout(PATIENCE, looking).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::warn!(%error, environment = environment.id, "what was added could not be looked for");
                Err("Keeper could not look; the log has the cause".to_owned())
            }
            Err(_) => Err(format!("it takes longer than {} s to list", PATIENCE.as_secs())),
        };
        (backend, found)
    });
    Looked(futures_util::future::join_all(each).await)
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
            return Ok(Err(format!("{folder} holds more than {MOST_PATHS} secrets, or too many folders")));
        }
        Ok(listing) => listing,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let mut conn = app.db.read().await?;
    let sharing = environments::sharing(&mut conn, environment, backend).await?;
    let kept = secrets::kept_paths(&mut conn, &sharing, backend, &listing.paths).await?;
    drop(conn);
    let others = listing.paths.into_iter().filter(|path| !kept.contains(path)).take(MOST);
    let looked = others.map(async |path| {
        let there = store.glance(&path).await;
        (path, there)
    });
    let mut looked = stream::iter(looked).buffered(HANDS);
    let mut strays = Vec::new();
    while let Some((path, there)) = looked.next().await {
        match there {
            // Deleted, or left there by Keeper itself: a copy that moved, or of a secret that was purged.
            Ok(None) => {}
            Ok(Some(there)) if there.owned.is_some() => {}
            Ok(Some(_)) => strays.push(path),
            Err(why) => return Ok(Err(why.to_string())),
        }
    }
    Ok(Ok(strays))
}

/// Gives how many there are of which nobody has said that they belong there. What was there before keeps the time at which it was first
/// seen; where nobody could look, nothing changes; a backend that is switched off has none.
pub(super) async fn store(tx: &mut Tx, now: Utc, environment_id: i64, looked: &Looked) -> Result<i64> {
    let mut gone = sql!("DELETE FROM strays WHERE environment_id = ?", environment_id);
    if !looked.0.is_empty() {
        gone.push_list(" AND backend NOT IN ", looked.0.iter().map(|(backend, _)| Value::from(*backend)));
    }
    tx.exec(gone).await?;
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
        let new = paths.iter().map(String::as_str).filter(|path| !known.contains(path));
        insert(tx, now, environment_id, backend, (new, false)).await?;
    }
    let query =
        sql!("SELECT COUNT(*) FROM strays WHERE environment_id = ? AND belongs = ?", environment_id, false);
    tx.number(query).await
}

async fn insert(
    tx: &mut Tx,
    now: Utc,
    environment_id: i64,
    backend: Backend,
    (paths, belongs): (impl Iterator<Item = &str>, bool),
) -> Result<()> {
    let insert = sql!(
        "INSERT INTO strays (environment_id, backend, path, belongs, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
    );
    let row = |path: &str| values![environment_id, backend, path, belongs, now, now];
    tx.insert_all(insert, paths.map(row).collect()).await
}

/// Inside an import: what was taken over is no stray any more, and of what stays there somebody has decided that it does.
pub async fn taken_over(
    tx: &mut Tx,
    now: Utc,
    environment_id: i64,
    backend: Backend,
    (all, stay): (&[&str], &[&str]),
) -> Result<()> {
    for batch in all.chunks(crate::db::BATCH) {
        let mut gone =
            sql!("DELETE FROM strays WHERE environment_id = ? AND backend = ?", environment_id, backend);
        gone.push_list(" AND path IN ", batch.iter().map(|path| Value::from(*path)));
        tx.exec(gone).await?;
    }
    let stay: HashSet<&str> = stay.iter().copied().collect();
    insert(tx, now, environment_id, backend, (stay.into_iter(), true)).await
}

/// "It belongs there": it is told no more.
pub async fn let_be(app: &App, actor: &Actor, environment_id: i64, stray_id: i64) -> Result<()> {
    actor.demand(Role::Manager, "deciding about what was added")?;
    tx!(app.db, |tx| {
        let place = environments::enter_in(tx, actor, environment_id).await?;
        place.demand(actor, Act::Change, SecrecyLevel::Internal)?;
        let query = sql!(
            "SELECT id, backend, path, created_at FROM strays WHERE id = ? AND environment_id = ? AND belongs = ? {lock}",
            stray_id,
            environment_id,
            false
        );
        let stray: Stray = tx.one(query).await?;
        let now = app.now();
        tx.exec(sql!("UPDATE strays SET belongs = ?, updated_at = ? WHERE id = ?", true, now, stray_id))
            .await?;
        let event = Event::new("environment.stray_left", &place.environment.name)
            .environment(environment_id)
            .with("backend", stray.backend.as_str())
            .with("path", stray.path.as_str());
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// For whoever may see the environment; `most` at most, and none of which somebody said that it belongs there.
pub async fn strays(app: &App, environment_id: i64, most: usize) -> Result<Vec<Stray>> {
    let query = sql!(
        "SELECT id, backend, path, created_at FROM strays WHERE environment_id = ? AND belongs = ? ORDER BY backend, path LIMIT ?",
        environment_id,
        false,
        i64::try_from(most).map_err(Error::broken)?
    );
    app.db.read().await?.all(query).await
}
