//! The calls to Vault, each one request, and what its refusals mean.
use super::WHO;
use super::path::Path;
use super::session::{Ask, Session, SignIn};
use super::wire::{self, Found, Meta, Notes, Put, Read, Shell};
use crate::domain::plaintext::Plaintext;
use crate::remote::Mark;
use crate::remote::error::RemoteError;
use crate::remote::guard::Endpoint;
use crate::remote::http::{self, Answer, send};
use reqwest::header::HeaderValue;
use reqwest::{Client, Method, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio_util::bytes::Bytes;

pub(in crate::remote) struct Calls {
    client: Client,
    base: Url,
    session: Box<Session>,
    namespace: Option<HeaderValue>,
}

impl Calls {
    pub fn new(
        endpoint: &Endpoint,
        authority: &str,
        sign_in: SignIn,
        namespace: Option<String>,
    ) -> Result<Self, RemoteError> {
        let namespace = namespace.filter(|name| !name.is_empty());
        Ok(Self {
            session: Box::new(Session::new(sign_in)?),
            namespace: namespace.map(|name| header(Plaintext::from(name), "the namespace")).transpose()?,
            client: http::client_of(endpoint.rules(), authority)?,
            base: endpoint.url().clone(),
        })
    }

    /// The newest version with its mark, in one call; only a key without any version needs a second.
    pub(super) async fn find(&self, mount: &Path, path: &Path) -> Result<Found, RemoteError> {
        let answer = self.call(Method::GET, &[mount, &one("data"), path], None).await?;
        if answer.status != StatusCode::NOT_FOUND {
            return Ok(Found::from(success::<Read>(&answer)?));
        }
        // A deleted version is a 404 that still tells its number.
        if let Ok(shell) = serde_json::from_slice::<Shell<Read>>(&answer.body) {
            return Ok(Found::from(shell.data));
        }
        missing_mount(&answer)?;
        let answer = self.call(Method::GET, &[mount, &one("metadata"), path], None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            missing_mount(&answer)?;
            return Ok(Found::default());
        }
        Ok(Found::from(success::<Meta>(&answer)?))
    }

    /// What is there without its value; `None` when nothing is, or when its newest version was deleted.
    pub(super) async fn glance(&self, mount: &Path, path: &Path) -> Result<Option<Found>, RemoteError> {
        let answer = self.call(Method::GET, &[mount, &one("metadata"), path], None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return missing_mount(&answer).map(|()| None);
        }
        let there = success::<Meta>(&answer)?;
        Ok(there.is_held().then(|| Found::from(there)))
    }

    pub(super) async fn put(
        &self,
        mount: &Path,
        path: &Path,
        value: &Plaintext,
        cas: u64,
    ) -> Result<u64, RemoteError> {
        let body = wire::put(value, cas).ok_or_else(|| RemoteError::last("the value cannot be sent"))?;
        let answer = self.call(Method::POST, &[mount, &one("data"), path], Some(body)).await?;
        Ok(success::<Put>(&answer)?.version)
    }

    pub async fn delete(&self, mount: &Path, path: &Path) -> Result<(), RemoteError> {
        let answer = self.call(Method::DELETE, &[mount, &one("data"), path], None).await?;
        if answer.status.is_success() { Ok(()) } else { Err(refusal(&answer)) }
    }

    /// Sets the mark and keeps everybody else's notes; answers what is noted now.
    pub(super) async fn mark(
        &self,
        mount: &Path,
        path: &Path,
        notes: &Notes,
        mark: &Mark,
    ) -> Result<Notes, RemoteError> {
        let notes = wire::marked(notes, mark);
        let body = Bytes::from(json!({ "custom_metadata": notes }).to_string());
        let answer = self.call(Method::POST, &[mount, &one("metadata"), path], Some(body)).await?;
        if answer.status.is_success() { Ok(notes) } else { Err(refusal(&answer)) }
    }

    pub async fn call(
        &self,
        method: Method,
        path: &[&Path],
        body: Option<Bytes>,
    ) -> Result<Answer, RemoteError> {
        let token = self.session.token(self).await?;
        let answer = self.send(method.clone(), path, Some(&token), body.clone()).await?;
        if answer.status == StatusCode::FORBIDDEN && self.session.gives_up(&token).await {
            let token = self.session.token(self).await?;
            return self.send(method, path, Some(&token), body).await;
        }
        Ok(answer)
    }

    pub async fn send(
        &self,
        method: Method,
        path: &[&Path],
        token: Option<&HeaderValue>,
        body: Option<Bytes>,
    ) -> Result<Answer, RemoteError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| RemoteError::last("the address of Vault cannot hold a path"))?
            .pop_if_empty()
            .push("v1")
            .extend(path.iter().flat_map(|part| part.segments()));
        // Agents and proxies of Vault may ask for it, as a proof that no page in a browser made this request.
        let mut request = self.client.request(method, url).header("x-vault-request", "true");
        if let Some(token) = token {
            request = request.header("x-vault-token", token.clone());
        }
        if let Some(namespace) = &self.namespace {
            request = request.header("x-vault-namespace", namespace.clone());
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        send(WHO, request).await
    }
}

