//! Keeper as a SAML 2.0 service provider: what it says to an identity provider, and what it believes of the answers.
//! `signin/saml` calls it; nothing else speaks SAML, and samael is known here alone.
//!
//! samael (over libxmlsec1) verifies signatures and cuts a document down to what they cover. It is led past a gate,
//! because it trusts its input: `census` bounds the text before any parser builds a tree, `gate`, `signature` and `sealed`
//! admit one shape of document alone, `proof` calls samael, `open` decrypts, `checks` reads what is left and holds it
//! against the request; `verify` leads through all of it.
mod binding;
mod canonical;
mod census;
mod certificate;
mod checks;
mod endpoints;
mod fetch;
mod gate;
mod key;
mod logout;
mod messages;
mod metadata;
mod open;
mod proof;
mod received;
mod sealed;
mod signature;
mod tree;
mod verify;

pub use binding::{Binding, Sent};
pub use certificate::{Certificate, EXPIRING};
pub use checks::{
    Asked, Check, Checked, Expected, Finding, Identity, Part, Report, Seen, SeenAttribute, SeenSeal,
    SeenSignature,
};
pub use endpoints::SingleLogout;
pub use fetch::{fetch_metadata, metadata_address};
pub use gate::Answer;
pub use key::{NewKey, ServiceKey};
pub use logout::{
    Logout, LogoutExpected, LogoutKind, LogoutMessage, LogoutOutcome, LogoutRequest, LogoutResponse, NameId,
    logout_request, logout_response,
};
pub use messages::{Own, SignInRequest, service_provider_metadata, sign_in_request};
pub use metadata::IdentityProvider;
pub use verify::{Verdict, Verifier};

use std::borrow::Cow;

/// Why something is not believed, in Keeper's own words: for the log and the audit. It never repeats a document that was
/// not verified, and the person at the door reads none of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Fault {
    why: Cow<'static, str>,
    check: Check,
}

impl Fault {
    pub(super) fn new(why: impl Into<Cow<'static, str>>) -> Self {
        Self { why: why.into(), check: Check::Document }
    }

    fn of(self, check: Check) -> Self {
        Self { check, ..self }
    }

    /// Which check did not pass.
    pub fn check(&self) -> Check {
        self.check
    }
}

fn refuse<T>(why: impl Into<Cow<'static, str>>) -> Result<T, Fault> {
    Err(Fault::new(why))
}

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const POST_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
