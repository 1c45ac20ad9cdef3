//! Rotations: a new value in one transaction, then copies that are pushed and proved.
mod due;
mod input;
mod list;
mod promote;
mod put;
mod restore;
mod rotate;
mod row;
mod settle;

pub use due::{makes_alone, rotate_due};
pub use input::{Mode, NewValue, Rotate, RotateInput};
pub use list::{Filter, list, of_secret};
pub use promote::{Look, Promote, Promoted, look, may_promote, promote};
pub use put::{Put, rotated};
pub use restore::{Restore, restore};
pub use rotate::rotate;
pub use row::{Rotation, Step, find, steps};
pub use settle::settle;
