//! One call: sent, waited for, sent again where that is safe, and read within its bounds.
use super::flow::Flow;
use super::said::{Said, Trouble};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::remote::error::RemoteError;
use crate::remote::http::{self, Answer};
use reqwest::header::HeaderValue;
use reqwest::{Client, Method, Response};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio_util::bytes::Bytes;
use url::Url;

/// The whole of one try. A thousand secrets, some with key pairs that are made there, take a while; longer than a key is held for a try that
/// has not ended, so that what is tried again is not under way.
const WHOLE: Duration = Duration::from_secs(90);
/// The whole of an answer that flows, at the pace of whoever reads it.
const FLOW: Duration = Duration::from_hours(24);
/// Two hundred secrets with the longest descriptions, or a thousand that were just made.
const ANSWER: usize = 16 * 1024 * 1024;
/// A broken connection is tried again after each of these.
const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// For as long as this altogether a call waits because it is asked to: a key that another try still holds is free after a minute.
const PATIENCE: Duration = Duration::from_mins(2);

/// What may be sent again after a connection that broke: nobody knows what came of the first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// It reads.
    Freely,
    /// It is done once under its `Idempotency-Key`.
    WithKey,
    Never,
}

pub(super) struct Call<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    body: Option<Plaintext>,
    again: Again,
}

impl<'a> Call<'a> {
    pub fn get(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::GET, path, query, body: None, again: Again::Freely }
    }

    pub fn post(path: &'a str, body: Plaintext, again: Again) -> Self {
        Self { method: Method::POST, path, query: &[], body: Some(body), again }
    }
}

pub(super) struct Calls {
    http: Client,
    base: Url,
    token: HeaderValue,
    who: String,
}

impl Calls {
    pub fn new(base: Url, token: &Plaintext, authority: &str) -> Result<Self, RemoteError> {
        let odd = || RemoteError::last("the token is empty or holds characters that cannot be sent");
        let text = token.expose();
        if text.is_empty() || !text.iter().all(u8::is_ascii_graphic) {
            return Err(odd());
        }
        let text = Plaintext::new([b"Bearer ".as_slice(), text].concat());
        let mut token = HeaderValue::from_maybe_shared(http::wiped(text)).map_err(|_| odd())?;
        token.set_sensitive(true);
        let who = format!("the Keeper at {}", base.origin().ascii_serialization());
        Ok(Self { http: http::client_without_guard(authority, WHOLE)?, base, token, who })
    }

    pub fn garbage(&self) -> Trouble {
        Trouble::Away(format!("{} gave an answer that makes no sense", self.who))
    }

    pub async fn ask<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Trouble> {
        let (sent, again) = self.sent(call)?;
        match self.answer(&sent, again).await? {
            Heard::Whole(answer) => serde_json::from_slice(&answer.body).map_err(|_| self.garbage()),
            Heard::Begun(_) => Err(self.garbage()),
        }
    }

    /// An answer of this media type, whatever its length.
    pub async fn flow(&self, call: Call<'_>, kind: &str) -> Result<Flow, Trouble> {
        let (mut sent, again) = self.sent(call)?;
        sent.flows = true;
        match self.answer(&sent, again).await? {
            Heard::Begun(response) => {
                Flow::of(self.who.clone(), response, kind).ok_or_else(|| self.garbage())
            }
            Heard::Whole(_) => Err(self.garbage()),
        }
    }

    fn sent(&self, call: Call<'_>) -> Result<(Sent, Again), Trouble> {
        let Call { method, path, query, body, again } = call;
        let mut url = self.base.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let key = if again == Again::WithKey { Some(key()?) } else { None };
        Ok((Sent { method, url, body: body.map(http::wiped), key, flows: false }, again))
    }

