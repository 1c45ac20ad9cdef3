//! The gate before every route: who is there, may they come in, and is a POST really from our own form.
use super::body::Takes;
use super::error::{Failure, dress, unknown};
use super::extract::{CurrentUser, Visit, cookie, theme};
use super::forms::encoded;
use super::page::known_word;
use super::routes::Access;
use crate::app::Shared;
use crate::config::Mode;
use crate::domain::actor::Trace;
use crate::domain::enums::Role;
use crate::domain::error::{Error, Result};
use crate::door::{self, Unread, trace};
use crate::signin::{self, Current};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;
use tower_sessions::Session;

#[derive(Clone)]
pub struct Gate {
    pub app: Shared,
    pub access: Access,
    pub takes: Takes,
}

pub async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let trace = trace(&gate.app, &parts);
    let visit = match visit(&gate.app, &parts, &trace).await {
        Ok(visit) => visit,
        Err(e) => return unknown(&gate.app, &parts, &trace, &e).await,
    };
    parts.extensions.insert(visit.clone());
    let request = Request::from_parts(parts, body);
    let answer = pass(&gate, &visit, request, next).await;
    let mut answer = dress(&visit, answer).await;
    let is_page = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(fresh) = visit.fresh_visitor.as_ref().filter(|_| is_page)
        && let Ok(cookie) = HeaderValue::from_str(&pre_session(&gate.app, fresh))
    {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // Said once: the page that shows it takes it away.
    if is_page && visit.current.as_ref().is_some_and(|user| user.said.is_some() && !user.partial) {
        let gone = HeaderValue::from_static("keeper-said=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
        answer.headers_mut().append(header::SET_COOKIE, gone);
    }
    answer
}

async fn pass(gate: &Gate, visit: &Visit, request: Request, next: Next) -> Response {
    match (gate.access, &visit.current) {
        (Access::Public, _) => {}
        (_, None) => return to_sign_in(visit),
        (access, Some(user)) if user.current.user.role < access.role() => return refuse(),
        _ => {}
    }
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return next.run(request).await;
    }
    let proved = match gate.takes {
        Takes::OurForms | Takes::Files => prove_form(gate, visit, request).await,
        Takes::Messages => bounded(gate, request).await,
    };
    match proved {
        // On its own task, so that what was begun runs to its end even if the browser goes away.
        Ok(request) => match tokio::spawn(next.run(request)).await {
            Ok(answer) => answer,
            Err(panic) => Failure::from(Error::broken(panic.to_string())).into_response(),
        },
        Err(response) => *response,
    }
}

async fn visit(app: &Shared, request: &Parts, trace: &Trace) -> Result<Visit> {
    let headers = &request.headers;
    let token = request.extensions.get::<Session>().and_then(Session::id).map(|id| id.to_string());
    let current = match token {
        Some(token) => signin::current(app, &token).await?,
        None => None,
    };
    let visitor = cookie(headers, pre_name(app)).filter(|v| v.len() == 32).map(str::to_owned);
    let (holder, fresh_visitor) = match (&current, visitor) {
        (Some(current), _) => (current.token_hash.clone(), None),
        (None, Some(visitor)) => (visitor, None),
        (None, None) => {
            let fresh = hex::encode(app.chance.bytes::<16>()?);
            (fresh.clone(), Some(fresh))
        }
    };
    // Without keys nobody can sign in or send a form; pages that need none still answer.
    let csrf = match app.keys() {
        Ok(keys) => keys.csrf_token(&holder, &app.chance.bytes()?),
        Err(_) => String::new(),
    };
    let flag = |name: &str, value: &str| headers.get(name).is_some_and(|v| v == value);
    let theme = theme(headers);
    let said = cookie(headers, "keeper-said").and_then(known_word);
    let partial = flag("hx-request", "true") && flag("hx-request-type", "partial");
    let person = |current: Current| {
        let actor = current.actor(trace.clone());
        let around = Arc::default();
        Arc::new(CurrentUser {
            app: app.clone(),
            actor,
            current,
            csrf: csrf.clone(),
            theme,
            said,
            partial,
            around,
        })
    };
    let current = current.map(person);
    let here = request.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let asked = format!("{} {}", request.method, request.uri.path());
    let htmx = flag("hx-request", "true");
    let (app, trace) = (app.clone(), trace.clone());
    Ok(Visit { app, trace, theme, htmx, here, asked, holder, csrf, fresh_visitor, current })
}

