//! Where an identity provider takes messages, from its metadata. HTTP-Redirect is preferred: its messages are short.
use super::binding::Binding;
use super::metadata::MD;
use super::{Fault, POST_BINDING, PROTOCOL, REDIRECT_BINDING, refuse, tree};
use roxmltree::Node;
use url::Url;

/// Where a provider is told of the end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleLogout {
    pub binding: Binding,
    pub url: Url,
    /// Often the same: for answers to the provider's own requests.
    pub response_url: Url,
}

pub(super) fn sign_in(role: Node<'_, '_>, allow_http: bool) -> Result<(Binding, Url), Fault> {
    if !role
        .attribute("protocolSupportEnumeration")
        .unwrap_or_default()
        .split_whitespace()
        .any(|p| p == PROTOCOL)
    {
        return refuse("the identity provider does not speak SAML 2.0");
    }
    let (binding, service) = services(role, "SingleSignOnService").into_iter().next().ok_or_else(|| {
        Fault::new("the metadata name no SingleSignOnService for HTTP-Redirect or HTTP-POST")
    })?;
    let url = location(service.attribute("Location"), "SingleSignOnService", allow_http)?;
    Ok((binding, url))
}

/// Sign-in works without it: what is wrong here is a warning.
pub(super) fn single_logout(
    role: Node<'_, '_>,
    allow_http: bool,
    warnings: &mut Vec<String>,
) -> Option<SingleLogout> {
    const NAME: &str = "SingleLogoutService";
    let read = |binding: Binding, service: Node<'_, '_>| -> Result<SingleLogout, Fault> {
        let url = location(service.attribute("Location"), NAME, allow_http)?;
        let response_url = match service.attribute("ResponseLocation") {
            Some(there) => location(Some(there), NAME, allow_http)?,
            None => url.clone(),
        };
        Ok(SingleLogout { binding, url, response_url })
    };
    for (binding, service) in services(role, NAME) {
        match read(binding, service) {
            Ok(found) => return Some(found),
            Err(why) => warnings.push(format!("{why}: set aside")),
        }
    }
    None
}

/// Those whose binding Keeper speaks, HTTP-Redirect before HTTP-POST.
fn services<'a, 'i>(role: Node<'a, 'i>, name: &'static str) -> Vec<(Binding, Node<'a, 'i>)> {
    let bound = |binding: Binding, uri: &'static str| {
        tree::children(role, MD, name)
            .filter(move |service| service.attribute("Binding") == Some(uri))
            .map(move |service| (binding, service))
    };
    bound(Binding::Redirect, REDIRECT_BINDING).chain(bound(Binding::Post, POST_BINDING)).collect()
}

fn location(written: Option<&str>, service: &'static str, allow_http: bool) -> Result<Url, Fault> {
    match written.and_then(|location| Url::parse(location.trim()).ok()) {
        Some(url)
            if url.has_host() && (url.scheme() == "https" || (allow_http && url.scheme() == "http")) =>
        {
            Ok(url)
        }
        Some(url) if url.scheme() == "http" => refuse(format!(
            "the address of {service} begins with http://, which is for development mode alone"
        )),
        _ => refuse(format!("the address of {service} is not an https:// address")),
    }
}
