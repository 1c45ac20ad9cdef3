//! Pages of secrets, a file per flow.
pub mod active;
pub mod activity;
pub mod form;
mod head;
pub mod index;
pub mod reveal;
pub mod rotate;
pub mod show;
pub mod versions;
