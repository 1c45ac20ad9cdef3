//! Deciding on a request: another manager or admin approves or rejects it, and whoever asked may withdraw it.
use super::close::{close, decided, forget};
use super::row::{Outlook, Request, Waiting, held, request, waits_for_nobody};
use crate::app::App;
use crate::audit;
use crate::crypto::generate::Generated;
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::enums::{RotationStatus, Scope};
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::environments::{self, Act, Way};
use crate::people::services;
use crate::rotations;
use crate::rotations::begin::change;
use crate::rotations::plans;
use crate::rotations::put::Put;
use crate::rotations::settle::event;
use crate::rotations::warrant::Warrant;
use crate::secrets::{self, Found};
use crate::{sql, tx};

/// The change is made as it was asked for, in the name of whoever asked.
pub async fn approve(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let (waiting, seen) = look(app, actor, id).await?;
    demand(app, actor, &seen, &waiting)?;
    demand_good(app, &seen, &waiting)?;
    let asker = asker(app, &seen, &waiting).await?;
    if let Some(wish) = &waiting.request.wish {
        return plans::approve(app, actor, &seen, (&waiting, &asker, wish)).await;
    }
    let value = value(app, &seen, &waiting.request).await?;
    let put = Put {
        mode: waiting.rotation.mode.parse().map_err(Error::broken)?,
        reason: &waiting.rotation.reason,
        former: waiting.request.former,
        warrant: Warrant::Request { waiting: &waiting, asker: &asker },
    };
    change(app, actor, &seen, value, (&put, &())).await.map(drop)
}

pub async fn reject(app: &App, actor: &Actor, id: i64, why: &str) -> Result<()> {
    let (waiting, seen) = look(app, actor, id).await?;
    demand(app, actor, &seen, &waiting)?;
    let why = secrets::reason(why, true)?;
    end(app, actor, &waiting, (RotationStatus::Rejected, &why)).await
}

pub async fn withdraw(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let (waiting, _) = look(app, actor, id).await?;
    actor.demand_scope(Scope::SecretsRotate)?;
    if !waiting.rotation.is_of(actor) {
        return Err(Error::Forbidden("only whoever asked withdraws a request".into()));
    }
    end(app, actor, &waiting, (RotationStatus::Withdrawn, "")).await
}

async fn look(app: &App, actor: &Actor, id: i64) -> Result<(Waiting, Found)> {
    let rotation = rotations::find(app, actor, id).await?;
    let seen = secrets::find(app, actor, rotation.secret_id).await?;
    let waiting = request(app, &rotation).await?;
    Ok((waiting.ok_or_else(waits_for_nobody)?, seen))
}

fn demand(app: &App, actor: &Actor, seen: &Found, waiting: &Waiting) -> Result<()> {
    let level = seen.secret.secrecy_level;
    seen.place.demand_decider(actor, waiting.rotation.actor_id, level)?;
    seen.place.demand_proof_to_send(actor, Act::Rotate, level, app.now())
}

fn demand_good(app: &App, found: &Found, waiting: &Waiting) -> Result<()> {
    match waiting.outlook(&found.secret, app.now()) {
        Outlook::Open => Ok(()),
        Outlook::Void => Err(Error::Conflict(
            "the secret has changed since this was asked for: it has to be asked for anew".into(),
        )),
        Outlook::Expired => {
            Err(Error::Conflict("this request has expired: it has to be asked for anew".into()))
        }
        Outlook::Decided => Err(decided()),
    }
}

/// Whoever asked, as they are now: what they may not ask for any more is not done in their name.
async fn asker(app: &App, seen: &Found, waiting: &Waiting) -> Result<Actor> {
    let rotation = &waiting.rotation;
    let gone = || {
        let name = &rotation.actor_name;
        Error::Conflict(format!(
            "{name} may not ask for this any more: reject it, or rotate the secret yourself"
        ))
    };
    let id = rotation.actor_id.ok_or_else(gone)?;
    let asker = services::as_now(app, (id, &rotation.actor_name), rotation.created_at).await?;
    let asker = asker.ok_or_else(gone)?;
    let place = environments::enter(app, &asker, rotation.environment_id).await.map_err(|_| gone())?;
    match place.way(&asker, seen.secret.secrecy_level) {
        Way::No(_) => Err(gone()),
        _ => Ok(asker),
    }
}

/// What was asked for: opened, or made.
async fn value(app: &App, seen: &Found, request: &Request) -> Result<Generated> {
    if let Some(policy) = request.policy()? {
        return policy.make_aside(&app.chance).await;
    }
    if let Some(number) = request.former {
        let value = secrets::open_version(app, &seen.secret, number).await?;
        let public = secrets::version(app, seen.secret.id, number).await?.public_half;
        return Ok(Generated { value, public });
    }
    Ok(Generated { value: open(app, seen, request).await?, public: request.public_half.clone() })
}

async fn open(app: &App, seen: &Found, request: &Request) -> Result<Plaintext> {
    let query = sql!(
        "SELECT ciphertext, nonce, wrapped_key, key_id FROM rotation_requests WHERE rotation_id = ? AND ciphertext IS NOT NULL",
        request.rotation_id
    );
    let sealed: Sealed = app.db.read().await?.maybe(query).await?.ok_or_else(decided)?;
    let secret = &seen.secret;
    let context =
        Context::Request { uid: &request.uid, secret: &secret.uid, environment_id: secret.environment_id };
    seal::open(&app.kms, &context, &sealed).await
}

/// Inside the unit that makes the change, on what is stored now. The caller holds the secret.
pub(in crate::rotations) async fn demand_open(
    app: &App,
    conn: &mut Conn,
    actor: &Actor,
    found: &Found,
    waiting: &Waiting,
) -> Result<()> {
    found.place.demand_decider(actor, waiting.rotation.actor_id, found.secret.secrecy_level)?;
    demand_good(app, found, &held(conn, waiting.rotation.id).await?)
}

/// The same unit: what was sealed for the request is a version now.
pub(in crate::rotations) async fn approved(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    waiting: &Waiting,
) -> Result<()> {
    forget(tx, app.now(), actor, waiting.rotation.id, "").await?;
    let event = event("rotation.approved", &waiting.rotation, found)
        .with("requested_by", waiting.rotation.actor_name.as_str());
    audit::record(app, tx, actor, event).await.map(drop)
}

async fn end(
    app: &App,
    actor: &Actor,
    waiting: &Waiting,
    (status, why): (RotationStatus, &str),
) -> Result<()> {
    tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, waiting.rotation.secret_id).await?;
        let held = held(tx, waiting.rotation.id).await?;
        close(app, tx, actor, &found, (&held, status, why)).await
    })
}
