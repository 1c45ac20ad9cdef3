//! Asking for a change of a value that another person has to approve.
use super::row::{Outlook, held};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::generate::{Generated, Policy};
use crate::crypto::seal::{self, Context, Sealed};
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::RotationStatus;
use crate::domain::error::{Error, Result};
use crate::environments::Way;
use crate::kit::clock::Utc;
use crate::rotations::beside::Beside;
use crate::rotations::input::Mode;
use crate::rotations::put::{demand_active, demand_unmoved};
use crate::secrets::{self, Found, Secret};
use crate::{sources, sql, tx};
use time::Duration;

/// Nobody has to decide on something that was forgotten.
const OPEN_FOR: Duration = Duration::days(7);
const LONGEST_SUMMARY: usize = 2000;

/// The value that is asked for.
pub enum Wanted {
    /// Typed, or of another environment.
    Given(Generated),
    /// Keeper makes it when it is approved.
    Made(Policy),
    /// The number of a former version.
    Former(i64),
    /// None: how the secret is rotated changes.
    Plan { wish: String, summary: String },
}

/// What is stored of it.
#[derive(Default)]
struct Held {
    policy: Option<String>,
    former: Option<i64>,
    wish: Option<String>,
    summary: String,
    digest: Option<Vec<u8>>,
    length: Option<i64>,
    public_half: Option<String>,
    sealed: Option<Sealed>,
}

/// Gives the id of the rotation, whose page tells what becomes of it.
pub async fn ask(
    app: &App,
    actor: &Actor,
    seen: &Found,
    wanted: Wanted,
    (mode, reason): (Mode, &str),
    beside: &impl Beside,
) -> Result<i64> {
    // Before anybody is troubled with it.
    demand_fit(app, seen, &wanted).await?;
    let uid = hex::encode(app.chance.bytes::<16>()?);
    let held = hold(app, seen, &uid, wanted).await?;
    tx!(app.db, |tx| {
        let found = secrets::find_locked(tx, actor, seen.secret.id).await?;
        if !matches!(found.demand_way(actor)?, Way::Ask(_)) {
            return Err(Error::Conflict("by now this needs nobody’s approval: look at it again".into()));
        }
        demand_unmoved(&found.secret, seen.secret.row_version)?;
        demand_active(&found.secret)?;
        secrets::demand_settled(tx, &[&found.secret]).await?;
        demand_first(tx, actor, &found.secret, app.now()).await?;
        let id = store(app, tx, actor, &found, (mode, reason)).await?;
        store_held(app, tx, (id, &uid), found.secret.row_version, &held).await?;
        beside.store(tx, id).await?;
        let event = Event::new("rotation.requested", found.label())
            .environment(found.secret.environment_id)
            .secret(found.secret.id)
            .with("rotation", id)
            .with("mode", mode.as_str());
        let event = held.former.into_iter().fold(event, |event, former| event.with("version", former));
        audit::record(app, tx, actor, event.with("reason", reason)).await?;
        Ok(id)
    })
}

/// What the source would refuse is refused now.
async fn demand_fit(app: &App, seen: &Found, wanted: &Wanted) -> Result<()> {
    let Wanted::Given(given) = wanted else { return Ok(()) };
    let Some(strategy) = sources::strategy(app, seen.secret.id).await? else { return Ok(()) };
    let current = secrets::open_version(app, &seen.secret, seen.secret.current_version).await?;
    strategy.check(&strategy.turn(&current, &given.value)?.value)
}

/// Before the unit: it may ask a KMS across the network.
async fn hold(app: &App, seen: &Found, uid: &str, wanted: Wanted) -> Result<Held> {
    let secret = &seen.secret;
    match wanted {
        Wanted::Made(policy) => Ok(Held { policy: Some(policy.to_string()), ..Held::default() }),
        Wanted::Plan { wish, summary } => {
            let summary = summary.chars().take(LONGEST_SUMMARY).collect();
            Ok(Held { wish: Some(wish), summary, ..Held::default() })
        }
        Wanted::Former(number) => {
            let version = secrets::version(app, secret.id, number).await?;
            let (digest, length) = (Some(version.digest), Some(version.length));
            Ok(Held { former: Some(number), digest, length, ..Held::default() })
        }
        Wanted::Given(Generated { value, public }) => {
            let context =
                Context::Request { uid, secret: &secret.uid, environment_id: secret.environment_id };
            Ok(Held {
                digest: Some(app.keys()?.digest(&value).as_bytes().to_vec()),
                length: Some(i64::try_from(value.len()).map_err(Error::broken)?),
                public_half: public,
                sealed: Some(seal::seal(&app.kms, &app.chance, &context, &value).await?),
                ..Held::default()
            })
        }
    }
}

/// One of each person for each secret: whoever changes their mind withdraws the first. One that nobody can approve any more is in
/// nobody's way.
async fn demand_first(tx: &mut Tx, actor: &Actor, secret: &Secret, now: Utc) -> Result<()> {
    let query = sql!(
        "SELECT id FROM rotations WHERE secret_id = ? AND status = ? AND actor_id = ?",
        secret.id,
        RotationStatus::AwaitingApproval,
        actor.id()
    );
    for (id,) in tx.all::<(i64,)>(query).await? {
        if held(tx, id).await?.outlook(secret, now) == Outlook::Open {
            return Err(Error::Conflict(format!(
                "your request {id} for this secret still waits: withdraw it before you ask for something else"
            )));
        }
    }
    Ok(())
}

async fn store(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    (mode, reason): (Mode, &str),
) -> Result<i64> {
    let (now, secret) = (app.now(), &found.secret);
    tx.insert(sql!(
        "INSERT INTO rotations (secret_id, environment_id, status, mode, reason, actor_id, actor_name, from_version, row_version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        secret.id, secret.environment_id, RotationStatus::AwaitingApproval, mode.as_str(), reason, actor.id(), actor.name(), secret.current_version, now, now
    ))
    .await
}

async fn store_held(
    app: &App,
    tx: &mut Tx,
    (rotation, uid): (i64, &str),
    row_version: i64,
    held: &Held,
) -> Result<()> {
    let now = app.now();
    let sealed = held.sealed.as_ref();
    tx.insert(sql!(
        "INSERT INTO rotation_requests (rotation_id, uid, seen_row_version, policy, former, wish, summary, digest, length, public_half, ciphertext, nonce, wrapped_key, key_id, expires_at, remark, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
        rotation, uid, row_version, held.policy.clone(), held.former, held.wish.clone(), &held.summary, held.digest.clone(), held.length, held.public_half.clone(),
        sealed.map(|s| s.ciphertext.clone()), sealed.map(|s| s.nonce.clone()), sealed.map(|s| s.wrapped_key.clone()), sealed.map(|s| s.key_id.clone()),
        now.plus(OPEN_FOR), now, now
    ))
    .await
    .map(drop)
}
