//! Sign-in through an identity provider: `begin` sends a browser there, `receive` believes the answer or not,
//! `provider` keeps the metadata that make it believable. The protocol itself is `remote/saml`.
mod account;
mod begin;
mod confirm;
mod provider;
mod receive;
mod requests;

pub use begin::{Begun, begin};
pub use confirm::{confirm, waiting};
pub use provider::{Unusable, open, refresh, service_provider_metadata};
pub use receive::{Arrived, Welcome, receive};
pub(super) use requests::sweep;

use crate::app::App;

/// Where identity providers send their answers.
fn acs_url(app: &App) -> String {
    format!("{}saml/acs", app.settings.public_url)
}
