//! Pages of environments.
pub mod active;
pub mod form;
pub mod index;
pub mod show;
