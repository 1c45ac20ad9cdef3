//! What is there now, before something is written: asked like a verification, and nothing is kept of it.
use super::ask::Asking;
use super::row::Finding;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Role};
use crate::domain::error::Result;
use crate::environments::Act;
use crate::secrets;
use crate::sync::Stores;

pub struct Looked {
    pub backend: Backend,
    pub path: String,
    pub finding: Finding,
    pub detail: String,
    /// The number of Keeper's version that was last pushed, if its value is what is there.
    pub holds: Option<i64>,
}

/// Of each copy that Keeper keeps.
pub async fn look(app: &App, stores: &Stores, actor: &Actor, secret_id: i64) -> Result<Vec<Looked>> {
    actor.demand(Role::User, "looking at copies")?;
    let found = secrets::find(app, actor, secret_id).await?;
    found.demand(actor, Act::Rotate)?;
    let value = secrets::open_version(app, &found.secret, found.secret.current_version).await?;
    let asking = Asking::new(app, stores, &found, Some(&value)).await?;
    let (aws, vault) =
        tokio::join!(Box::pin(asking.look(Backend::Aws)), Box::pin(asking.look(Backend::Vault)));
    Ok([aws, vault].into_iter().flatten().collect())
}
