//! Pages of sources, below their environment.
pub mod delete;
pub mod form;
pub mod rehearse;
pub mod show;
