//! POST /logout, and /saml/slo: the end of a session, here and at the identity provider.
use super::extract::{CurrentUser, Visit};
use super::page::{Answer, bare, html, see_other_saying};
use super::saml::{carry, origin, turned_away};
use super::views::signin::{Onward, SignedOutPage};
use crate::domain::enums::AuthMethod;
use crate::domain::error::Result;
use crate::door::FormGoesTo;
use crate::remote::saml::{LogoutKind, LogoutMessage, LogoutOutcome, NameId, Sent};
use crate::signin::saml::{self, Heard, WayOn};
use crate::signin::{self, keys};
use axum::extract::{Form, RawQuery};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tower_sessions::Session;

const LEFT: &str = "Your identity provider may still know you: on a shared machine sign out there, too, or close the browser.";
const NOT_FOLLOWED: &str =
    "The message was not believed. Give the reference to an admin: the audit log has the reason.";
const TOO_MANY: &str = "Too many messages came from your address. Wait a minute, then try again.";

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct MessageForm {
    #[serde(rename = "SAMLRequest")]
    request: Option<String>,
    #[serde(rename = "SAMLResponse")]
    response: Option<String>,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

/// The session here ends first, whatever becomes of the rest.
pub async fn sign_out(user: CurrentUser, visit: Visit, session: Session) -> Answer {
    let person = &user.current.user;
    let named = named(&session).await?;
    signin::sign_out(&user.app, &user.actor, &user.current).await?;
    session.flush().await.map_err(signin::store_error)?;
    let way_on = match named {
        Some((name_id, index)) => {
            let found = saml::way_on(&user.app, &visit.trace, person, &name_id, index.as_deref()).await;
            found.unwrap_or_else(|error| {
                tracing::warn!(%error, "there is no way on to the identity provider's logout");
                None
            })
        }
        None => None,
    };
    let mut answer = match way_on {
        Some(on) => offer(&visit, on)?,
        None if person.auth_method == AuthMethod::Saml => see_other_saying("/login", "signed-out-here")?,
        None => see_other_saying("/login", "signed-out")?,
    };
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(answer)
}

/// Who the provider says is here, and what it calls its session.
async fn named(session: &Session) -> Result<Option<(NameId, Option<String>)>> {
    let text = session.get::<String>(keys::NAME_ID).await.map_err(signin::store_error)?;
    let Some(name_id) = text.and_then(|text| serde_json::from_str(&text).ok()) else { return Ok(None) };
    let index = session.get::<String>(keys::SESSION_INDEX).await.map_err(signin::store_error)?;
    Ok(Some((name_id, index)))
}

/// A form's answer never leads off-site by itself: browsers would hold it against `form-action`.
fn offer(visit: &Visit, on: WayOn) -> Answer {
    let label = format!("Sign out of {}, too", on.provider);
    let (on, goes_to) = match on.sent {
        Sent::Redirect(url) => (Onward::Link { label, href: url.to_string() }, None),
        Sent::Post { action, field, message, .. } => {
            (Onward::Form { label, action: action.to_string(), field, message }, Some(origin(&action)))
        }
    };
    let mut answer = page(visit, ("ok", "circle-check"), "Signed out of Keeper", LEFT.to_owned(), Some(on))?;
    if let Some(goes_to) = goes_to {
        answer.extensions_mut().insert(FormGoesTo(goes_to));
    }
    Ok(answer)
}

/// GET /saml/slo: the signature lies over the query as it was sent.
pub async fn by_query(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let read = LogoutMessage::read_query(query.as_deref().unwrap_or_default());
    let heard = saml::hear(&visit.app, &visit.trace, read).await?;
    told(&visit, heard)
}

/// POST /saml/slo: the signature lies in the document.
pub async fn by_form(visit: Visit, Form(form): Form<MessageForm>) -> Answer {
    let (kind, text) = match (&form.request, &form.response) {
        (None, Some(response)) => (LogoutKind::Response, response.as_str()),
        (request, _) => (LogoutKind::Request, request.as_deref().unwrap_or_default()),
    };
    let read = LogoutMessage::read_form(kind, text, form.relay_state.as_deref());
    let heard = saml::hear(&visit.app, &visit.trace, read).await?;
    told(&visit, heard)
}

fn told(visit: &Visit, heard: Heard) -> Answer {
    let ok = ("ok", "circle-check");
    match heard {
        Heard::Ended { answer: Some(sent), .. } => carry(visit, sent),
        Heard::Ended { provider, answer: None } => page(
            visit,
            ok,
            "Signed out",
            format!("{provider} has ended your session, and so has Keeper."),
            None,
        ),
        Heard::Answered { provider, outcome: LogoutOutcome::Complete } => {
            page(visit, ok, "Signed out", format!("You are signed out of Keeper and of {provider}."), None)
        }
        Heard::Answered { provider, outcome } => {
            let text = match outcome {
                LogoutOutcome::Partial => format!(
                    "You are signed out of Keeper. {provider} could not reach every service that you are signed in to: close the browser."
                ),
                _ => format!(
                    "You are signed out of Keeper. {provider} did not end its own session: sign out there, or close the browser."
                ),
            };
            page(visit, ("warn", "clock-exclamation"), "Signed out of Keeper", text, None)
        }
        Heard::Refused => {
            turned_away(visit, StatusCode::FORBIDDEN, ("Nothing has ended", "On to Keeper"), NOT_FOLLOWED)
        }
        Heard::Slow => {
            turned_away(visit, StatusCode::TOO_MANY_REQUESTS, ("Nothing has ended", "On to Keeper"), TOO_MANY)
        }
    }
}

fn page(
    visit: &Visit,
    (tone, icon): (&'static str, &'static str),
    title: &'static str,
    text: String,
    on: Option<Onward>,
) -> std::result::Result<Response, super::error::Failure> {
    let shell = bare(title, visit.csrf.clone(), visit.theme);
    html(&SignedOutPage { shell, tone, icon, title, text, on })
}
