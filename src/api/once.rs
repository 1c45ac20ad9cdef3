//! `Idempotency-Key`: a request that is sent again is answered as the first was, by what is stored now, and does nothing.
use super::caller::ApiCaller;
use super::done::{Done, Of};
use super::error::Failure;
use super::line::Shape;
use crate::audit::once::{self, Answered, Begun, Told};
use crate::domain::actor::Once;
use crate::domain::error::Error;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

const NAME: &str = "idempotency-key";

/// What a line answers by, for what was done but never answered.
#[derive(Clone, Copy)]
pub struct Usual {
    pub of: Of,
    pub status: StatusCode,
}

pub enum Way {
    /// There is no key: as often as it is sent.
    Often,
    Once(Once),
    /// It was done.
    Done(Done),
}

pub async fn way(
    caller: &ApiCaller,
    parts: &Parts,
    body: &[u8],
    usual: Option<Usual>,
) -> Result<Way, Failure> {
    let Some((usual, key)) = usual.zip(key(&parts.headers)?) else { return Ok(Way::Often) };
    let app = &caller.app;
    if app.settings.limits {
        app.keys_by_account.take(&caller.actor.name(), app.now()).map_err(Failure::Slow)?;
    }
    let matching = parts.headers.get("if-match").map(HeaderValue::as_bytes).unwrap_or_default();
    let head = format!("{} {}\n{}\n", parts.method, parts.uri, String::from_utf8_lossy(matching));
    let begun = once::begin(app, &caller.actor, key, &[head.as_bytes(), body]).await?;
    match begun {
        Begun::Now(once) => Ok(Way::Once(once)),
        Begun::Done(answered) => done(&answered).map(Way::Done),
        Begun::Told(told) => Ok(Way::Done(as_told(usual, &told))),
        Begun::Other => Err(Failure::KeyUsed),
        Begun::Busy => Err(Failure::KeyBusy),
    }
}

const NOT_TAKEN: &str = "Idempotency-Key is not taken here: this is done each time that it is sent. Leave the header away; where there is \
    an ETag, If-Match keeps a change from being made twice";

/// What is passed over in silence would seem to have been heard.
pub fn demand_none(headers: &HeaderMap) -> Result<(), Failure> {
    if headers.contains_key(NAME) { Err(Failure::NotJson(NOT_TAKEN.into())) } else { Ok(()) }
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let Some(key) = headers.get(NAME) else { return Ok(None) };
    let visible =
        |key: &&str| !key.is_empty() && key.len() <= 255 && key.bytes().all(|b| b.is_ascii_graphic());
    let key = key.to_str().ok().filter(visible);
    key.map(Some)
        .ok_or_else(|| Failure::NotJson("Idempotency-Key must be 1 to 255 visible ASCII characters".into()))
}

/// What is kept of an answer, or the key freed where nothing was done. False: a later try has the key.
async fn keep(caller: &ApiCaller, once: Once, done: Option<&Done>) -> Result<bool, Error> {
    let Some(done) = done else { return once::forget(&caller.app, once).await };
    let answered = Answered {
        status: i64::from(done.status.as_u16()),
        resource: done.of.as_str().to_owned(),
        ids: done.ids.clone(),
    };
    once::finish(&caller.app, once, &answered).await.map(|()| true)
}

/// What was done is shown. A refusal of what another try has in hand by now would only tell of what that one does: "the name is taken".
pub async fn answer(caller: &ApiCaller, once: Option<Once>, answer: Response) -> Response {
    let done = answer.extensions().get::<Done>().cloned();
    let is_last = match once {
        None => true,
        Some(once) => keep(caller, once, done.as_ref()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what a request was answered by could not be kept");
            true
        }),
    };
    let status = answer.status();
    let stands_against =
        [StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED, StatusCode::UNPROCESSABLE_ENTITY];
    match done {
        Some(done) => done.show(caller).await.unwrap_or_else(IntoResponse::into_response),
        None if !is_last && stands_against.contains(&status) => Failure::KeyBusy.into_response(),
        None => answer,
    }
}

fn done(answered: &Answered) -> Result<Done, Failure> {
    let status = u16::try_from(answered.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let of = [Of::Secret, Of::Secrets, Of::Rotation, Of::User].into_iter();
    let of = of.into_iter().find(|of| of.as_str() == answered.resource);
    let (Some(status), Some(of)) = (status, of) else {
        return Err(Error::broken("a kept answer that cannot be read").into());
    };
    Ok(Done { status, of, ids: answered.ids.clone() })
}

/// It was answered by what it usually is, or it waits for another person.
fn as_told(usual: Usual, told: &[Told]) -> Done {
    let waits = told.iter().any(|one| one.action == "rotation.requested");
    let status = if waits { StatusCode::ACCEPTED } else { usual.status };
    Done { status, of: usual.of, ids: ids(usual.of, told) }
}

/// What the events of a request tell of what it made.
fn ids(of: Of, told: &[Told]) -> Vec<i64> {
    let detail = |key: &str| told.iter().find_map(|one| one.detail[key].as_i64());
    match of {
        Of::Secret => told.iter().filter_map(|one| one.secret_id).take(1).collect(),
        Of::Secrets => {
            let made = told.iter().filter(|one| one.action == "secret.created");
            made.filter_map(|one| one.secret_id).collect()
        }
        Of::Rotation => detail("rotation").into_iter().collect(),
        Of::User => detail("user_id").into_iter().collect(),
    }
}

impl Usual {
    /// From what the document says of a line.
    pub fn of(gives: &Shape, status: u16) -> Option<Self> {
        let of = match (gives.name.as_str(), gives.many) {
            ("Secret", true) => Of::Secrets,
            ("Secret", false) => Of::Secret,
            ("Rotation", false) => Of::Rotation,
            ("User", false) => Of::User,
            _ => return None,
        };
        Some(Self { of, status: StatusCode::from_u16(status).ok()? })
    }
}
