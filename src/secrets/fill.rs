//! Many new secrets at once, for demo data and for measuring: sealed, versioned, counted and recorded like each single one. They
//! get no copies and no slips: who calls this makes the search anew (`refile`).
use super::create::enter_again;
use super::input::CreateSecret;
use super::store::{Ready, created, insert_rows, prepare_all};
use crate::app::App;
use crate::audit;
use crate::domain::actor::Actor;
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::tx;
use std::collections::BTreeMap;

pub async fn fill(app: &App, actor: &Actor, new: Vec<CreateSecret>) -> Result<()> {
    let mut by_environment: BTreeMap<i64, Vec<Ready>> = BTreeMap::new();
    for ready in prepare_all(app, new).await? {
        by_environment.entry(ready.new.environment_id).or_default().push(ready);
    }
    tx!(app.db, |tx| {
        let mut events = Vec::new();
        for (environment_id, ready) in &by_environment {
            let place = enter_again(tx, actor, *environment_id, ready).await?;
            demand_no_copies(&place)?;
            let ids = insert_rows(tx, app.now(), actor, &place.environment, ready).await?;
            events.extend(created(&place.environment, &ids, ready));
        }
        audit::record_all(app, tx, actor, &events).await?;
        Ok(())
    })
}

fn demand_no_copies(place: &Place) -> Result<()> {
    match place.environment.backends().next() {
        Some(_) => {
            Err(Error::Conflict("secrets in bulk get no copies: the environment has a backend".into()))
        }
        None => Ok(()),
    }
}
