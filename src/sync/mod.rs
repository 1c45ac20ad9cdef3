//! Copies: push a version to a backend, read it back, compare, and say so; and what people decide about them.
mod choose;
mod health;
mod moving;
mod probe;
mod push;
mod queue;
mod refused;
mod remove;
mod request;
mod stores;

pub use choose::{Choice, choose};
pub use health::{Trouble, troubles};
pub use probe::probe;
pub use push::{Pushed, push_next};
pub use queue::{QueueFilter, Waiting, hurry, waiting};
pub use request::{request, request_all, request_in};
pub use stores::Stores;
