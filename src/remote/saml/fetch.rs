//! Metadata by their address: fetched like everything else, past the guard, within its limits.
use crate::remote::error::RemoteError;
use crate::remote::guard::{Refused, Rules};
use crate::remote::http;
use url::Url;

const WHO: &str = "the identity provider";

/// An address as somebody wrote it down; its query may choose the application (Entra ID does so), so it is no `Endpoint`. Why it
/// is refused reads after the name of its field.
pub fn metadata_address(raw: &str, rules: &Rules) -> Result<Url, String> {
    let url = Url::parse(raw.trim()).map_err(|_| Refused::NotAnAddress.to_string())?;
    match url.scheme() {
        "https" => {}
        "http" if rules.development => {}
        "http" => return Err(Refused::Unencrypted.to_string()),
        _ => return Err(Refused::NotAnAddress.to_string()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials.to_string());
    }
    // A name is judged by the client when it resolves it; an address is not resolved.
    let host = url.host().ok_or_else(|| Refused::NotAnAddress.to_string())?;
    rules.allow(&host).map_err(|e| e.to_string())?;
    Ok(url)
}

/// The document's text.
pub async fn fetch_metadata(url: &Url, rules: &Rules) -> Result<String, RemoteError> {
    metadata_address(url.as_str(), rules)
        .map_err(|why| RemoteError::last(format!("the address of {WHO}'s metadata {why}")))?;
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
