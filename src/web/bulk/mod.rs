//! Pages of bulk operations: what would happen, and how it goes.
pub mod new;
pub mod show;
