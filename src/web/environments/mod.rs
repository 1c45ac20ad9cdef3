//! Pages of environments.
pub mod active;
pub mod compare;
pub mod copies;
pub mod form;
pub mod index;
pub mod preview;
pub mod show;
