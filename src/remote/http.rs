//! The one HTTP client of this floor, with the limits that a compromised backend meets: 2 s to connect, 10 s in all,
//! 1 MiB of answer, no redirect, no proxy, and only addresses that the guard admits. `vault.rs` calls it. Another Keeper, whose address
//! the command line was told, is called without the guard and with limits of its own.
use super::error::{RemoteError, patience};
use super::guard::{Refused, Rules, Unreachable};
use crate::domain::plaintext::Plaintext;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, Response, StatusCode, redirect};
use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;
use tokio_util::bytes::Bytes;
use zeroize::Zeroizing;

pub(super) const CONNECT: Duration = Duration::from_secs(2);
pub(super) const WHOLE: Duration = Duration::from_secs(10);
pub(super) const ANSWER: usize = 1024 * 1024;

/// What came back, whole and within the limits. The body may hold a value: it is wiped.
pub(super) struct Answer {
    pub status: StatusCode,
    pub patience: Option<Duration>,
    pub body: Zeroizing<Vec<u8>>,
}

pub(super) fn client(rules: &Rules) -> Result<Client, RemoteError> {
    client_of(rules, "")
}

/// `authority`: PEM; who vouches for the server, instead of those whom this machine trusts. Empty: those.
pub(super) fn client_of(rules: &Rules, authority: &str) -> Result<Client, RemoteError> {
    built(bare(authority, WHOLE)?.dns_resolver(Guarded(rules.clone())))
}

/// For an address that was typed by whoever sits at this machine: there is nothing to guard it from. `whole` is the time of one call.
pub(super) fn client_without_guard(authority: &str, whole: Duration) -> Result<Client, RemoteError> {
    built(bare(authority, whole)?)
}

fn bare(authority: &str, whole: Duration) -> Result<ClientBuilder, RemoteError> {
    let builder = match authority {
        "" => Client::builder(),
        pem => Client::builder().tls_certs_only(authorities(pem)?),
    };
    // A proxy would resolve the name itself, past the guard.
    Ok(builder.connect_timeout(CONNECT).timeout(whole).redirect(redirect::Policy::none()).no_proxy())
}

fn built(builder: ClientBuilder) -> Result<Client, RemoteError> {
    builder.build().map_err(|_| RemoteError::last("the machine's trusted certificates cannot be read"))
}

/// At least one certificate.
pub(super) fn authorities(pem: &str) -> Result<Vec<Certificate>, RemoteError> {
    let odd = || RemoteError::last("the authority must be one certificate or more in PEM");
    let found = Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| odd())?;
    if found.is_empty() { Err(odd()) } else { Ok(found) }
}

/// The whole of one piece of work, however many calls it takes.
pub(super) async fn within<T>(
    who: &str,
    work: impl Future<Output = Result<T, RemoteError>>,
) -> Result<T, RemoteError> {
    tokio::time::timeout(WHOLE, Box::pin(work)).await.unwrap_or_else(|_| Err(RemoteError::too_slow(who)))
}

pub(super) async fn send(who: &str, request: RequestBuilder) -> Result<Answer, RemoteError> {
    whole(who, begin(who, request).await?, ANSWER).await
}

/// As far as the head of the answer.
pub(super) async fn begin(who: &str, request: RequestBuilder) -> Result<Response, RemoteError> {
    request.send().await.map_err(|e| fault(who, &e))
}

/// `most`: how many bytes may come back.
pub(super) async fn whole(who: &str, response: Response, most: usize) -> Result<Answer, RemoteError> {
    let status = response.status();
    let after = response.headers().get(http::header::RETRY_AFTER).and_then(|after| after.to_str().ok());
    let patience = patience(after);
    // A redirect's body is for people; a hostile one is not even read.
    let body = if status.is_redirection() { Zeroizing::default() } else { read(who, response, most).await? };
    Ok(Answer { status, patience, body })
}

/// What comes next of an answer that has no limit but the time of each piece.
pub(super) async fn piece(
    who: &str,
    response: &mut Response,
    most: Duration,
) -> Result<Option<Bytes>, RemoteError> {
    match tokio::time::timeout(most, response.chunk()).await {
        Ok(piece) => piece.map_err(|e| fault(who, &e)),
        Err(_) => Err(RemoteError::too_slow(who)),
    }
}

/// Streamed, so that the limit holds for an answer that hides its length.
async fn read(who: &str, mut response: Response, most: usize) -> Result<Zeroizing<Vec<u8>>, RemoteError> {
    let mut chunks = Vec::new();
    let mut size = 0;
    while let Some(chunk) = response.chunk().await.map_err(|e| fault(who, &e))? {
        size += chunk.len();
        if size > most {
            return Err(RemoteError::too_large(who, most));
        }
        chunks.push(chunk);
    }
    // Put together in one piece: a vector that grows leaves unwiped copies behind.
    let mut whole = Zeroizing::new(Vec::with_capacity(size));
    for chunk in &chunks {
        whole.extend_from_slice(chunk);
    }
    Ok(whole)
}

/// Bytes that the HTTP client may own and that are still wiped at the end.
pub(super) fn wiped(value: Plaintext) -> Bytes {
    struct Owner(Plaintext);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            self.0.expose()
        }
    }
    Bytes::from_owner(Owner(value))
}

fn fault(who: &str, error: &reqwest::Error) -> RemoteError {
    if let Some(away) = cause::<Unreachable>(error) {
        return unreachable(who, *away);
    }
    match io_kind(error) {
        _ if error.is_timeout() => RemoteError::retry(format!("{who} did not answer in time")),
        Some(ErrorKind::ConnectionRefused) => RemoteError::retry(format!("{who} refused the connection")),
        // How rustls speaks through an I/O error.
        Some(ErrorKind::InvalidData) if error.is_connect() => {
            RemoteError::retry(format!("{who} has no certificate that this machine trusts, or speaks no TLS"))
        }
        _ if error.is_connect() => RemoteError::retry(format!("{who} cannot be reached")),
        _ => RemoteError::retry(format!("the connection to {who} broke")),
    }
}

/// The innermost I/O error: they come wrapped in one another.
fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    let mut io = cause::<io::Error>(error)?;
    while let Some(inner) = io.get_ref().and_then(|inner| inner.downcast_ref()) {
        io = inner;
    }
    Some(io.kind())
}

pub(super) fn unreachable(who: &str, away: Unreachable) -> RemoteError {
    match away {
        Unreachable::Refused(refused) => forbidden(who, refused),
        Unreachable::Unresolved => {
            RemoteError::retry(format!("{who} cannot be reached: its name is not known"))
        }
    }
}

fn forbidden(who: &str, refused: Refused) -> RemoteError {
    RemoteError::last(format!("the address of {who} {refused}"))
}

/// The first cause of this type beneath an error.
pub(super) fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    std::iter::successors(error.source(), |e| (*e).source()).find_map(|e| e.downcast_ref())
}

/// Resolves and checks in one step: the address that was admitted is the one that is called, each time anew, so a
/// name that turns to another address gains nothing, and a server that moves is found again.
struct Guarded(Rules);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.0.clone();
        Box::pin(async move {
            // Port 0 is replaced by the port of the address.
            let found = rules.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
