//! Who may do what with a source, and what it asks for. A source carries an administrator's password: what holds for changing a
//! restricted secret of its environment holds for it, and an admin is needed.
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, SecrecyLevel};
use crate::domain::error::Result;
use crate::environments::{Act, Place, Verdict};
use crate::secrets;

const LEVEL: SecrecyLevel = SecrecyLevel::Restricted;

pub(super) fn demand(app: &App, actor: &Actor, place: &Place, why: &str) -> Result<()> {
    demand_admin(actor)?;
    place.demand(actor, Act::Change, LEVEL)?;
    place.demand_proof_to_send(actor, Act::Change, LEVEL, app.now())?;
    secrets::reason(why, asks_reason(place)).map(|_| ())
}

/// The same before a form is shown.
pub fn demand_to_open(app: &App, actor: &Actor, place: &Place) -> Result<()> {
    demand_admin(actor)?;
    place.demand(actor, Act::Change, LEVEL)?;
    place.demand_proof_to_open(actor, Act::Change, LEVEL, app.now())
}

pub(super) fn demand_admin(actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "a source of passwords")
}

/// Of the first user's password the secret's value is the proof. Of the second one's there is none, and a rotation takes it over.
pub(super) fn demand_second(actor: &Actor) -> Result<()> {
    actor.demand(Role::Admin, "naming a second user")
}

/// Add, change, rehearse, delete.
pub fn may_change(actor: &Actor, place: &Place) -> bool {
    demand_admin(actor).is_ok() && place.may(actor, Act::Change, LEVEL) == Verdict::Yes
}

/// What changes nothing is done in an environment that rests, too.
pub fn may_check(actor: &Actor) -> bool {
    demand_admin(actor).is_ok()
}

pub fn may_name_second(actor: &Actor) -> bool {
    demand_second(actor).is_ok()
}

pub fn asks_reason(place: &Place) -> bool {
    place.asks(Act::Change, LEVEL).reason
}
