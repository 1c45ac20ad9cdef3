//! What Keeper says: a request for sign-in (HTTP-Redirect binding, SAML bindings 3.4) and its own metadata.
use super::{IdentityProvider, POST_BINDING, PROTOCOL};
use crate::kit::clock::Utc;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;
use url::Url;

#[derive(Template)]
#[template(path = "saml/request.xml")]
struct AuthnRequest<'a> {
    id: &'a str,
    issue_instant: String,
    destination: &'a str,
    acs_url: &'a str,
    entity_id: &'a str,
    force: bool,
    binding: &'static str,
}

/// Where the browser goes to sign in. `force`: the provider shall ask the person anew, whatever it remembers.
pub fn request_url(
    provider: &IdentityProvider,
    entity_id: &str,
    acs_url: &str,
    request_id: &str,
    now: Utc,
    force: bool,
) -> Option<Url> {
    let request = AuthnRequest {
        id: request_id,
        issue_instant: now.to_seconds(),
        destination: provider.sso_url.as_str(),
        acs_url,
        entity_id,
        force,
        binding: POST_BINDING,
    };
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(request.render().ok()?.as_bytes()).ok()?;
    let mut url = provider.sso_url.clone();
    url.query_pairs_mut().append_pair("SAMLRequest", &STANDARD.encode(deflated.finish().ok()?));
    Some(url)
}

#[derive(Template)]
#[template(path = "saml/metadata.xml")]
struct Metadata<'a> {
    entity_id: &'a str,
    acs_url: &'a str,
    protocol: &'static str,
    binding: &'static str,
}

/// It tells the truth: requests are not signed, nothing can be encrypted yet, and there is no single logout.
pub fn service_provider_metadata(entity_id: &str, acs_url: &str) -> Option<String> {
    Metadata { entity_id, acs_url, protocol: PROTOCOL, binding: POST_BINDING }.render().ok()
}
