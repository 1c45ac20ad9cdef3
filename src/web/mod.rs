//! The door for browsers: pages and forms. It translates and nothing else.
pub mod assets;
mod convert;
mod error;
mod extract;
mod forms;
mod gate;
mod headers;
mod health;
mod page;
pub mod routes;
mod secrets;
mod server;
mod signin;
mod theme;
mod views;
mod when;

pub use server::{router, serve};
