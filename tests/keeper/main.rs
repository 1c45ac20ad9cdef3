//! One binary of tests: sentences about a person, a door and an outcome. Names that end in `on_sqlite`, `on_postgres`,
//! `on_mysql` are told on that engine.
#![allow(clippy::unwrap_used, clippy::expect_used)]
mod access;
mod bulk;
mod copies;
mod data;
mod export;
mod features;
mod finding;
mod floors;
mod forms;
mod group;
mod imports;
mod journeys;
mod leaks;
mod look;
mod pages;
mod remote;
mod routes;
mod saml;
mod sides;
mod signin;
mod sso;
mod story;
mod support;
mod versions;
