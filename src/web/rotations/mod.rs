//! Pages of rotations.
pub mod index;
pub mod request;
pub mod show;
mod truth;
