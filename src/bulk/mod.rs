//! One act on many secrets: asked for once, worked through one by one, each by the rules and with the rights of whoever asked.
//! What was asked and what became of each secret are rows, so that it goes on after a crash and can be looked at later.
mod input;
mod list;
mod start;
mod work;

pub use input::{Bulk, BulkInput, Kind, MOST};
pub use list::{Counts, Item, ItemState, Operation, counts, find, items};
pub use start::start;
pub use work::work;
