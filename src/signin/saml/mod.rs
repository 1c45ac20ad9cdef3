//! Sign-in through an identity provider: `begin` sends a browser there, `receive` believes the answer or not,
//! `providers` keep the metadata that make it believable. The protocol itself is `remote/saml`.
mod account;
mod begin;
mod confirm;
mod receive;
mod requests;

pub use begin::{Begun, Errand, begin};
pub use confirm::{confirm, waiting};
pub use receive::{Arrived, Welcome, receive};
pub(super) use requests::sweep;

use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::remote::saml;

/// Where identity providers send their answers.
fn acs_url(app: &App) -> String {
    format!("{}saml/acs", app.settings.public_url)
}

/// What Keeper says of itself to identity providers.
pub fn service_provider_metadata(app: &App) -> Result<String> {
    saml::service_provider_metadata(&app.settings.saml_entity_id(), &acs_url(app))
        .ok_or_else(|| Error::broken("the metadata template failed"))
}
