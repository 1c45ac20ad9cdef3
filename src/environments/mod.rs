//! Environments: stages, doors, members, backend configuration, path templates.
mod credentials;
mod door;
mod input;
mod members;
mod paths;
mod places;
mod preview;
mod reach;
mod rewrap;
mod row;
mod save;
mod shelf;

pub use credentials::{Credentials, open as open_credentials};
pub use door::{Act, Asks, Judgement, Place, Verdict, Way, audited, enter, enter_in, log_within, visible};
pub use input::{EnvironmentInput, SaveEnvironment};
pub use members::{Member, Moved, members, members_among, set_by_groups};
pub use paths::{PathTemplate, PathWords};
pub use preview::{Clash, Naming, PathRow, Preview, TYPING, preview};
pub use rewrap::{CREDENTIAL_KEYS, wrapped_credential_keys};
pub use row::{Environment, sharing};
pub use save::{create, set_active, update};
pub use shelf::{Draft, Shelf};
