//! Copies: push a version to a backend, read it back, compare, and say so.
mod push;
mod stores;

pub use push::{Pushed, push_next};
pub use stores::Stores;
