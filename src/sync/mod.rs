//! Copies: push a version to a backend, read it back, compare, and say so.
mod push;
mod request;
mod stores;

pub use push::{Pushed, push_next};
pub use request::{request, request_all, request_in};
pub use stores::Stores;
