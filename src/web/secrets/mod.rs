//! Pages of secrets, a file per flow.
pub mod access;
pub mod active;
pub mod activity;
pub mod compare;
pub mod destroy;
pub mod edit;
mod empty;
mod form;
mod head;
pub mod index;
pub mod new;
pub mod promote;
pub mod purge;
pub mod restore;
pub mod reveal;
pub mod rotate;
pub mod show;
pub mod versions;
