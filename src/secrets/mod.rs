//! Secrets and their versions: list, create, edit, reveal. The value is sealed before the transaction that stores it.
mod active;
mod create;
mod edit;
mod fill;
mod find;
mod input;
mod list;
mod reveal;
mod row;
mod search;
mod status;
mod tallies;
mod versions;

pub use active::set_active;
pub use create::create;
pub use edit::edit;
pub use fill::fill;
pub use find::{Found, find, find_locked};
pub use input::{CreateSecret, EditSecret, SecretInput, reason};
pub use list::{Due, Filter, Sort, list, tally};
pub use reveal::{Revealed, reveal};
pub use row::Secret;
pub use search::{file_changes, refile};
pub use status::{Copy, copies, queue_current, set_status};
pub use tallies::{Tallies, settle_tallies, tallies};
pub use versions::{NewVersion, Version, add_version, advance, history, open_version, seal_version, version};
