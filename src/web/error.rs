//! Each kind of error as a page: what happened, why, what to do. The cause goes to the log, once; a page shows a request id.
use super::extract::{Visit, theme};
use super::forms::encoded;
use super::page::bare;
use super::views::error::{BareErrorPage, ErrorPage, Oops};
use super::views::parts::{Link, When};
use super::views::words::whole_sentence;
use crate::app::App;
use crate::domain::actor::Trace;
use crate::domain::error::Error;
use crate::door;
use crate::kit::clock::Utc;
use askama::Template;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use std::sync::Arc;

/// A handler's failure on its way to the gate, which knows the visitor and dresses it.
pub struct Failure(Error);

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Self(e)
    }
}

/// Carried in the answer's extensions.
#[derive(Clone)]
struct Cause(Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Cause(Arc::new(self.0)));
        response
    }
}

fn status(e: &Error) -> StatusCode {
    match e {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden(_) | Error::ProofNeeded => StatusCode::FORBIDDEN,
        Error::Conflict(_) | Error::Taken => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Turns a bare status or a failure into a page for this visitor. Everything else passes as it is.
pub async fn dress(visit: &Visit, answer: Response) -> Response {
    let cause = answer.extensions().get::<Cause>().cloned();
    let headers = answer.headers();
    // What the framework refuses by itself comes as a line of plain text that speaks of its own parts.
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_dressed =
        kind.is_some_and(|kind| !kind.starts_with(b"text/plain")) || headers.contains_key("hx-redirect");
    if cause.is_none() && (is_dressed || !answer.status().is_client_error()) {
        return answer;
    }
    if let Some(Cause(e)) = &cause {
        let actor = visit.current.as_ref().map(|user| &user.actor);
        door::told(&visit.app, actor, (&visit.asked, &visit.trace), e).await;
        if matches!(**e, Error::ProofNeeded) {
            return to_step_up(visit);
        }
    }
    let known = visit.current.is_some();
    let told = cause.as_ref().map(|cause| &*cause.0);
    let oops = oops(known, answer.status(), told, (&visit.trace, visit.app.now()));
    finished(answer.status(), render(visit, oops).await)
}

/// A failure before anything is known of the visitor but the request.
pub async fn unknown(app: &App, request: &Parts, trace: &Trace, e: &Error) -> Response {
    let asked = format!("{} {}", request.method, request.uri.path());
    door::told(app, None, (&asked, trace), e).await;
    let oops = oops(true, status(e), Some(e), (trace, app.now()));
    let shell = bare(&oops.title, String::new(), theme(&request.headers));
    finished(status(e), BareErrorPage { shell, oops }.render().unwrap_or_default())
}

/// With the word for whoever asks by itself.
fn finished(status: StatusCode, page: String) -> Response {
    let mut answer = (status, Html(page)).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(door::SOON));
    }
    answer
}

fn to_step_up(visit: &Visit) -> Response {
    let next = encoded(&visit.here);
    let target = format!("/step-up?next={next}");
    if visit.htmx {
        (StatusCode::UNAUTHORIZED, [("hx-redirect", target)]).into_response()
    } else {
        Redirect::to(&target).into_response()
    }
}

async fn render(visit: &Visit, oops: Oops) -> String {
    let title = oops.title.clone();
    if let Some(user) = &visit.current
        && let Ok(shell) = user.shell("", title.clone()).await
    {
        return ErrorPage { shell, stage: "", oops }.render().unwrap_or_default();
    }
    BareErrorPage { shell: bare(&title, visit.csrf.clone(), visit.theme), oops }.render().unwrap_or_default()
}

/// `known`: whether somebody has signed in.
fn oops(known: bool, status: StatusCode, e: Option<&Error>, (trace, now): (&Trace, Utc)) -> Oops {
    let (title, text, steps) = words(status, e);
    let link = |href: &str, label: &str| Link { href: href.to_owned(), label: label.to_owned() };
    let actions = match (status, known) {
        (_, false) => vec![link("/login", "Sign in")],
        (StatusCode::SERVICE_UNAVAILABLE, _) => vec![link("", "Try again"), link("/", "Dashboard")],
        _ => vec![link("/", "Dashboard"), link("/secrets", "Find a secret")],
    };
    Oops {
        code: code(status),
        title: title.to_owned(),
        text,
        steps: steps.into_iter().map(str::to_owned).collect(),
        actions,
        request: trace.request_id.clone(),
        when: When::relative(now, now),
    }
}

fn code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "404 Not found",
        StatusCode::FORBIDDEN => "403 Not allowed",
        StatusCode::CONFLICT => "409 Changed meanwhile",
        StatusCode::UNPROCESSABLE_ENTITY => "422 Not valid",
        StatusCode::REQUEST_TIMEOUT => "408 Too slow",
        StatusCode::PAYLOAD_TOO_LARGE => "413 Too large",
        StatusCode::METHOD_NOT_ALLOWED => "405 Not this way",
        StatusCode::SERVICE_UNAVAILABLE => "503 Not available",
        StatusCode::INTERNAL_SERVER_ERROR => "500 Broken",
        _ => "400 Not understood",
    }
}

fn words(status: StatusCode, e: Option<&Error>) -> (&'static str, String, Vec<&'static str>) {
    match e {
        Some(Error::Forbidden(why)) => ("You may not do this", whole_sentence(why), vec!["The refusal is in the audit log, with your name."]),
        Some(e @ (Error::Conflict(_) | Error::Taken)) => ("Nothing was changed", whole_sentence(&e.to_string()), vec!["Go back, look at what is there now, and try again."]),
        Some(Error::Invalid(fields)) => {
            let why: Vec<String> = fields.iter().map(|(field, messages)| format!("{field} {}", messages.join(", ")).trim().to_owned()).collect();
            ("That cannot be used", whole_sentence(&why.join("; ")), vec![])
        }
        Some(Error::Unavailable { what, .. }) => ("Not available just now", whole_sentence(what), vec!["Nothing was lost.", "Sign-in, lists and the audit log go on where they can."]),
        _ => match status {
            StatusCode::NOT_FOUND => ("There is nothing here", "It does not exist, or it lies in an environment whose door is closed to you; Keeper does not tell which.".into(), vec![]),
            StatusCode::PAYLOAD_TOO_LARGE => ("That is too large", "A form may hold up to 320 KiB, a value up to 64 KiB, a file to import up to 4 MiB. Nothing was stored.".into(), vec![]),
            StatusCode::REQUEST_TIMEOUT => ("That took too long", "The form did not come in time: Keeper waits for half a minute. Nothing was stored.".into(), vec!["Go back and send it once more, where the line is better."]),
            StatusCode::INTERNAL_SERVER_ERROR => ("Keeper broke", "This is a fault of Keeper's, and the log has its cause. What was being changed is undone.".into(), vec![]),
            _ => ("That was not understood", "The request does not fit this address. Nothing was changed.".into(), vec![]),
        },
    }
}
