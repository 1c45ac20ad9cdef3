//! Pages of secrets, a file per flow.
pub mod active;
pub mod activity;
pub mod edit;
mod empty;
mod form;
mod head;
pub mod index;
pub mod new;
pub mod reveal;
pub mod rotate;
pub mod show;
pub mod versions;
