//! Metadata by their address: fetched like everything else, past the guard, within its limits.
use crate::remote::error::RemoteError;
use crate::remote::guard::Rules;
use crate::remote::http;
use url::{Host, Url};

const WHO: &str = "the identity provider";

/// The document's text. Its query may choose the application (Entra ID does so), so it is no `Endpoint`.
pub async fn fetch_metadata(url: &Url, rules: &Rules) -> Result<String, RemoteError> {
    let refused = |why| RemoteError::last(format!("the address of {WHO}'s metadata {why}"));
    if url.scheme() != "https" && !rules.development {
        return Err(refused("must begin with https://".to_owned()));
    }
    // A name is judged by the client when it resolves it; an address is not resolved.
    let admitted = match url.host() {
        Some(Host::Ipv4(ip)) => rules.admit(ip.into()),
        Some(Host::Ipv6(ip)) => rules.admit(ip.into()),
        _ => Ok(()),
    };
    admitted.map_err(|e| refused(e.to_string()))?;
    let client = http::client(rules)?;
    let answer = http::within(WHO, http::send(WHO, client.get(url.clone()))).await?;
    if !answer.status.is_success() {
        return Err(RemoteError::retry(format!(
            "{WHO} answered the request for its metadata with {}",
            answer.status.as_u16()
        )));
    }
    String::from_utf8(answer.body.to_vec())
        .map_err(|_| RemoteError::last(format!("the metadata of {WHO} are not UTF-8")))
}
