//! Hostile SAML documents against the running server, over HTTP: each on a fresh request, each a row with a name.
//! First the good ones are accepted, so that a refusal means something; then the table, whose sum is printed.
mod browser;
mod bytes;
mod claims;
pub mod court;
mod gate;
mod good;
mod large;
mod markup;
mod memory;
mod metadata;
mod references;
mod replay;
mod rows;
mod signatures;
mod sizes;
mod table;
mod verdict;
mod wrapping;

pub use good::STYLES;
