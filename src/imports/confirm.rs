//! The import itself: everything is sealed first; then one unit looks again, and stores all of it or nothing.
use super::hold::Held;
use super::plan::{self, Plan, Verdict};
use super::preview::{self, Opened};
use super::tree::Fate;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Environment};
use crate::kit::clock::Utc;
use crate::rotations::{self, Mode, Put};
use crate::secrets::{self, CreateSecret, NewVersion, Ready, Secret};
use crate::{sql, tx, verify};
use serde::{Deserialize, Serialize};
use time::Duration;

/// How long the page of the result stays.
const TOLD: Duration = Duration::days(30);

/// What an import has done.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub created: Vec<i64>,
    pub changed: Vec<i64>,
    pub same: usize,
}

/// `None` while nothing has been done.
pub fn outcome(held: &Held) -> Option<Outcome> {
    held.outcome.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

/// What is stored: all of it is sealed.
struct Sealed {
    import: Option<i64>,
    new: Vec<Ready>,
    /// One for each row that changes a value, in the order of the plan.
    changed: Vec<NewVersion>,
    why: String,
    /// Where the values come from, if not from a file.
    from: Option<Backend>,
}

/// `seen` is the fingerprint of the plan that the person has read.
pub async fn confirm(app: &App, actor: &Actor, id: i64, seen: &str, why: &str) -> Result<()> {
    let (_, opened) = preview::open(app, actor, id).await?;
    carry_out(app, actor, opened, seen, why).await.map(drop)
}

pub(super) async fn carry_out(
    app: &App,
    actor: &Actor,
    opened: Opened,
    seen: &str,
    why: &str,
) -> Result<Outcome> {
    let Opened { import, from, place, checked, wanted, .. } = opened;
    let level = SecrecyLevel::Internal;
    place.demand_proof_to_send(actor, Act::Change, level, app.now())?;
    let why = secrets::reason(why, place.asks(Act::Change, level).reason)?;
    let mut conn = app.db.read().await?;
    let plan = plan::plan(&mut conn, actor, &place, &checked, false).await?;
    drop(conn);
    demand_seen(&plan, seen)?;
    if !plan.is_possible() {
        return Err(Error::Conflict("nothing can be imported: the rows below say why".into()));
    }
    let sealed = seal(app, &plan, wanted, (import, from), why).await?;
    let environment_id = place.environment.id;
    let done = tx!(app.db, |tx| {
        let place = environments::enter_in(tx, actor, environment_id).await?;
        let plan = plan::plan(tx, actor, &place, &checked, true).await?;
        demand_seen(&plan, seen)?;
        store(app, tx, actor, &place.environment, &sealed, &plan).await
    });
    app.jobs.notify_waiters();
    // A name that somebody else took at this very moment.
    done.map_err(|e| e.if_taken(moved))
}

fn demand_seen(plan: &Plan, seen: &str) -> Result<()> {
    if plan.fingerprint() == seen { Ok(()) } else { Err(moved()) }
}

fn moved() -> Error {
    Error::Conflict(
        "something changed since the preview: nothing was imported, and this is how it stands now".into(),
    )
}

async fn seal(
    app: &App,
    plan: &Plan,
    mut wanted: Vec<Option<CreateSecret>>,
    (import, from): (Option<i64>, Option<Backend>),
    why: String,
) -> Result<Sealed> {
    let (mut new, mut changing, mut fates) = (Vec::new(), Vec::new(), Vec::new());
    for row in &plan.rows {
        match (row.verdict, &row.secret, wanted.get_mut(row.index).and_then(Option::take)) {
            (Verdict::New, _, Some(mut wanted)) => {
                wanted.fields.reason.clone_from(&why);
                new.push(wanted);
                fates.push(row.origin.as_ref().map(|origin| origin.fate));
            }
            (Verdict::Changed, Some(secret), Some(wanted)) => changing.push((secret, wanted)),
            _ => {}
        }
    }
    // A file gives values: none of them is still to be made.
    let given = changing.iter().filter_map(|(secret, wanted)| Some((secret, wanted.value.typed()?)));
    let each = given.map(|(secret, value)| {
        let to = secret.last_version() + 1;
        secrets::seal_version(app, &secret.uid, secret.environment_id, to, value)
    });
    let changed = secrets::seal_all(each.collect()).await?;
    let new = secrets::prepare_all(app, new).await?.into_iter().zip(fates);
    let new = new.map(|(ready, fate)| match from {
        Some(backend) if fate == Some(Fate::LeftAlone) => ready.kept_out_of(backend),
        _ => ready,
    });
    Ok(Sealed { import, new: new.collect(), changed, why, from })
}

async fn store(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    environment: &Environment,
    sealed: &Sealed,
    plan: &Plan,
) -> Result<Outcome> {
    let now = app.now();
    let changing = plan.rows.iter().filter(|row| row.verdict == Verdict::Changed);
    let changing = changing.filter_map(|row| row.secret.as_ref());
    let replaced: Vec<(&Secret, &NewVersion)> = changing.zip(&sealed.changed).collect();
    let put = Put::own(Mode::Imported, &sealed.why);
    let created = secrets::insert_all(tx, now, actor, environment, &sealed.new).await?;
    let rotations = put.store_all(tx, now, actor, environment, &replaced).await?;
    if let Some(backend) = sealed.from {
        settle_there(tx, now, environment, backend, (plan, &created)).await?;
    }
    let mut events = secrets::created(environment, &created, &sealed.new);
    let rotated = replaced.iter().zip(rotations);
    events
        .extend(rotated.map(|((secret, version), id)| {
            rotations::rotated(environment, secret, version.number, id, &put)
        }));
    let mut events: Vec<Event> = events.into_iter().map(|event| marked(event, sealed)).collect();
    let changed = replaced.iter().map(|(secret, _)| secret.id).collect();
    let outcome = Outcome { created, changed, same: plan.count(Verdict::Same) };
    events.push(imported(environment, &outcome, sealed));
    if let Some(import) = sealed.import {
        finish(tx, now, import, &outcome).await?;
    }
    audit::record_all(app, tx, actor, &events).await?;
    Ok(outcome)
}

/// With the row that its file was held in; a file that was imported at once was held in none.
fn marked(event: Event, sealed: &Sealed) -> Event {
    match sealed.import {
        Some(id) => event.with("import", id),
        None => event.with("imported", true),
    }
}

/// What lies where a secret's copy belongs becomes that copy: its push finds it, in the version that was read, and marks it. Of what is
/// left alone Keeper knows where it lies.
async fn settle_there(
    tx: &mut Tx,
    now: Utc,
    environment: &Environment,
    backend: Backend,
    (plan, created): (&Plan, &[i64]),
) -> Result<()> {
    let (mut created, mut left) = (created.iter(), Vec::new());
    let (mut all, mut stay) = (Vec::new(), Vec::new());
    for row in &plan.rows {
        let id = match (row.verdict, &row.secret) {
            (Verdict::New, _) => created.next().copied(),
            (Verdict::Changed, Some(secret)) => Some(secret.id),
            _ => None,
        };
        let (Some(id), Some(origin)) = (id, &row.origin) else { continue };
        let is_new = row.verdict == Verdict::New;
        all.push(origin.path.as_str());
        if origin.fate != Fate::Adopted {
            stay.push(origin.path.as_str());
        }
        match origin.fate {
            Fate::LeftAlone if is_new && origin.field.is_none() => left.push((id, origin.path.as_str())),
            Fate::Adopted => {
                let place = (origin.path.as_str(), origin.version.as_str());
                let is_there = secrets::allow_replacing_at(tx, now, id, backend, place).await?;
                // The template has changed since it was read: another path is nobody's to replace.
                if !is_there && is_new && environment.has(backend) {
                    return Err(moved());
                }
            }
            _ => {}
        }
    }
    verify::taken_over(tx, now, environment.id, backend, (&all, &stay)).await?;
    secrets::remember_paths(tx, now, backend, &left).await
}

fn imported(environment: &Environment, outcome: &Outcome, sealed: &Sealed) -> Event {
    let event = Event::new("import.confirmed", &environment.name).environment(environment.id);
    marked(event, sealed)
        .with("created", outcome.created.len())
        .with("changed", outcome.changed.len())
        .with("same", outcome.same)
        .because(&sealed.why)
}

/// The file and its key are gone with the same COMMIT; a second confirmation finds neither.
async fn finish(tx: &mut Tx, now: Utc, import: i64, outcome: &Outcome) -> Result<()> {
    let text = serde_json::to_string(outcome).map_err(Error::broken)?;
    let told = now.plus(TOLD);
    let done = tx
        .exec(sql!(
            "UPDATE imports SET outcome = ?, ciphertext = NULL, nonce = NULL, wrapped_key = NULL, key_id = NULL, expires_at = ?, updated_at = ?
             WHERE id = ? AND outcome IS NULL",
            text,
            told,
            now,
            import
        ))
        .await?;
    if done == 1 { Ok(()) } else { Err(moved()) }
}