/// A form within its limit.
async fn bounded(gate: &Gate, request: Request) -> std::result::Result<Request, Box<Response>> {
    let (parts, bytes) = whole(gate, request).await?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

async fn whole(gate: &Gate, request: Request) -> std::result::Result<(Parts, Bytes), Box<Response>> {
    let (parts, body) = request.into_parts();
    let read = door::whole(body, gate.takes.limit(), gate.app.patience).await;
    let status = match read {
        Ok(bytes) => return Ok((parts, bytes)),
        Err(Unread::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(Unread::TooSlow) => StatusCode::REQUEST_TIMEOUT,
    };
    Err(Box::new(status.into_response()))
}

/// Origin or Sec-Fetch-Site, and the token of this very session: either alone has been got round somewhere.
async fn prove_form(
    gate: &Gate,
    visit: &Visit,
    request: Request,
) -> std::result::Result<Request, Box<Response>> {
    let foreign = || {
        Box::new(
            Failure::from(Error::Forbidden(
                "this form did not come from this console: open the page again and send it from there".into(),
            ))
            .into_response(),
        )
    };
    if !is_own_origin(&gate.app, request.headers()) {
        return Err(foreign());
    }
    let (parts, bytes) = whole(gate, request).await?;
    let token = gate.takes.token(&parts, &bytes).await;
    let holder = match &visit.current {
        Some(user) => user.current.token_hash.clone(),
        None => cookie(&parts.headers, pre_name(&gate.app)).unwrap_or_default().to_owned(),
    };
    let keys = gate.app.keys().map_err(|e| Box::new(Failure::from(e).into_response()))?;
    if !token.is_some_and(|token| !holder.is_empty() && keys.is_csrf_token(&holder, &token)) {
        return Err(foreign());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn is_own_origin(app: &Shared, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let site_is_own = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let public = app.settings.public_url.origin().ascii_serialization();
    // In development people type `localhost` as well as 127.0.0.1: the name that was asked for is ours, too.
    let asked =
        text("host").filter(|_| app.settings.mode == Mode::Development).map(|host| format!("http://{host}"));
    let origin_is_own =
        text("origin").is_none_or(|origin| origin == public || asked.is_some_and(|asked| asked == origin));
    site_is_own && origin_is_own
}

fn to_sign_in(visit: &Visit) -> Response {
    let next = encoded(&visit.here);
    let target = if visit.here == "/" { "/login".to_owned() } else { format!("/login?next={next}") };
    if visit.htmx {
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", target)]).into_response();
    }
    Redirect::to(&target).into_response()
}

fn refuse() -> Response {
    Failure::from(Error::Forbidden("your role does not reach this page: ask an admin if you need it".into()))
        .into_response()
}

impl Access {
    fn role(self) -> Role {
        match self {
            Self::Public | Self::User => Role::User,
            Self::Manager => Role::Manager,
            Self::Admin => Role::Admin,
        }
    }
}

fn is_https(app: &Shared) -> bool {
    app.settings.public_url.scheme() == "https"
}

fn pre_name(app: &Shared) -> &'static str {
    if is_https(app) { "__Host-keeper-pre" } else { "keeper-pre" }
}

fn pre_session(app: &Shared, value: &str) -> String {
    let secure = if is_https(app) { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=7200{secure}", pre_name(app))
}
