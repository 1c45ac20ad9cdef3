//! Environments: stages, doors, members, backend configuration, path templates.
mod credentials;
mod door;
mod input;
mod members;
mod paths;
mod row;
mod save;

pub use credentials::{Credentials, open as open_credentials};
pub use door::{Act, Asks, Place, Verdict, enter, enter_in, visible};
pub use input::{EnvironmentInput, SaveEnvironment};
pub use members::{Member, members};
pub use paths::{PathTemplate, PathWords};
pub use row::Environment;
pub use save::{create, set_active, update};
