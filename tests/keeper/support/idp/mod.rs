//! An identity provider of the tests' own: keys, metadata, and responses whose every part can be changed before or
//! after they are signed. Called by the stories about SAML.
mod document;
pub mod encrypt;
mod keys;
mod logout;
mod metadata;
mod sign;

pub use document::Document;
pub use keys::Pair;
pub use logout::{Query, encode};
pub use metadata::Metadata;

pub const ENTITY_ID: &str = "http://localhost:9/idp";
pub const SSO: &str = "http://localhost:9/idp/sso";

pub struct Idp {
    pub rsa: Pair,
    /// Of the same provider, for elliptic curves: lies in the metadata where a story puts it.
    pub ec: Pair,
    /// Somebody else's.
    pub foreign: Pair,
}

impl Idp {
    pub fn new() -> Self {
        Self { rsa: Pair::rsa(2048), ec: Pair::ec(), foreign: Pair::rsa(2048) }
    }

    /// As most providers have it: one RSA certificate for signing.
    pub fn metadata(&self) -> Metadata {
        Metadata::default().signing(&self.rsa)
    }
}
