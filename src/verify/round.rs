//! A comparison goes on: a few secrets of one environment at a time, in the order of their names, then what was added there. Whoever holds
//! the lease has those few, and what they found is stored before the next few: after a death they have another turn.
use super::ask::{Answer, Depth};
use super::comparison::{Comparison, select};
use super::night;
use super::row::{Finding, Spot};
use super::strays;
use super::verify::verify_at;
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Outcome};
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::sync::Stores;
use crate::{sql, tx};
use time::Duration;

/// So many secrets are asked about at once.
const FEW: usize = 8;
/// An environment's comparison makes this many calls a minute and no more.
const CALLS_A_MINUTE: i64 = 600;
/// Longer than any call may take.
const LEASE: Duration = Duration::seconds(60);
/// A backend that does not answer is asked again after this …
const PAUSE: Duration = Duration::minutes(1);
/// … and so often in a row.
const MOST_STALLS: i64 = 3;

struct Claim {
    comparison: Comparison,
    few: Vec<Few>,
}

#[derive(sqlx::FromRow)]
struct Few {
    id: i64,
    name: String,
}

/// The next few of whichever comparison is due; gives which they were, or `None` where nothing was due.
pub async fn compare_next(app: &App, stores: &Stores) -> Result<Option<Vec<i64>>> {
    night::begin_due(app).await?;
    let Some(claim) = claim(app).await? else { return Ok(None) };
    if claim.few.is_empty() {
        end(app, stores, &claim.comparison).await?;
        return Ok(Some(Vec::new()));
    }
    let away = claim.comparison.given_up();
    let asked = claim.few.iter().map(|one| one_of(app, stores, &claim.comparison, one.id, &away));
    let turns = futures_util::future::join_all(asked).await;
    settle(app, &claim, &turns).await?;
    Ok(Some(claim.few.into_iter().map(|one| one.id).collect()))
}

async fn claim(app: &App) -> Result<Option<Claim>> {
    let now = app.now();
    // Looked at before a unit of writing is begun.
    let due = sql!("SELECT id FROM comparisons WHERE next_at <= ? ORDER BY next_at LIMIT 1", now);
    if app.db.read().await?.maybe::<(i64,)>(due).await?.is_none() {
        return Ok(None);
    }
    let claimed: Result<Option<Comparison>> = tx!(app.db, |tx| {
        let mut query = select();
        query.push(" AND next_at <= ? ORDER BY next_at LIMIT 1 {skip}", [now.into()]);
        let Some(mut comparison) = tx.maybe::<Comparison>(query).await? else { return Ok(None) };
        comparison.lease_token += 1;
        tx.exec(sql!(
            "UPDATE comparisons SET lease_token = ?, next_at = ?, updated_at = ? WHERE environment_id = ?",
            comparison.lease_token,
            now.plus(LEASE),
            now,
            comparison.environment_id
        ))
        .await?;
        Ok(Some(comparison))
    });
    let Some(comparison) = claimed? else { return Ok(None) };
    let few = few_after(app, &comparison).await?;
    Ok(Some(Claim { comparison, few }))
}

/// What rests is left alone, and so is what a rotation is about to prove.
async fn few_after(app: &App, comparison: &Comparison) -> Result<Vec<Few>> {
    let query = sql!(
        "SELECT s.id, s.name FROM secrets s JOIN environments e ON e.id = s.environment_id
         WHERE s.environment_id = ? AND s.is_active = ? AND s.name > ? AND e.is_active = ?
           AND (EXISTS (SELECT 1 FROM secret_sources u WHERE u.secret_id = s.id) OR EXISTS (SELECT 1 FROM copies c WHERE c.secret_id = s.id))
           AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret_id = s.id AND r.status = 'running')
         ORDER BY s.name LIMIT ?",
        comparison.environment_id,
        true,
        &comparison.after_name,
        true,
        i64::try_from(FEW).map_err(Error::broken)?
    );
    app.db.read().await?.all(query).await
}

/// What became of one secret's turn.
enum Turn {
    Asked(Vec<Answer>),
    /// It cannot be verified just now, and keeps no other from it.
    Passed,
    /// Keeper's own trouble.
    Broken,
}

async fn one_of(app: &App, stores: &Stores, comparison: &Comparison, id: i64, away: &[Backend]) -> Turn {
    let is_whole =
        comparison.is_whole || comparison.asked_by.is_empty() && night::is_whole_turn(id, app.now());
    let depth = if is_whole { Depth::Whole } else { Depth::Glance };
    match verify_at(app, stores, &Actor::System, id, (depth, away)).await {
        Ok(answers) => Turn::Asked(answers),
        Err(Error::Conflict(why)) => {
            tracing::info!(secret = id, why, "not verified");
            Turn::Passed
        }
        Err(error) => {
            tracing::warn!(%error, secret = id, "a secret could not be verified");
            Turn::Broken
        }
    }
}

