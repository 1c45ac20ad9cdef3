//! Secrets: their metadata, their changes, and the one answer that holds a value.
mod active;
mod create;
mod edit;
mod export;
mod input;
mod many;
mod reveal;
mod rotate;
mod show;
mod versions;
mod view;

pub use active::{ReasonGiven, off, on, sync};
pub use create::create;
pub use edit::edit;
pub use export::{ExportedSecret, export};
pub use input::{SecretCreate, SecretUpdate};
pub use many::create_many;
pub use reveal::{RevealRequest, RevealedValue, reveal};
pub use rotate::{SecretRotate, rotate};
pub use show::{copies, index, show, show_many, show_one};
pub use versions::{Version, versions};
pub use view::Secret;
