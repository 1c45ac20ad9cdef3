//! Secrets that lie in a backend already are found below a folder, read, and held like a file. Only admins: Keeper's credentials may
//! reach more there than what is Keeper's.
use super::format::{Format, LONGEST, MOST_ROWS};
use super::hold::{self, Holding};
use super::naming;
use super::tree::{self, Fate, Leaf, LeftOut, Origin};
use super::wish::{Fields, Gather, Known, Then};
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::{BATCH, Value};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::{self, Act, Environment};
use crate::remote::{Remote, RemoteError, Store};
use crate::secrets;
use crate::sync::Stores;
use crate::{sql, tx};
use futures_util::stream::{self, StreamExt};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// So many paths are listed; those of Keeper's own copies go off them.
const MOST_PATHS: usize = 20_000;
/// So many are read at once …
const HANDS: usize = 8;
/// … and all of them within this time: a person waits for the preview.
const PATIENCE: Duration = Duration::from_secs(50);

/// Gives the id of the preview. Nothing is written in the backend.
pub async fn gather(app: &App, stores: &Stores, actor: &Actor, wish: &Gather) -> Result<i64> {
    actor.demand(Role::Admin, "importing from a backend")?;
    let place = environments::enter(app, actor, wish.environment_id).await?;
    let level = SecrecyLevel::Internal;
    place.demand(actor, Act::Change, level)?;
    place.demand_proof_to_send(actor, Act::Change, level, app.now())?;
    let environment = &place.environment;
    if !environment.has(wish.backend) {
        let why = format!("is not configured in {}: choose another, or set it up there", environment.name);
        return Err(Error::invalid("backend", &why));
    }
    let store = stores.of(app, environment, wish.backend).await?.map_err(|why| unread(&why))?;
    let slow = |_| Error::invalid("folder", "takes longer than 50 s to read: name a folder below it");
    let (mut leaves, mut left_out) =
        tokio::time::timeout(PATIENCE, collect(app, actor, environment, &store, wish))
            .await
            .map_err(slow)??;
    if wish.known == Known::Skip {
        leave_known(app, environment, &mut leaves, &mut left_out).await?;
    }
    match leaves.len() {
        0 => return Err(nothing(&left_out)),
        n if n > MOST_ROWS => return Err(too_many()),
        _ => {}
    }
    let event = Event::new("import.uploaded", &environment.name)
        .with("backend", wish.backend.as_str())
        .with("rows", leaves.len());
    let holding = Holding {
        environment_id: environment.id,
        format: Format::Json,
        origin: Some(wish.backend),
        defaults: wish.defaults,
        rows: leaves.len(),
        content: &tree::write(&leaves, &left_out)?,
    };
    hold::keep(app, actor, &holding, &event).await
}

async fn collect(
    app: &App,
    actor: &Actor,
    environment: &Environment,
    store: &Store,
    wish: &Gather,
) -> Result<(Vec<Leaf>, Vec<LeftOut>)> {
    let mut listing = store.list(&wish.folder, MOST_PATHS).await.map_err(|why| unread(&why))?;
    if listing.is_cut {
        return Err(too_many());
    }
    let mut conn = app.db.read().await?;
    let sharing = environments::sharing(&mut conn, environment, wish.backend).await?;
    let kept = secrets::kept_paths(&mut conn, &sharing, wish.backend, &listing.paths).await?;
    drop(conn);
    listing.paths.retain(|path| !kept.contains(path));
    if listing.paths.len() > MOST_ROWS {
        return Err(too_many());
    }
    tell(app, actor, environment, wish, listing.paths.len()).await?;
    let (mut found, mut left_out, mut size) = (Vec::new(), Vec::new(), 0);
    let mut leave = |path: String, why: &str| left_out.push(LeftOut { path, why: why.to_owned() });
    let all = if wish.folder.is_empty() { "/" } else { &wish.folder };
    if !kept.is_empty() {
        leave(
            all.to_owned(),
            &format!("holds copies of Keeper’s too ({}), which stay as they are", kept.len()),
        );
    }
    if listing.odd > 0 {
        leave(all.to_owned(), &format!("holds names that Keeper does not take ({})", listing.odd));
    }
    let asked = listing.paths.into_iter().map(async |path| {
        let there = store.read(&path).await;
        (path, there)
    });
    let mut answers = stream::iter(asked).buffered(HANDS);
    while let Some((path, there)) = answers.next().await {
        match there {
            Ok(None) => leave(path, "it was deleted"),
            Ok(Some(there)) if there.value.is_empty() => leave(path, "its value is empty"),
            Ok(Some(there)) => {
                size += there.value.len();
                if size > LONGEST {
                    return Err(Error::invalid(
                        "folder",
                        "holds more than 4 MiB of values: name a folder below it",
                    ));
                }
                found.push((path, there));
            }
            Err(why @ RemoteError::Retry { .. }) => return Err(unread(&why)),
            Err(why) => leave(path, &why.to_string()),
        }
    }
    let owned = ours(app, &found).await?;
    let mut leaves = Vec::new();
    for (path, there) in found {
        let uid = there.owned.as_ref().map(|mark| mark.uid.as_str());
        if uid.is_some_and(|uid| owned.contains(uid)) {
            left_out.push(LeftOut { path, why: "it is a copy of Keeper’s".to_owned() });
        } else {
            leaves.extend(of_one(environment, wish, path, there));
            if leaves.len() > MOST_ROWS {
                return Err(too_many());
            }
        }
    }
    Ok((leaves, left_out))
}

