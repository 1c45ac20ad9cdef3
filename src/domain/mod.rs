//! Keeper's words as types. No input, no output; a value that exists is valid.
pub mod actor;
pub mod enums;
pub mod error;
pub mod fields;
pub mod names;
pub mod plaintext;
pub mod rules;
pub mod schedule;
