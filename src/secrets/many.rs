//! Many new secrets at once, in any number of environments: all of them or none, each by the rules of a single one, and what is wrong
//! told row by row.
use super::free::{deactivated, paths, taken};
use super::input::CreateSecret;
use super::store::{Ready, created, insert_all, prepare_all};
use super::{find::named, reason};
use crate::app::App;
use crate::audit;
use crate::db::{BATCH, Conn};
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::environments::{self, Act, Place};
use crate::tx;
use std::collections::{BTreeMap, HashSet};

/// So many, each with its event, are told again of one request.
pub const MOST_AT_ONCE: usize = audit::once::MOST_EVENTS;
/// Of key pairs that take seconds each, and make all others who want one wait.
const MOST_SLOW: usize = 10;

/// Rows of one environment: where each stands, and what it stores.
type Rows = (Vec<usize>, Vec<Ready>);

/// Gives the ids, in the order of `new`.
pub async fn create_many(app: &App, actor: &Actor, new: Vec<CreateSecret>) -> Result<Vec<i64>> {
    actor.demand_with(Scope::SecretsWrite, Role::Manager, "making many secrets at once")?;
    let places = environments::visible(app, actor).await?;
    demand_all(app, actor, &places, &new)?;
    let order: Vec<i64> = new.iter().map(|one| one.environment_id).collect();
    let mut groups: BTreeMap<i64, Rows> = BTreeMap::new();
    for ((row, ready), environment) in prepare_all(app, new).await?.into_iter().enumerate().zip(order) {
        let (rows, all) = groups.entry(environment).or_default();
        rows.push(row);
        all.push(ready);
    }
    let ids = tx!(app.db, |tx| {
        let (mut ids, mut events, mut errors) = (BTreeMap::new(), Vec::new(), FieldErrors::default());
        for (environment, (rows, ready)) in &groups {
            // Again, on what is stored now: the door may have closed meanwhile.
            let place = environments::enter_in(tx, actor, *environment).await?;
            for one in ready {
                place.demand(actor, Act::Change, one.new.fields.secrecy_level)?;
            }
            tell_taken(tx, &place, (rows, ready), &mut errors).await?;
            if !errors.is_empty() {
                continue;
            }
            let stored = insert_all(tx, app.now(), actor, &place.environment, ready).await?;
            events.extend(created(&place.environment, &stored, ready));
            ids.extend(rows.iter().copied().zip(stored));
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        audit::record_all(app, tx, actor, &events).await?;
        Ok(ids.into_values().collect())
    });
    app.jobs.notify_waiters();
    ids.map_err(|e| match e {
        Error::Conflict(_) => Error::Conflict(
            "somebody else took one of these names at the same moment: nothing was stored, send it again"
                .into(),
        ),
        e => e,
    })
}

/// The right to each, a proof and a reason where its place asks for them, and no name twice.
fn demand_all(app: &App, actor: &Actor, places: &[Place], new: &[CreateSecret]) -> Result<()> {
    if new.iter().filter(|one| one.is_slow()).count() > MOST_SLOW {
        let why =
            format!("hold more than {MOST_SLOW} RSA key pairs to be made: take ed25519, or divide them");
        return Err(Error::invalid("items", &why));
    }
    let (mut errors, mut seen) = (FieldErrors::default(), HashSet::new());
    for (row, one) in new.iter().enumerate() {
        let level = one.fields.secrecy_level;
        let Some(place) = places.iter().find(|place| place.environment.id == one.environment_id) else {
            tell_row(row, &FieldErrors::one("environment_id", "there is no such environment"), &mut errors);
            continue;
        };
        place.demand(actor, Act::Change, level)?;
        place.demand_proof_to_send(actor, Act::Change, level, app.now())?;
        match reason(&one.fields.reason, place.asks(Act::Change, level).reason) {
            Err(Error::Invalid(own)) => tell_row(row, &own, &mut errors),
            said => drop(said?),
        }
        if !seen.insert((one.environment_id, one.name.as_str())) {
            tell_row(row, &FieldErrors::one("name", "stands here more than once: keep one"), &mut errors);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Inside the unit: names and places in backends that others have.
async fn tell_taken(
    conn: &mut Conn,
    place: &Place,
    (rows, ready): (&[usize], &[Ready]),
    errors: &mut FieldErrors,
) -> Result<()> {
    let environment = &place.environment;
    let names: Vec<&str> = ready.iter().map(|one| one.new.name.as_str()).collect();
    let mut stored: BTreeMap<String, bool> = BTreeMap::new();
    for batch in names.chunks(BATCH) {
        let found = named(conn, environment.id, batch, false).await?;
        stored.extend(found.into_iter().map(|secret| (secret.name, secret.is_active)));
    }
    let wanted: Vec<(&str, &str)> =
        ready.iter().map(|one| (one.new.fields.service_name.as_str(), one.new.name.as_str())).collect();
    let shared = paths(conn, environment, &wanted).await?;
    for (row, name) in rows.iter().zip(names) {
        let why = match stored.get(name) {
            Some(true) => taken(environment),
            Some(false) => deactivated(environment),
            None => match shared.get(name) {
                Some(why) => Error::invalid("name", why),
                None => continue,
            },
        };
        if let Error::Invalid(own) = why {
            tell_row(*row, &own, errors);
        }
    }
    Ok(())
}

/// What is wrong with one of many rows, by where it stands: programs count from 0, and people from 1.
pub fn tell_row(row: usize, own: &FieldErrors, errors: &mut FieldErrors) {
    for (field, messages) in own.iter() {
        let at = if field.is_empty() { format!("items[{row}]") } else { format!("items[{row}].{field}") };
        for message in messages {
            errors.add(&at, format!("row {}: {message}", row + 1));
        }
    }
}
