//! Whom Keeper is in Vault: a token that was given, or one that an `AppRole` sign-in gave. It is kept in memory alone, renewed when a third
//! of its time is left, and had anew when it cannot be; one call at a time does so.
use super::calls::{header, refusal, said};
use super::path::Path;
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use crate::remote::http::{Answer, wiped};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::bytes::Bytes;

/// A token that cannot be renewed now is asked for it again after this long.
const LOOK_AGAIN: Duration = Duration::from_mins(10);
/// A token that is refused so soon after its sign-in is refused for what it may not do.
const FRESH: Duration = Duration::from_secs(5);

/// How somebody signs in to Vault.
pub enum SignIn {
    Token(Plaintext),
    /// `mount`: where the auth method lies, `approle` unless it was moved.
    AppRole {
        mount: String,
        role_id: String,
        secret_id: Plaintext,
    },
}

pub(super) struct Session {
    sign_in: Known,
    held: Mutex<Option<Held>>,
}

enum Known {
    Token(HeaderValue),
    AppRole { login: Vec<Path>, role_id: String, secret_id: Plaintext },
}

struct Held {
    token: HeaderValue,
    /// Of the sign-in.
    since: Instant,
    /// When it is renewed.
    due: Instant,
}

/// One call without a token, or with this one.
pub(super) trait Ask {
    async fn ask(
        &self,
        path: &[Path],
        token: Option<&HeaderValue>,
        body: Bytes,
    ) -> Result<Answer, RemoteError>;
}

#[derive(Serialize)]
struct Login<'a> {
    role_id: &'a str,
    secret_id: &'a str,
}

#[derive(Deserialize)]
struct Signed {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    client_token: Plaintext,
    /// In seconds; 0: it has no end.
    lease_duration: u64,
    #[serde(default)]
    renewable: bool,
}

impl Session {
    pub fn new(sign_in: SignIn) -> Result<Self, RemoteError> {
        let sign_in = match sign_in {
            SignIn::Token(token) => Known::Token(header(token, "the token")?),
            SignIn::AppRole { mount, role_id, secret_id } => {
                let mount = Path::parse(&mount)
                    .map_err(|e| RemoteError::last(format!("the mount of the AppRole sign-in {e}")))?;
                let login = vec![Path::word("auth"), mount, Path::word("login")];
                Known::AppRole { login, role_id, secret_id }
            }
        };
        Ok(Self { sign_in, held: Mutex::default() })
    }

    pub async fn token(&self, calls: &impl Ask) -> Result<HeaderValue, RemoteError> {
        let mut held = self.held.lock().await;
        let now = Instant::now();
        if let Some(held) = held.as_ref().filter(|held| held.due > now) {
            return Ok(held.token.clone());
        }
        let known = held.as_ref().map(|held| (held.token.clone(), held.since));
        let next = match (&self.sign_in, known) {
            // At the first call as well: whoever has little time left is renewed at once.
            (Known::Token(token), _) => match renew(calls, token).await? {
                Some(until) => Held { token: token.clone(), since: now, due: until },
                None => Held { token: token.clone(), since: now, due: now + LOOK_AGAIN },
            },
            (Known::AppRole { .. }, Some((token, since))) => match renew(calls, &token).await? {
                Some(until) => Held { token, since, due: until },
                None => self.sign_in(calls).await?,
            },
            (Known::AppRole { .. }, None) => self.sign_in(calls).await?,
        };
        let token = next.token.clone();
        *held = Some(next);
        Ok(token)
    }

    /// Vault refused this token. True: another one can be had, and the call be made again.
    pub async fn gives_up(&self, token: &HeaderValue) -> bool {
        if !matches!(self.sign_in, Known::AppRole { .. }) {
            return false;
        }
        let mut held = self.held.lock().await;
        match held.as_ref() {
            Some(now) if now.token == *token && now.since.elapsed() < FRESH => false,
            Some(now) if now.token == *token => {
                *held = None;
                true
            }
            // Somebody else has had one anew meanwhile.
            _ => true,
        }
    }

    async fn sign_in(&self, calls: &impl Ask) -> Result<Held, RemoteError> {
        let Known::AppRole { login, role_id, secret_id } = &self.sign_in else {
            return Err(RemoteError::last("there is no AppRole to sign in with"));
        };
        let secret_id = std::str::from_utf8(secret_id.expose())
            .map_err(|_| RemoteError::last("the secret id of the AppRole is no text"))?;
        // Room from the start: a vector that grows leaves unwiped copies behind.
        let mut text = Vec::with_capacity(8 * 1024);
        serde_json::to_writer(&mut text, &Login { role_id, secret_id })
            .map_err(|_| RemoteError::last("the AppRole's ids cannot be sent"))?;
        let answer = calls.ask(login, None, wiped(Plaintext::new(text))).await?;
        match answer.status.as_u16() {
            400 | 401 | 403 => {
                return Err(RemoteError::last(
                    "Vault refuses the AppRole: its role id or its secret id is not valid, or has expired",
                ));
            }
            404 | 405 => return Err(RemoteError::last("Vault has no AppRole sign-in at this mount")),
            _ if answer.status.is_success() => {}
            _ => return Err(refusal(&answer)),
        }
        let Signed { auth } = said(&answer)?;
        let now = Instant::now();
        let due = due(now, &auth).unwrap_or(now + LOOK_AGAIN);
        Ok(Held { token: header(auth.client_token, "the token of the AppRole sign-in")?, since: now, due })
    }
}

/// When it is to be renewed next; `None`: it cannot be renewed. Where nobody answers, the call that is meant would not be answered either.
async fn renew(calls: &impl Ask, token: &HeaderValue) -> Result<Option<Instant>, RemoteError> {
    let path = ["auth", "token", "renew-self"].map(Path::word);
    let answer = calls.ask(&path, Some(token), Bytes::from_static(b"{}")).await?;
    let signed: Option<Signed> = answer.status.is_success().then(|| said(&answer).ok()).flatten();
    Ok(signed.and_then(|signed| due(Instant::now(), &signed.auth)))
}

fn due(now: Instant, auth: &Auth) -> Option<Instant> {
    let lease = Duration::from_secs(auth.lease_duration);
    (auth.renewable && !lease.is_zero()).then(|| now + lease * 2 / 3)
}
