//! "Test the connection": what an environment's backend says to Keeper's credentials, step by step. Nothing is changed there.
use super::stores::Stores;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role};
use crate::domain::error::{Error, Result};
use crate::environments;
use crate::remote::{Probe, Step, Verdict};

/// Whether a secret of this name exists does not matter: nothing is written.
const NAME: &str = "connection-test";

pub async fn probe(app: &App, actor: &Actor, environment_id: i64, backend: Backend) -> Result<Vec<Probe>> {
    actor.demand(Role::Admin, "testing a connection")?;
    let environment = environments::enter(app, actor, environment_id).await?.environment;
    if !environment.has(backend) {
        return Err(Error::Conflict(format!("{} is not configured in this environment", backend.title())));
    }
    // A client of its own: what was kept open before proves nothing.
    let mut probes =
        vec![Probe { step: Step::Settings, verdict: Verdict::Well("nothing is missing".to_owned()) }];
    match Stores::default().of(app, &environment, backend).await? {
        Ok(store) => probes.extend(store.probe(&environment.path(backend, "keeper", NAME)).await),
        Err(why) => probes[0].verdict = Verdict::Failed(why.to_string()),
    }
    Ok(probes)
}