    /// Tried again as often as it is safe and may help. What refuses is heard whole.
    async fn answer(&self, sent: &Sent, again: Again) -> Result<Heard, Trouble> {
        let (mut waited, mut pauses) = (Duration::ZERO, PAUSES.into_iter());
        loop {
            let answer = match self.once(sent).await {
                Ok(Heard::Begun(response)) => return Ok(Heard::Begun(response)),
                Ok(Heard::Whole(answer)) if answer.status.is_success() => return Ok(Heard::Whole(answer)),
                Ok(Heard::Whole(answer)) => Ok(answer),
                Err(e) => Err(e),
            };
            let pause = match &answer {
                Ok(answer) if asks_to_wait(answer) => answer.patience.or(Some(PAUSES[1])),
                Ok(answer) if is_away(answer) && again != Again::Never => {
                    pauses.next().map(|pause| answer.patience.unwrap_or(pause))
                }
                Err(e) if e.may_pass() && again != Again::Never => pauses.next(),
                _ => None,
            };
            // Whoever is asked to wait for nothing waits a little: a loop must end.
            let pause = pause.map(|pause| pause.max(PAUSES[0]));
            let Some(pause) = pause.filter(|pause| waited + *pause <= PATIENCE) else {
                return Err(match answer {
                    Ok(answer) => self.refusal(&answer),
                    Err(e) => Trouble::Away(e.to_string()),
                });
            };
            waited += pause;
            tokio::time::sleep(pause).await;
        }
    }

    async fn once(&self, sent: &Sent) -> Result<Heard, RemoteError> {
        let mut request = self
            .http
            .request(sent.method.clone(), sent.url.clone())
            .header("authorization", self.token.clone())
            .header("accept", if sent.flows { "*/*" } else { "application/json" })
            .header("user-agent", concat!("keeper/", env!("CARGO_PKG_VERSION")));
        if let Some(key) = &sent.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &sent.body {
            request = request.header("content-type", "application/json").body(body.clone());
        }
        if sent.flows {
            request = request.timeout(FLOW);
        }
        // As far as the head, and a refusal to its end, within the time of any other try.
        let heard = async {
            let response = http::begin(&self.who, request).await?;
            if sent.flows && response.status().is_success() {
                return Ok(Heard::Begun(response));
            }
            http::whole(&self.who, response, ANSWER).await.map(Heard::Whole)
        };
        tokio::time::timeout(WHOLE, heard).await.unwrap_or_else(|_| Err(RemoteError::too_slow(&self.who)))
    }

    fn refusal(&self, answer: &Answer) -> Trouble {
        let (who, status) = (&self.who, answer.status.as_u16());
        if answer.status.is_redirection() {
            return Trouble::Away(format!(
                "{who} sends elsewhere (status {status}), where the token was not sent: name the address that answers itself"
            ));
        }
        match Said::read(status, &answer.body) {
            Some(said) => Trouble::Said(said),
            None => Trouble::Away(format!(
                "{who} answered with status {status}, and not as a Keeper does: is that its address?"
            )),
        }
    }
}

/// The same bytes each time, under the same key.
struct Sent {
    method: Method,
    url: Url,
    body: Option<Bytes>,
    key: Option<String>,
    /// What it gives is read piece by piece.
    flows: bool,
}

enum Heard {
    Whole(Answer),
    Begun(Response),
}

/// Nothing was done, and it says when it may be: too often, or the first try with this key has not ended.
fn asks_to_wait(answer: &Answer) -> bool {
    match answer.status.as_u16() {
        429 => true,
        409 => Said::read(409, &answer.body).is_some_and(|said| said.code == "idempotency_key_in_use"),
        _ => false,
    }
}

/// What it needs is away, or it is itself and a proxy says so; or the body came too slowly for it.
fn is_away(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 408 | 502..=504)
}

fn key() -> Result<String, Trouble> {
    let bytes = Chance::System.bytes::<16>().map_err(|e| Trouble::Away(e.to_string()))?;
    Ok(format!("keeper-{}", hex::encode(bytes)))
}
