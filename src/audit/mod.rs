//! The audit log: append-only, chained, keyed. `record` is called inside the transaction of what it tells of.
mod anchor;
mod chain;
mod event;
mod glance;
mod input;
mod list;
pub mod once;
mod verify;

pub use anchor::anchor;
pub use chain::{record, record_all};
pub use event::Event;
pub use glance::{Glance, glance};
pub use input::ListInput;
pub use list::{Filter, Line, by_day, list};
pub use verify::{Finding, Report, verify};
