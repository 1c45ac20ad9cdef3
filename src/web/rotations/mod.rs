//! Pages of rotations.
pub mod index;
pub mod show;
mod truth;
