//! Whose door is open, and who may do what behind it: the one place that decides, for every door of the house
//! and for the page that explains it.
use super::row::{Environment, Row, select};
use crate::app::App;
use crate::db::{Conn, Value};
use crate::domain::actor::{Actor, PROOF_TO_OPEN, PROOF_TO_SEND};
use crate::domain::enums::{Access, Role, Scope, SecrecyLevel};
use crate::domain::error::{Error, Result};
use crate::kit::clock::Utc;
use time::Duration;

/// An environment as one actor stands before it.
#[derive(Debug, Clone)]
pub struct Place {
    pub environment: Environment,
    pub is_member: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Reveal,
    /// See a value without being a member, in an emergency.
    RevealByGlass,
    /// Create, edit, deactivate.
    Change,
    Rotate,
    /// What cannot be undone: destroy a version, purge a secret.
    Destroy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    No(&'static str),
}

/// How somebody comes to have a value changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By themselves.
    Direct,
    /// By a request that another person approves, and why.
    Ask(&'static str),
    No(&'static str),
}

/// A decision and why it fell so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub is_allowed: bool,
    pub why: &'static str,
}

/// What an act asks for beside the right to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    pub reason: bool,
    pub proof: bool,
}

impl Act {
    /// What a token needs for it. `None`: no scope reaches it.
    fn scope(self) -> Option<Scope> {
        match self {
            Self::Reveal => Some(Scope::SecretsReveal),
            Self::Change => Some(Scope::SecretsWrite),
            Self::Rotate => Some(Scope::SecretsRotate),
            Self::RevealByGlass | Self::Destroy => None,
        }
    }

    /// Why this actor may not, whatever the place.
    fn barred(self, actor: &Actor) -> Option<&'static str> {
        match (actor, self.scope()) {
            (Actor::Service(_), None) => Some("this is done in person: no scope of a token reaches it"),
            (Actor::Service(_), Some(scope)) if !actor.has_scope(scope) => Some(scope.lacking()),
            _ => None,
        }
    }
}

impl Place {
    /// How somebody else stands before an environment, for the page that explains it.
    pub fn of(environment: Environment, is_member: bool) -> Self {
        Self { environment, is_member }
    }

    fn new(row: Row) -> Self {
        Self { environment: row.environment, is_member: row.member_id.is_some() }
    }

