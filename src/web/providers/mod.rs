//! /settings/saml: identity providers, Keeper's keys for them, what arrived with sign-ins, and guides.
mod active;
mod form;
mod guide;
mod index;
mod keys;
mod report;
mod show;

pub use active::{ask_delete, ask_off, delete, off, on};
pub use form::{create, edit, new, save};
pub use guide::show as guide;
pub use index::index;
pub use keys::{make as make_key, remove as remove_key, use_next};
pub use report::{find as find_report, show as report};
pub use show::{refresh, show};

use super::extract::CurrentUser;
use super::views::providers::Values;

const HOME: &str = "/settings/saml";

fn values(user: &CurrentUser) -> Values {
    let settings = &user.app.settings;
    let at = |path: &str| format!("{}{path}", settings.public_url);
    Values {
        entity_id: settings.saml_entity_id(),
        acs_url: at("saml/acs"),
        slo_url: at("saml/slo"),
        metadata_url: at("saml/metadata"),
        certificate_url: at("saml/certificate"),
    }
}
