//! Data of an older release, brought into the form that this one reads: what is too long for one statement of a schema's script, or has
//! its rule in a feature. It goes some hundred rows at a time behind a key, and each time the rows and the place that they end at are one
//! unit. So it may be killed anywhere and goes on by itself, and one process does it at a time. `keeper migrate up` works it through;
//! otherwise the worker of `keeper serve` does, while the console is open already.
mod list;
mod row;
mod work;

pub use crate::lease::Step;
pub use list::DataMigration;
pub use row::{Progress, progress};
pub use work::work;
