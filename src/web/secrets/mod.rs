//! Pages of secrets, a file per flow.
mod head;

pub use head::head;