impl Ask for Calls {
    async fn ask(
        &self,
        path: &[Path],
        token: Option<&HeaderValue>,
        body: Bytes,
    ) -> Result<Answer, RemoteError> {
        let path: Vec<&Path> = path.iter().collect();
        self.send(Method::POST, &path, token, Some(body)).await
    }
}

/// Sensitive: never printed by the client's own traces, and wiped with the last of its owners.
pub(super) fn header(text: Plaintext, what: &str) -> Result<HeaderValue, RemoteError> {
    let odd =
        || RemoteError::last(format!("{what} of Vault is empty or holds characters that cannot be sent"));
    if text.is_empty() || !text.expose().iter().all(u8::is_ascii_graphic) {
        return Err(odd());
    }
    let mut value = HeaderValue::from_maybe_shared(http::wiped(text)).map_err(|_| odd())?;
    value.set_sensitive(true);
    Ok(value)
}

fn one(word: &str) -> Path {
    Path::word(word)
}

pub(in crate::remote) fn success<T: DeserializeOwned>(answer: &Answer) -> Result<T, RemoteError> {
    if !answer.status.is_success() {
        return Err(refusal(answer));
    }
    said::<Shell<T>>(answer).map(|shell| shell.data)
}

pub(super) fn said<T: DeserializeOwned>(answer: &Answer) -> Result<T, RemoteError> {
    serde_json::from_slice(&answer.body).map_err(|_| RemoteError::garbage(WHO))
}

/// A key that is not there says nothing; a mount that is not there is named.
pub(super) fn missing_mount(answer: &Answer) -> Result<(), RemoteError> {
    if says(answer, "no handler for route") || says(answer, "unsupported path") {
        return Err(RemoteError::last("Vault has no such mount, or it is no KV version 2"));
    }
    // Some other 404, from some other server.
    if !says(answer, "\"errors\"") {
        return Err(RemoteError::garbage(WHO));
    }
    Ok(())
}

pub(in crate::remote) fn overtaken() -> RemoteError {
    RemoteError::retry("the secret was changed in Vault at the same moment")
}

pub(in crate::remote) fn refusal(answer: &Answer) -> RemoteError {
    let status = answer.status.as_u16();
    let retry = |why: String| RemoteError::Retry { why: why.into(), after: answer.patience };
    match status {
        400 if says(answer, "check-and-set") => overtaken(),
        400 => RemoteError::last("Vault refuses the request as malformed"),
        403 => {
            RemoteError::last("Vault refuses: the token is not valid or its policy does not allow this path")
        }
        404 | 405 => RemoteError::last("Vault has no such mount, or it is no KV version 2"),
        413 => RemoteError::last("Vault refuses the value as too large"),
        // A standby that names the active server, which may be itself in a moment.
        307 => {
            retry("Vault points to another server, which Keeper does not follow: name the active one".into())
        }
        300..=399 => {
            RemoteError::last("Vault's address answers with a redirect, which Keeper does not follow")
        }
        412 => retry("Vault has not caught up with its own changes yet".into()),
        429 => retry("Vault asks for fewer requests".into()),
        _ if says(answer, "is sealed") => retry("Vault is sealed: somebody must unseal it".into()),
        500..=599 => retry(format!("Vault has a fault of its own (HTTP {status})")),
        _ => RemoteError::last(format!("Vault refuses (HTTP {status})")),
    }
}

/// Words that are looked for and never repeated.
pub(in crate::remote) fn says(answer: &Answer, words: &str) -> bool {
    answer.body.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
}
