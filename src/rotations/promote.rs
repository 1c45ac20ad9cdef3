//! Promoting a value from one environment to the next, without anybody seeing it: a new version there, or a new secret with the
//! same metadata. The rules of both sides hold: the right to reveal here, the right to change there, and never to a weaker place.
use super::input::Mode;
use super::put::{Put, moved};
use super::requests::{Wanted, ask};
use super::warrant::{Warrant, warrant};
use crate::app::App;
use crate::audit::{self, Event};
use crate::crypto::generate::Generated;
use crate::db::Tx;
use crate::domain::actor::Actor;
use crate::domain::enums::{SecrecyLevel, Stage};
use crate::domain::error::{Error, Result};
use crate::domain::names::SecretName;
use crate::domain::plaintext::Plaintext;
use crate::environments::{self, Act, Environment, Place, Verdict};
use crate::kit::clock::Utc;
use crate::secrets::{self, CreateSecret, EditSecret, Found, Likeness, NewValue, NewVersion, Ready, Version};
use crate::{sources, tx};

pub struct Promote {
    /// The environment.
    pub to: i64,
    /// The version that was looked at.
    pub number: i64,
    pub reason: String,
    /// Past the approval that the environment there asks for.
    pub breaks_glass: bool,
    /// Of the secret there; 0: there was none.
    pub row_version: i64,
}

/// What somebody who wants to promote is looking at.
pub struct Look {
    pub source: Found,
    pub value: Version,
    pub target: Place,
    pub there: Option<(Found, Version)>,
}

pub enum Promoted {
    /// The rotation, whose page tells how its copies fare.
    Changed(i64),
    /// The new secret.
    Created(i64),
}

/// May this actor promote a secret of that level from here to there? `there` is the level of the secret that is there already.
pub fn may_promote(
    actor: &Actor,
    from: &Place,
    level: SecrecyLevel,
    to: &Place,
    there: Option<SecrecyLevel>,
) -> Verdict {
    let (source, target) = (&from.environment, &to.environment);
    if source.id == target.id {
        return Verdict::No("it is the same environment");
    }
    if strictness(target) < strictness(source) {
        return Verdict::No("a value never goes to a weaker stage: more people could read it there");
    }
    if there.is_some_and(|there| there < level) {
        return Verdict::No("the secret there has a lower secrecy level: more people could read the value");
    }
    match from.may(actor, Act::Reveal, level) {
        Verdict::Yes => to.may(actor, change(there), there.unwrap_or(level)),
        no @ Verdict::No(_) => no,
    }
}

fn strictness(environment: &Environment) -> (bool, Stage) {
    (environment.is_production, environment.stage)
}

fn change(there: Option<SecrecyLevel>) -> Act {
    if there.is_some() { Act::Rotate } else { Act::Change }
}

impl Look {
    fn level(&self) -> SecrecyLevel {
        self.source.secret.secrecy_level
    }

    fn level_there(&self) -> Option<SecrecyLevel> {
        self.there.as_ref().map(|(found, _)| found.secret.secrecy_level)
    }

    fn demand(&self, actor: &Actor) -> Result<()> {
        match may_promote(actor, &self.source.place, self.level(), &self.target, self.level_there()) {
            Verdict::Yes => Ok(()),
            Verdict::No(why) => Err(Error::Forbidden(why.to_owned())),
        }
    }

    /// Asked when the form is opened.
    pub fn demand_proof_to_open(&self, actor: &Actor, now: Utc) -> Result<()> {
        let (level, there) = (self.level(), self.level_there());
        self.source.place.demand_proof_to_open(actor, Act::Reveal, level, now)?;
        self.target.demand_proof_to_open(actor, change(there), there.unwrap_or(level), now)
    }

    fn demand_proof_to_send(&self, actor: &Actor, now: Utc) -> Result<()> {
        let (level, there) = (self.level(), self.level_there());
        self.source.place.demand_proof_to_send(actor, Act::Reveal, level, now)?;
        self.target.demand_proof_to_send(actor, change(there), there.unwrap_or(level), now)
    }

    pub fn likeness(&self) -> Option<Likeness> {
        self.there.as_ref().map(|(_, version)| Likeness::of(self.value.digest(), version.digest()))
    }

    fn demand_worth(&self) -> Result<()> {
        let conflict = |why: &str| Err(Error::Conflict(why.to_owned()));
        if !self.source.secret.is_active {
            return conflict("this secret is deactivated: restore it before you promote its value");
        }
        match &self.there {
            Some((found, _)) if !found.secret.is_active => {
                conflict("a deactivated secret has this name there: restore it first")
            }
            Some(_) if self.likeness() == Some(Likeness::Equal) => {
                conflict("the secret there holds the same value already: there is nothing to promote")
            }
            _ => Ok(()),
        }
    }
}

/// Both sides as they are now. Refuses when the rules of either do.
pub async fn look(app: &App, actor: &Actor, secret_id: i64, to: i64) -> Result<Look> {
    let source = secrets::find(app, actor, secret_id).await?;
    let target = environments::enter(app, actor, to).await?;
    let value = secrets::version(app, secret_id, source.secret.current_version).await?;
    let mut conn = app.db.read().await?;
    let named = secrets::find_named(&mut conn, &target, &source.secret.name, false).await?;
    drop(conn);
    let there = match named {
        Some(found) => {
            let version = secrets::version(app, found.secret.id, found.secret.current_version).await?;
            Some((found, version))
        }
        None => None,
    };
    let look = Look { source, value, target, there };
    look.demand(actor)?;
    Ok(look)
}

