//! Rotations: a new value sealed first, changed at its source where it has one, put in force in one transaction, then copies that are
//! pushed and proved.
mod accept;
mod alone;
mod begin;
mod beside;
mod due;
mod end;
mod input;
mod journal;
mod lease;
mod list;
mod new;
mod next;
mod plans;
mod promote;
mod put;
mod requests;
mod restore;
mod resume;
mod rotate;
mod row;
mod settle;
mod warrant;

pub use accept::{Accept, accept};
pub use alone::rotate_alone;
pub use beside::Beside;
pub use due::{is_by_hand, makes_alone, rotate_due};
pub use input::{Mode, Rotate, RotateInput};
pub use journal::go_on;
pub use lease::next_run;
pub use list::{Filter, ListInput, list, of_secret};
pub use plans::{Change, Planned, change_plan};
pub use promote::{Look, Promote, Promoted, look, may_promote, promote};
pub use put::{Put, rotated};
pub use requests::{
    Outlook, REQUEST_KEYS, Request, Waiting, approve, reject, request, sweep, waiting_for, withdraw,
    wrapped_request_keys,
};
pub use restore::{Restore, restore, roll_back};
pub use resume::{Standing, again, cancel, lead_back, standing, take_over};
pub use rotate::rotate;
pub use row::{Rotation, Step, StepKind, find, steps};
pub use settle::{settle, settle_left};
pub use warrant::Warrant;
