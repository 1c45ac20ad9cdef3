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
pub(super) use requests::forget_arrivals;

use crate::app::App;
use crate::audit::{self, Event};
use crate::domain::actor::{Actor, Trace};
use crate::domain::enums::Outcome;
use crate::domain::error::{Error, Result};
use crate::providers;
use crate::remote::saml::{self, Own};
use crate::tx;

/// SAML core 1.3.4 asks for 128 bits at least; an ID begins with a letter.
fn message_id(app: &App) -> Result<String> {
    Ok(format!("k{}", hex::encode(app.chance.bytes::<20>()?)))
}

/// A message that was not believed is one event, with its reason under the reference that the person at the door is shown.
async fn record_refusal(app: &App, trace: &Trace, event: Event, why: &str) -> Result<()> {
    let event = event
        .outcome(Outcome::Refused)
        .with("why", why)
        .with("client", trace.client.as_str())
        .with("request_id", trace.request_id.as_str());
    tx!(app.db, |tx| audit::record(app, tx, &Actor::System, event.clone()).await.map(drop))
}

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
    let certificates: Vec<String> =
        providers::own_keys(app).await?.into_iter().map(|key| key.certificate).collect();
    saml::service_provider_metadata(&Own {
        entity_id: &app.settings.saml_entity_id(),
        acs_url: &acs_url(app),
        slo_url: &slo_url(app),
        certificates: &certificates,
        signs: providers::all_see_signatures(app).await?,
    })
    .map_err(|fault| Error::broken(fault.to_string()))
}

/// What is too old to be used, or to be looked at.
pub(super) async fn sweep(app: &App) -> Result<()> {
    requests::sweep(app).await?;
    reports::sweep(app).await
}
