//! Pages of secrets, a file per flow.
pub mod active;
pub mod activity;
pub mod edit;
mod empty;
mod filters;
pub mod find;
mod form;
mod head;
pub mod index;
pub mod new;
mod query;
pub mod reveal;
pub mod rotate;
mod row;
pub mod show;
pub mod versions;
