//! Trying a source out: whether Keeper gets in, and a whole change played through on a user made for it.
use super::row::find;
use super::{password, rights};
use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::Actor;
use crate::domain::enums::Outcome;
use crate::domain::error::Result;
use crate::remote::sources::{Account, Rehearsal};
use crate::tx;

/// One step of a check, in words for the source's page, and why it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStep {
    pub words: &'static str,
    pub verdict: std::result::Result<(), String>,
}

/// The steps in their order; none comes after one that failed. Changes nothing.
pub async fn check_source(app: &App, actor: &Actor, id: i64) -> Result<Vec<CheckStep>> {
    let found = find(app, actor, id).await?;
    rights::demand_admin(actor)?;
    let (source, ready) = password::open(app, id).await?;
    let at = &source.address;
    let mut steps = Vec::new();
    let server = at.server(&app.rules()).map_err(|e| format!("the server's address {e}"));
    let located = match server {
        Ok(server) => server.resolve().await.map(|_| ()).map_err(|e| e.to_string()),
        Err(why) => Err(why),
    };
    steps.push(CheckStep { words: "the server's address leads to where Keeper may call", verdict: located });
    if steps.iter().all(|step| step.verdict.is_ok()) {
        let administrator = Account { name: at.user_name.clone(), host: None };
        let entered = ready.look(&administrator).await.map(|_| ()).map_err(|why| why.to_string());
        steps.push(CheckStep { words: "Keeper's administrator signs in", verdict: entered });
    }
    tracing::debug!(source = found.label(), "a source was checked");
    Ok(steps)
}

/// Makes a user at the server, changes its password, signs in with it, and removes it.
pub async fn rehearse(app: &App, actor: &Actor, id: i64, why: &str) -> Result<Rehearsal> {
    let found = find(app, actor, id).await?;
    rights::demand(app, actor, &found.place, why)?;
    let (_, ready) = password::open(app, id).await?;
    let played = ready.rehearse().await;
    let passed = played.passed();
    let failed: Vec<String> = played
        .steps
        .iter()
        .filter_map(|step| Some(format!("{}: {}", step.act.words(), step.verdict.as_ref().err()?)))
        .collect();
    let told: Result<()> = tx!(app.db, |tx| {
        let outcome = if passed { Outcome::Ok } else { Outcome::Failed };
        let mut event = Event::new("source.rehearsed", found.label())
            .environment(found.source.environment_id)
            .outcome(outcome)
            .with("steps", played.steps.len())
            .because(why.trim());
        if !failed.is_empty() {
            event = event.with("failed", failed.clone());
        }
        audit::record(app, tx, actor, event).await?;
        Ok(())
    });
    told.map(|()| played)
}
