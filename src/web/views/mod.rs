//! The templates' structs, a file per noun. Handlers fill them; templates only read them.
pub mod access;
pub mod account;
pub mod audit;
pub mod bulk;
pub mod charts;
pub mod confirm;
pub mod dashboard;
pub mod environments;
pub mod error;
pub mod imports;
pub mod parts;
pub mod rotations;
pub mod secrets;
pub mod sides;
pub mod signin;
pub mod users;
pub mod versions;