    /// Metadata: everybody whose door is open, and admins. A service account besides only where it is meant for.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let is_open =
            self.environment.access == Access::Open || self.is_member || actor.role() == Role::Admin;
        is_open && actor.reaches(self.environment.id)
    }

    pub fn may(&self, actor: &Actor, act: Act, level: SecrecyLevel) -> Verdict {
        if let Some(why) = act.barred(actor) {
            return Verdict::No(why);
        }
        let judged = self.judge(actor, act, level);
        if judged.is_allowed { Verdict::Yes } else { Verdict::No(judged.why) }
    }

    /// The decision with its reason, whichever way it goes: what is enforced and what is explained are one. What a token is for
    /// does not come into it.
    pub fn judge(&self, actor: &Actor, act: Act, level: SecrecyLevel) -> Judgement {
        let environment = &self.environment;
        let no = |why| Judgement { is_allowed: false, why };
        if !environment.is_active && !matches!(act, Act::Reveal | Act::RevealByGlass) {
            return no("the environment is deactivated: it is read only");
        }
        if !actor.is_bound_by_roles() {
            return Judgement { is_allowed: true, why: "the operator of the machine, or Keeper itself" };
        }
        if act == Act::Reveal && environment.access == Access::Members && !self.is_member {
            return no("only members reveal values here: an admin adds members on the environment's page");
        }
        if act == Act::RevealByGlass && actor.role() < Role::Admin {
            return no("without being a member only an admin sees a value here, by breaking the glass");
        }
        match actor.role() {
            Role::User if environment.is_production => no("in production this takes a manager or an admin"),
            Role::User if act == Act::Destroy => no("what cannot be undone takes a manager or an admin"),
            Role::User if level == SecrecyLevel::Restricted => {
                no("restricted secrets take a manager or an admin")
            }
            role => Judgement { is_allowed: true, why: self.right_of(role) },
        }
    }

    fn right_of(&self, role: Role) -> &'static str {
        match (role, self.is_member, self.environment.access) {
            (Role::User, true, _) => "a member; up to confidential, outside production, a user is enough",
            (Role::User, false, _) => {
                "the door is open; up to confidential, outside production, a user is enough"
            }
            (Role::Manager, true, _) => "a member, and a manager",
            (Role::Manager, false, _) => "the door is open, and a manager reaches every level",
            (Role::Admin, true, _) => "a member, and an admin",
            (Role::Admin, false, Access::Open) => "the door is open, and an admin reaches every level",
            (Role::Admin, false, Access::Members) => "an admin, who is no member",
        }
    }

    /// Whether a change of a value happens at once, waits for another person, or is not to be had at all.
    pub fn way(&self, actor: &Actor, level: SecrecyLevel) -> Way {
        let environment = &self.environment;
        if let Some(why) = Act::Rotate.barred(actor) {
            return Way::No(why);
        }
        let judged = self.judge(actor, Act::Rotate, level);
        match (judged.is_allowed, actor.is_bound_by_roles()) {
            (true, true) if environment.needs_approval => {
                Way::Ask("in this environment a change of a value waits for another person")
            }
            (true, _) => Way::Direct,
            (false, true) if environment.is_active && environment.is_production => {
                Way::Ask("in production a user’s change of a value waits for a manager or an admin")
            }
            (false, _) => Way::No(judged.why),
        }
    }

    /// Whether a change waits for another person here.
    pub fn waits(&self, actor: &Actor, level: SecrecyLevel) -> bool {
        matches!(self.way(actor, level), Way::Ask(_))
    }

    /// Who may act may break the glass, but a user.
    pub fn demand_glass(&self, actor: &Actor, level: SecrecyLevel) -> Result<()> {
        self.demand(actor, Act::Rotate, level)?;
        actor.demand(Role::Manager, "breaking the glass")
    }

    /// Another person decides on a request, and never a user.
    pub fn demand_decider(&self, actor: &Actor, asker: Option<i64>, level: SecrecyLevel) -> Result<()> {
        if asker.is_some() && asker == actor.id() {
            return Err(Error::Forbidden("nobody approves their own request".into()));
        }
        self.demand_under(Scope::RotationsApprove, actor, Act::Rotate, level)?;
        actor.demand_with(Scope::RotationsApprove, Role::Manager, "deciding on a request")
    }

    /// Refuses with the reason that `may` gives.
    pub fn demand(&self, actor: &Actor, act: Act, level: SecrecyLevel) -> Result<()> {
        match self.may(actor, act, level) {
            Verdict::Yes => Ok(()),
            Verdict::No(why) => Err(Error::Forbidden(why.to_owned())),
        }
    }

    /// The right to an act, for what has a scope of its own.
    pub fn demand_under(&self, scope: Scope, actor: &Actor, act: Act, level: SecrecyLevel) -> Result<()> {
        actor.demand_scope(scope)?;
        let judged = self.judge(actor, act, level);
        if judged.is_allowed { Ok(()) } else { Err(Error::Forbidden(judged.why.to_owned())) }
    }

    pub fn asks(&self, act: Act, level: SecrecyLevel) -> Asks {
        let grave = match act {
            Act::Reveal => level == SecrecyLevel::Restricted,
            Act::Change | Act::Rotate => self.environment.is_production,
            Act::Destroy | Act::RevealByGlass => true,
        };
        Asks { reason: grave, proof: grave }
    }

    /// Asked when a form is opened.
    pub fn demand_proof_to_open(&self, actor: &Actor, act: Act, level: SecrecyLevel, now: Utc) -> Result<()> {
        self.demand_proof(actor, act, level, now, PROOF_TO_OPEN)
    }

    /// Asked when it is sent.
    pub fn demand_proof_to_send(&self, actor: &Actor, act: Act, level: SecrecyLevel, now: Utc) -> Result<()> {
        self.demand_proof(actor, act, level, now, PROOF_TO_SEND)
    }

    fn demand_proof(
        &self,
        actor: &Actor,
        act: Act,
        level: SecrecyLevel,
        now: Utc,
        age: Duration,
    ) -> Result<()> {
        if self.asks(act, level).proof { actor.demand_proof(now, age) } else { Ok(()) }
    }
}

/// The environment, or `NotFound`: a closed door and no door look the same.
pub async fn enter(app: &App, actor: &Actor, id: i64) -> Result<Place> {
    enter_in(&mut app.db.read().await?, actor, id).await
}

/// The same inside a unit of writing, on what is stored now.
pub async fn enter_in(conn: &mut Conn, actor: &Actor, id: i64) -> Result<Place> {
    let mut query = select(actor.id());
    query.push(" AND e.id = ?", [Value::from(id)]);
    let place = Place::new(conn.one(query).await?);
    if place.is_visible_to(actor) { Ok(place) } else { Err(Error::NotFound) }
}

/// Of which environments somebody who may read the audit log reads it. `None`: the whole log, with what belongs to no environment.
pub fn log_within(actor: &Actor, places: &[Place]) -> Option<Vec<i64>> {
    let is_bounded = matches!(actor, Actor::Service(service) if service.environments.is_some());
    let is_whole = actor.role() == Role::Admin && !is_bounded;
    (!is_whole).then(|| places.iter().map(|place| place.environment.id).collect())
}

/// Every environment whose metadata the actor may see, by name.
pub async fn visible(app: &App, actor: &Actor) -> Result<Vec<Place>> {
    let mut query = select(actor.id());
    query.push(" ORDER BY e.name", []);
    let rows: Vec<Row> = app.db.read().await?.all(query).await?;
    Ok(rows.into_iter().map(Place::new).filter(|place| place.is_visible_to(actor)).collect())
}

/// The same for whoever has not looked around yet, with the right to read it.
pub async fn audited(app: &App, actor: &Actor) -> Result<Option<Vec<i64>>> {
    actor.demand_with(Scope::AuditRead, Role::Manager, "reading the audit log")?;
    Ok(log_within(actor, &visible(app, actor).await?))
}
