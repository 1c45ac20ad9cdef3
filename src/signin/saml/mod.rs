//! Sign-in through an identity provider: `begin` sends a browser there, `receive` believes the answer or not,
//! `providers` keep the metadata that make it believable. The protocol itself is `remote/saml`.
mod account;
mod begin;
mod confirm;
mod logout;
mod receive;
mod reports;
mod requests;

pub use begin::{Begun, Errand, begin};
pub use confirm::{confirm, waiting};
pub use logout::{Heard, WayOn, hear, way_on};
pub use receive::{Arrived, Brought, Welcome, receive};
pub use reports::{Kept, Line, Told, report, reports};
pub use requests::Purpose;

use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::providers;
use crate::remote::saml::{self, Own, ServiceKey};

/// Where identity providers send their answers.
fn acs_url(app: &App) -> String {
    format!("{}saml/acs", app.settings.public_url)
}

/// Where they send their messages of logout.
fn slo_url(app: &App) -> String {
    format!("{}saml/slo", app.settings.public_url)
}

/// What Keeper says of itself to identity providers.
pub async fn service_provider_metadata(app: &App) -> Result<String> {
    let keys = providers::service_keys(app).await?;
    let keys: Vec<&ServiceKey> = keys.iter().map(AsRef::as_ref).collect();
    saml::service_provider_metadata(&Own {
        entity_id: &app.settings.saml_entity_id(),
        acs_url: &acs_url(app),
        slo_url: &slo_url(app),
        logout: !keys.is_empty(),
        keys: &keys,
    })
    .map_err(|fault| Error::broken(fault.to_string()))
}

/// What is too old to be used, or to be looked at.
pub(super) async fn sweep(app: &App) -> Result<()> {
    requests::sweep(app).await?;
    reports::sweep(app).await
}
