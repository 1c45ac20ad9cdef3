//! The gate before every route: who calls, may they, and not too often. A token alone counts: the cookie of a browser never does, so
//! that no other site can make a browser call.
use super::caller::ApiCaller;
use super::error::{Cause, Failure};
use super::filter::{self, Filter};
use super::going::Going;
use super::once::{self, Usual, Way};
use super::routes::Access;
use crate::app::{App, Shared};
use crate::domain::actor::{Actor, Trace};
use crate::domain::error::{Error, Result};
use crate::door::{self, Unread};
use crate::kit::limit::Buckets;
use crate::people::services;
use crate::signin;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

#[derive(Clone)]
pub struct Gate {
    pub app: Shared,
    pub access: Access,
    /// How large a body may be.
    pub most: usize,
    /// What is answered where it is done once.
    pub usual: Option<Usual>,
    pub going: Option<Going>,
    /// The parameters that its address may hold. `None`: whatever they are, nobody reads them.
    pub filters: Option<&'static [Filter]>,
}

impl Gate {
    /// For everybody, with nothing to bring.
    pub fn open(app: &Shared) -> Self {
        Self { app: app.clone(), access: Access::Public, most: 0, usual: None, going: None, filters: None }
    }
}

const NO_TOKEN: &str = "this needs a token: send it as Authorization: Bearer …";
pub const NOT_KNOWN: &str = "this token is not known, or not any more";

pub async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let trace = door::trace(&gate.app, &parts);
    let asked = format!("{} {}", parts.method, parts.uri.path());
    let (caller, refused) = match who(&gate, &parts, &trace).await {
        Ok(caller) => {
            let refused = demand(&gate, caller.as_ref()).err();
            (caller, refused)
        }
        Err(failure) => (None, Some(failure)),
    };
    let answer = match refused {
        None => pass(&gate, caller.clone(), parts, body, next).await,
        Some(failure) => Err(failure),
    };
    let actor = caller.as_ref().map(|caller| &caller.actor);
    let answer = answer.unwrap_or_else(IntoResponse::into_response);
    let answer = dress(&gate.app, actor, (&asked, &trace), answer).await;
    match gate.going {
        Some(going) => going.tell(answer),
        None => answer,
    }
}

/// Who calls; `None` where everybody may.
async fn who(gate: &Gate, parts: &Parts, trace: &Trace) -> std::result::Result<Option<ApiCaller>, Failure> {
    let app = &gate.app;
    within(app, &app.calls_by_address, &trace.network())?;
    if gate.access == Access::Public {
        return Ok(None);
    }
    let token = bearer(&parts.headers).ok_or(Failure::Unauthenticated(NO_TOKEN))?;
    caller(app, token, trace).await?.map(Some).ok_or(Failure::Unauthenticated(NOT_KNOWN))
}

/// Not too often, and with the scope that the line asks for.
fn demand(gate: &Gate, caller: Option<&ApiCaller>) -> std::result::Result<(), Failure> {
    let (Some(caller), Access::Scope(scope)) = (caller, gate.access) else { return Ok(()) };
    within(&gate.app, &gate.app.calls_by_account, &caller.actor.name())?;
    scope.map_or(Ok(()), |scope| caller.actor.demand_scope(scope)).map_err(Failure::from)
}

fn within(app: &App, buckets: &Buckets, key: &str) -> std::result::Result<(), Failure> {
    if app.settings.limits { buckets.take(key, app.now()).map_err(Failure::Slow) } else { Ok(()) }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// A person by their session's token, or a program by that of its service account.
async fn caller(app: &Shared, token: &str, trace: &Trace) -> Result<Option<ApiCaller>> {
    let held = |actor, session| ApiCaller { app: app.clone(), actor, session };
    if let Some(session) = signin::bearer(app, token).await? {
        return Ok(Some(held(session.actor(trace.clone()), Some(session))));
    }
    Ok(services::by_token(app, token, trace.clone()).await?.map(|actor| held(actor, None)))
}

async fn pass(
    gate: &Gate,
    caller: Option<ApiCaller>,
    mut parts: Parts,
    body: Body,
    next: Next,
) -> std::result::Result<Response, Failure> {
    if let Some(filters) = gate.filters {
        filter::demand(filters, &parts.uri)?;
    }
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    if let Some(caller) = &caller {
        parts.extensions.insert(caller.clone());
    }
    if reads || gate.most == 0 {
        return Ok(next.run(Request::from_parts(parts, Body::empty())).await);
    }
    if gate.usual.is_none() {
        once::demand_none(&parts.headers)?;
    }
    let read = door::whole(body, gate.most, gate.app.patience).await;
    let bytes = read.map_err(|unread| match unread {
        Unread::TooLarge => Failure::TooLarge(gate.most),
        Unread::TooSlow => Failure::TooSlow,
    })?;
    let Some(caller) = caller else {
        return alone(next.run(Request::from_parts(parts, Body::from(bytes)))).await;
    };
    let once = match once::way(&caller, &parts, &bytes, gate.usual).await? {
        Way::Often => None,
        Way::Once(once) => Some(once),
        Way::Done(done) => return done.show(&caller).await,
    };
    let actor = once.map_or_else(|| caller.actor.clone(), |once| caller.actor.clone().doing(once));
    parts.extensions.insert(ApiCaller { actor, ..caller.clone() });
    let request = Request::from_parts(parts, Body::from(bytes));
    alone(async move {
        let answer = next.run(request).await;
        once::answer(&caller, once, answer).await
    })
    .await
}

/// On its own task, so that what was begun runs to its end even if the caller goes away.
async fn alone(
    work: impl Future<Output = Response> + Send + 'static,
) -> std::result::Result<Response, Failure> {
    tokio::spawn(work).await.map_err(|panic| Error::broken(panic.to_string()).into())
}

/// What the framework refuses by itself comes as a line of plain text: it gets the envelope, too.
async fn dress(app: &App, actor: Option<&Actor>, asked: (&str, &Trace), answer: Response) -> Response {
    if let Some(Cause(e)) = answer.extensions().get::<Cause>().cloned() {
        door::told_of_program(app, actor, asked, &e).await;
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_bare = kind.is_none_or(|kind| kind.starts_with(b"text/plain"));
    match answer.status() {
        StatusCode::NOT_FOUND if is_bare => Failure::from(Error::NotFound).into_response(),
        StatusCode::METHOD_NOT_ALLOWED if is_bare => Failure::NoSuchMethod.into_response(),
        status if is_bare && status.is_client_error() => {
            Failure::NotJson("this request was not understood".into()).into_response()
        }
        _ => answer,
    }
}
