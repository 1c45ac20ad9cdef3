//! Many new secrets at once, in any number of environments: all of them or none, each by the rules of a single one, and what is wrong
//! told row by row.
use super::create::{NO_ENVIRONMENT, demand, enter_again};
use super::free::hindrances;
use super::input::CreateSecret;
use super::store::{Ready, created, insert_all, prepare_all};
use crate::app::App;
use crate::audit;
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, Scope};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::environments::{self, Place};
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
            let place = enter_again(tx, actor, *environment, ready).await?;
            for (at, own) in hindrances(tx, &place.environment, ready).await? {
                tell_row(rows[at], &own, &mut errors);
            }
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
    let at_once =
        "somebody else took one of these names at the same moment: nothing was stored, send it again";
    ids.map_err(|e| e.if_taken(|| Error::Conflict(at_once.into())))
}

/// What is asked of whoever brings a single one, of each; and no name twice.
fn demand_all(app: &App, actor: &Actor, places: &[Place], new: &[CreateSecret]) -> Result<()> {
    if new.iter().filter(|one| one.is_slow()).count() > MOST_SLOW {
        let why =
            format!("hold more than {MOST_SLOW} RSA key pairs to be made: take ed25519, or divide them");
        return Err(Error::invalid("items", &why));
    }
    let (mut errors, mut seen) = (FieldErrors::default(), HashSet::new());
    for (row, one) in new.iter().enumerate() {
        let Some(place) = places.iter().find(|place| place.environment.id == one.environment_id) else {
            tell_row(row, &FieldErrors::one("environment_id", NO_ENVIRONMENT), &mut errors);
            continue;
        };
        match demand(app, actor, place, one) {
            Err(Error::Invalid(own)) => tell_row(row, &own, &mut errors),
            said => said?,
        }
        if !seen.insert((one.environment_id, one.name.as_str())) {
            tell_row(row, &FieldErrors::one("name", "stands here more than once: keep one"), &mut errors);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
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
