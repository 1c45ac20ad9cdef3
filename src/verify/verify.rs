//! One secret is verified: asked for on its page, or when its turn comes at night.
use super::ask::{Answer, Asking, Depth};
use super::keep::keep;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Backend, Scope};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::secrets::{self, Found};
use crate::sql;
use crate::sync::Stores;

pub async fn verify(app: &App, stores: &Stores, actor: &Actor, secret_id: i64) -> Result<()> {
    verify_at(app, stores, actor, secret_id, (Depth::Whole, &[])).await.map(drop)
}

pub(super) async fn verify_at(
    app: &App,
    stores: &Stores,
    actor: &Actor,
    secret_id: i64,
    (depth, away): (Depth, &[Backend]),
) -> Result<Vec<Answer>> {
    let seen = secrets::find(app, actor, secret_id).await?;
    demand(app, actor, &seen).await?;
    let value = match depth {
        Depth::Whole => Some(secrets::open_version(app, &seen.secret, seen.secret.current_version).await?),
        Depth::Glance => None,
    };
    let answers = Asking::new(app, stores, &seen, value.as_ref()).await?.all(depth, away).await;
    drop(value);
    if answers.is_empty() {
        let why = "there is nothing to verify: it is changed at no source, and has no copies";
        return Err(Error::Conflict(why.into()));
    }
    keep(app, actor, &seen, &answers).await?;
    Ok(answers)
}

async fn demand(app: &App, actor: &Actor, seen: &Found) -> Result<()> {
    seen.place.demand_under(Scope::SecretsSync, actor, Act::Rotate, seen.secret.secrecy_level)?;
    if !seen.secret.is_active || !seen.place.environment.is_active {
        return Err(Error::Conflict("what is switched off is not verified: switch it on first".into()));
    }
    let running =
        sql!("SELECT COUNT(*) FROM rotations WHERE secret_id = ? AND status = 'running'", seen.secret.id);
    if app.db.read().await?.number(running).await? > 0 {
        return Err(Error::Conflict(
            "a rotation is under way, and proves its value by itself: verify when it has ended".into(),
        ));
    }
    Ok(())
}

/// Is there anything besides Keeper that has its value? For whoever may see it.
pub async fn has_places(app: &App, secret_id: i64) -> Result<bool> {
    let query = sql!(
        "SELECT (SELECT COUNT(*) FROM secret_sources WHERE secret_id = ?) + (SELECT COUNT(*) FROM copies WHERE secret_id = ?)",
        secret_id,
        secret_id
    );
    Ok(app.db.read().await?.number(query).await? > 0)
}
