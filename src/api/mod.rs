//! The door for programs: JSON over HTTP, `/api/v1`. It translates and nothing else.
mod audit;
mod body;
mod caller;
mod copies;
pub mod docs;
mod done;
mod environments;
mod error;
mod field;
mod filter;
mod gate;
mod glass;
pub mod going;
pub mod line;
mod list;
mod matching;
mod once;
pub mod openapi;
mod rotations;
pub mod routes;
mod secrets;
mod sessions;
mod users;
mod words;

pub use routes::router;