/// Before a value is read: nobody reads what nobody hears of.
async fn tell(
    app: &App,
    actor: &Actor,
    environment: &Environment,
    wish: &Gather,
    paths: usize,
) -> Result<()> {
    tx!(app.db, |tx| {
        let event = Event::new("import.gathered", &environment.name)
            .environment(environment.id)
            .with("backend", wish.backend.as_str())
            .with("folder", wish.folder.as_str())
            .with("paths", paths);
        audit::record(app, tx, actor, event).await.map(drop)
    })
}

/// The secrets of one path: one, or one for each of its fields.
fn of_one(environment: &Environment, wish: &Gather, path: String, there: Remote) -> Vec<Leaf> {
    let (name, service) = naming::of(environment, wish.backend, (&wish.folder, &path), wish.naming);
    let is_at_home = environment.path(wish.backend, &service, &name) == path;
    // Another Keeper's copy is as little Keeper's to take as one whose readers look for fields.
    let fate = match wish.then {
        Then::Adopt if !is_at_home => Fate::Beside,
        Then::Adopt if there.plain && there.owned.is_none() => Fate::Adopted,
        _ => Fate::LeftAlone,
    };
    let origin = Origin { path, field: None, version: there.version, fate };
    let apart = Some(&there.value).filter(|_| !there.plain && wish.fields == Fields::Apart).and_then(apart);
    let Some(fields) = apart else {
        return vec![Leaf { name, service, origin, value: there.value }];
    };
    let leaf = |(field, value): (String, Plaintext)| Leaf {
        name: naming::of_field(&name, &field),
        service: service.clone(),
        origin: Origin { field: Some(field), ..origin.clone() },
        value,
    };
    fields.into_iter().map(leaf).collect()
}

/// Texts as they stand, anything else as its JSON.
fn apart(value: &Plaintext) -> Option<Vec<(String, Plaintext)>> {
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(value.expose()).ok()?;
    // Each is wiped from here on, whatever follows.
    let fields: Vec<(String, Plaintext)> = fields
        .into_iter()
        .map(|(field, raw)| (field, Plaintext::from(String::from(Box::<str>::from(raw)))))
        .collect();
    let plain = |(field, raw): (String, Plaintext)| {
        let text = serde_json::from_slice::<Plaintext>(raw.expose()).ok();
        (field, text.unwrap_or(raw))
    };
    Some(fields.into_iter().map(plain).collect())
}

/// The marks among these that are of secrets that this Keeper has.
async fn ours(app: &App, found: &[(String, Remote)]) -> Result<HashSet<String>> {
    let marks: Vec<&str> =
        found.iter().filter_map(|(_, there)| Some(there.owned.as_ref()?.uid.as_str())).collect();
    let mut ours = HashSet::new();
    for batch in marks.chunks(BATCH) {
        let mut query = sql!("SELECT uid FROM secrets WHERE 1 = 1");
        query.push_list(" AND uid IN ", batch.iter().map(|uid| Value::from(*uid)));
        ours.extend(app.db.read().await?.all::<(String,)>(query).await?.into_iter().map(|row| row.0));
    }
    Ok(ours)
}

async fn leave_known(
    app: &App,
    environment: &Environment,
    leaves: &mut Vec<Leaf>,
    left_out: &mut Vec<LeftOut>,
) -> Result<()> {
    let mut known = HashSet::new();
    let names: Vec<&str> = leaves.iter().map(|leaf| leaf.name.as_str()).collect();
    for batch in names.chunks(BATCH) {
        let secrets = secrets::named(&mut app.db.read().await?, environment.id, batch, false).await?;
        known.extend(secrets.into_iter().map(|secret| secret.name));
    }
    leaves.retain(|leaf| {
        let is_known = known.contains(&leaf.name);
        if is_known {
            let why = format!("a secret named {} exists already", leaf.name);
            left_out.push(LeftOut { path: leaf.origin.path.clone(), why });
        }
        !is_known
    });
    Ok(())
}

fn unread(why: &RemoteError) -> Error {
    Error::invalid("backend", &format!("cannot be read: {why}"))
}

fn too_many() -> Error {
    Error::invalid("folder", &format!("holds more than {MOST_ROWS} secrets: name a folder below it"))
}

fn nothing(left_out: &[LeftOut]) -> Error {
    let why = match left_out {
        [] => "holds no secret that Keeper’s credentials can list".to_owned(),
        [one] => format!("holds nothing to import: {}, {}", one.path, one.why),
        [one, ..] => {
            format!(
                "holds nothing to import among {} secrets: {}, {}, for one",
                left_out.len(),
                one.path,
                one.why
            )
        }
    };
    Error::invalid("folder", &why)
}