/// Stored if nobody else has taken over.
async fn settle(app: &App, claim: &Claim, turns: &[Turn]) -> Result<()> {
    let comparison = &claim.comparison;
    let silent = silent(turns);
    let is_stuck = !silent.is_empty() || turns.iter().all(|turn| matches!(turn, Turn::Broken));
    let now = app.now();
    if is_stuck && comparison.stalls + 1 < MOST_STALLS {
        // The same few again, in a while.
        return tx!(app.db, |tx| {
            tx.exec(sql!(
                "UPDATE comparisons SET stalls = stalls + 1, next_at = ?, updated_at = ? WHERE environment_id = ? AND lease_token = ?",
                now.plus(PAUSE), now, comparison.environment_id, comparison.lease_token
            ))
            .await
            .map(drop)
        });
    }
    let given_up = Comparison::spelled(&[comparison.given_up(), silent].concat());
    let count = |is: fn(&Turn) -> bool| i64::try_from(turns.iter().filter(|turn| is(turn)).count());
    let compared = count(|turn| !matches!(turn, Turn::Passed)).map_err(Error::broken)?;
    let different = count(differs).map_err(Error::broken)?;
    let unknown = count(|turn| !differs(turn) && is_unknown(turn)).map_err(Error::broken)?;
    let calls: i64 = answers(turns).map(|answer| answer.calls).sum();
    let after = claim.few.last().map(|one| one.name.as_str()).unwrap_or_default();
    let next_at = now.plus(Duration::milliseconds(calls * 60_000 / CALLS_A_MINUTE));
    tx!(app.db, |tx| {
        tx.exec(sql!(
            "UPDATE comparisons SET after_name = ?, compared = compared + ?, different = different + ?, unknown = unknown + ?, stalls = 0, given_up = ?, next_at = ?,
               updated_at = ? WHERE environment_id = ? AND lease_token = ?",
            after, compared, different, unknown, &given_up, next_at, now, comparison.environment_id, comparison.lease_token
        ))
        .await
        .map(drop)
    })
}

fn answers(turns: &[Turn]) -> impl Iterator<Item = &Answer> {
    turns.iter().flat_map(|turn| match turn {
        Turn::Asked(answers) => answers.as_slice(),
        Turn::Passed | Turn::Broken => &[],
    })
}

fn differs(turn: &Turn) -> bool {
    matches!(turn, Turn::Asked(answers) if answers.iter().any(|answer| answer.outcome.is_drift()))
}

fn is_unknown(turn: &Turn) -> bool {
    match turn {
        Turn::Asked(answers) => answers.iter().any(|answer| answer.outcome == Finding::Unknown),
        Turn::Passed => false,
        Turn::Broken => true,
    }
}

/// The backends from which everybody that was asked about got no answer; those that were given up were not asked.
fn silent(turns: &[Turn]) -> Vec<Backend> {
    let is_silent = |backend: &&Backend| {
        let place = Spot::of(**backend);
        let mut asked = answers(turns).filter(|answer| answer.place == place && answer.calls > 0).peekable();
        asked.peek().is_some() && asked.all(|answer| answer.is_silent)
    };
    Backend::ALL.iter().filter(is_silent).copied().collect()
}

/// Everything was compared: what was added is looked for, and the comparison ends.
async fn end(app: &App, stores: &Stores, comparison: &Comparison) -> Result<()> {
    let id = comparison.environment_id;
    let environment = environments::enter(app, &Actor::System, id).await?.environment;
    let looked = strays::look(app, stores, &environment, &comparison.given_up()).await;
    let unlisted: String = looked.unlisted().chars().take(1000).collect();
    tx!(app.db, |tx| {
        let now = app.now();
        let added = strays::store(tx, now, id, &looked).await?;
        let ended = tx
            .exec(sql!(
                "UPDATE comparisons SET added = ?, unlisted = ?, next_at = NULL, ended_at = ?, updated_at = ? WHERE environment_id = ? AND lease_token = ?",
                added, &unlisted, now, now, id, comparison.lease_token
            ))
            .await?;
        if ended == 0 {
            return Ok(()); // somebody else has taken over, and found the same
        }
        let is_well = comparison.different + added == 0;
        let event = Event::new("environment.compared", &environment.name)
            .environment(id)
            .outcome(if is_well { Outcome::Ok } else { Outcome::Failed })
            .with("compared", comparison.compared)
            .with("different", comparison.different)
            .with("unknown", comparison.unknown)
            .with("added", added);
        audit::record(app, tx, &Actor::System, event).await.map(drop)
    })
}
