//! Single logout (SAML core 3.7, profiles 4.4): what Keeper says of it, and what it believes. Messages come by the query of
//! an address or by a form; each is read first, so that its provider can be found, and believed only once it is verified.
mod claims;
mod message;
mod query;
mod say;
#[cfg(test)]
mod tests;
mod verify;

pub use claims::{Logout, LogoutExpected};
pub use message::{LogoutKind, LogoutMessage};
pub use say::{LogoutRequest, LogoutResponse, logout_request, logout_response};

use serde::{Deserialize, Serialize};

/// A person's name at the provider, as the assertion gave it: a provider looks for the very same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameId {
    pub name: String,
    pub format: Option<String>,
    pub name_qualifier: Option<String>,
    pub sp_name_qualifier: Option<String>,
}

/// What became of a request for logout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// Every session has ended.
    Complete,
    /// Some have not, at this service or at another one.
    Partial,
    /// The request was not followed.
    Refused,
}

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const PARTIAL: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
