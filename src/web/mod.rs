//! The door for browsers: pages and forms. It translates and nothing else.
mod account;
pub mod assets;
mod audit;
mod convert;
mod dashboard;
mod environments;
mod error;
mod extract;
mod forms;
mod gate;
mod headers;
mod health;
mod page;
mod rotations;
pub mod routes;
mod saml;
mod secrets;
mod server;
mod session;
mod signin;
mod theme;
mod users;
mod views;
mod when;

pub use server::{router, serve};