pub async fn promote(app: &App, actor: &Actor, secret_id: i64, wish: &Promote) -> Result<Promoted> {
    let seen = look(app, actor, secret_id, wish.to).await?;
    seen.demand_proof_to_send(actor, app.now())?;
    let reason = secrets::reason(&wish.reason, true)?;
    seen.demand_worth()?;
    let row_version = seen.there.as_ref().map_or(0, |(found, _)| found.secret.row_version);
    if seen.value.number != wish.number || row_version != wish.row_version {
        return Err(moved());
    }
    let value = secrets::open_version(app, &seen.source.secret, wish.number).await?;
    let warrant = match &seen.there {
        Some((found, _)) => warrant(actor, found, wish.breaks_glass)?,
        None => Some(Warrant::Own),
    };
    let Some(warrant) = warrant else { return request(app, actor, &seen, value, &reason).await };
    let sealed = seal(app, &seen, value, &reason).await?;
    let done = tx!(app.db, |tx| {
        let target = environments::enter_in(tx, actor, wish.to).await?;
        let named = secrets::find_named(tx, &target, &seen.source.secret.name, true).await?;
        // Read after the lock; its version is checked, so that what was sealed is what is in force there now.
        let source = secrets::find_beside(tx, actor, secret_id).await?;
        let level = source.secret.secrecy_level;
        let there = named.as_ref().map(|found| found.secret.secrecy_level);
        if let Verdict::No(why) = may_promote(actor, &source.place, level, &target, there) {
            return Err(Error::Forbidden(why.to_owned()));
        }
        if source.secret.current_version != wish.number {
            return Err(moved());
        }
        match (&sealed, named) {
            (Sealed::Version(version), Some(found)) => {
                let put = Put { warrant, ..Put::own(Mode::Promoted, &reason) };
                put.warrant.demand(app, tx, actor, &found).await?;
                let id = put.store(tx, app.now(), actor, &found, (version, wish.row_version)).await?;
                put.warrant.used(app, tx, actor, &found, (Some(id), &reason)).await?;
                record(
                    app,
                    tx,
                    actor,
                    (&source, wish.number),
                    (&found.label(), &target, found.secret.id, version.number),
                    &reason,
                )
                .await?;
                Ok(Promoted::Changed(id))
            }
            (Sealed::Secret(ready), None) => {
                let id = secrets::insert(app, tx, actor, &target.environment, ready).await?;
                let label = format!("{}/{}", target.environment.name, source.secret.name);
                record(app, tx, actor, (&source, wish.number), (&label, &target, id, 1), &reason).await?;
                Ok(Promoted::Created(id))
            }
            _ => Err(moved()),
        }
    });
    app.jobs.notify_waiters();
    done
}

/// Where another person has to approve it: by then it is the value as it was now.
async fn request(app: &App, actor: &Actor, seen: &Look, value: Plaintext, reason: &str) -> Result<Promoted> {
    let Some((there, _)) = &seen.there else { return Err(moved()) };
    sources::demand_value_only(&mut app.db.read().await?, &[&there.secret]).await?;
    let given = Generated { value, public: seen.value.public_half.clone() };
    ask(app, actor, there, Wanted::Given(given), (Mode::Promoted, reason), &()).await.map(Promoted::Changed)
}

enum Sealed {
    Version(NewVersion),
    Secret(Box<Ready>),
}

async fn seal(app: &App, seen: &Look, value: Plaintext, reason: &str) -> Result<Sealed> {
    let source = &seen.source.secret;
    let half = seen.value.public_half.clone();
    let Some((there, _)) = &seen.there else {
        let name = SecretName::parse(&source.name).map_err(|problem| Error::broken(problem.to_string()))?;
        let fields = EditSecret::like(source, app.now(), reason)?;
        let value = NewValue::Typed(value);
        let new = CreateSecret { environment_id: seen.target.environment.id, name, value, fields };
        let ready = secrets::prepare(app, new).await?.with_public_half(half);
        return Ok(Sealed::Secret(Box::new(ready)));
    };
    let secret = &there.secret;
    let to = secret.last_version() + 1;
    let version = secrets::seal_version(app, &secret.uid, secret.environment_id, to, &value).await?;
    Ok(Sealed::Version(version.with_public_half(half)))
}

/// One event on each side: where the value came from, and where it went.
async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (source, number): (&Found, i64),
    (label, target, id, to): (&str, &Place, i64, i64),
    reason: &str,
) -> Result<()> {
    let there = Event::new("secret.promoted", label)
        .environment(target.environment.id)
        .secret(id)
        .with("from", source.label())
        .with("from_version", number)
        .with("version", to)
        .with("reason", reason);
    let here = Event::new("secret.promoted", source.label())
        .environment(source.secret.environment_id)
        .secret(source.secret.id)
        .with("to", label)
        .with("to_version", to)
        .with("version", number)
        .with("reason", reason);
    audit::record(app, tx, actor, there).await?;
    audit::record(app, tx, actor, here).await.map(|_| ())
}
