//! Secrets and their versions: list, create, edit, reveal. The value is sealed before the transaction that stores it.
mod access;
mod active;
mod compare;
mod create;
mod destroy;
mod due;
mod edit;
mod export;
mod fill;
mod find;
mod free;
mod glass;
mod input;
mod list;
mod make;
mod pending;
mod purge;
mod reveal;
mod rewrap;
mod row;
mod search;
mod sides;
mod status;
mod store;
mod sure;
mod tallies;
mod versions;

pub use access::{Reach, Reader, readers};
pub use active::{set_active, switch};
pub use compare::{Comparison, Likeness, compare};
pub use create::{create, insert};
pub use destroy::destroy;
pub use due::due_alone;
pub use edit::{demand_as_seen, edit, edit_approved, retag, touched};
pub use export::{COLUMNS, Export, ExportFormat};
pub use fill::fill;
pub use find::{Found, among, find, find_beside, find_locked, find_named, locked, named};
pub use free::paths as taken_paths;
pub use glass::{Broke, Broken, acknowledge, break_glass, unacknowledged};
pub use input::{CreateSecret, EditSecret, SecretInput, reason};
pub use list::{Due, Filter, Sort, list, tally};
pub use make::{NewValue, make, policy};
pub use pending::{demand_settled, give_up, hold, put_in_force};
pub use purge::{purge, purgeable_from};
pub use reveal::{Revealed, reveal, reveal_by_glass};
pub use rewrap::{VERSION_KEYS, wrapped_version_keys};
pub use row::Secret;
pub use search::{file_changes, refile};
pub use sides::{Asked, Pair, Show, Side, Sides, side_by_side};
pub use status::{Copy, DueCopy, copies, queue, queue_current, set_status, statuses};
pub use store::{Ready, created, insert_all, prepare, prepare_all};
pub use sure::Sure;
pub use tallies::{Tallies, settle_tallies, tallies};
pub use versions::{
    NewVersion, Version, add_versions, advance_all, history, open_version, seal_all, seal_version, version,
    version_in,
};
