//! /saml/…: to the identity provider and back, and what Keeper says of itself there.
use super::extract::{Visit, cookie};
use super::forms::{encoded, local_path};
use super::page::{Answer, bare, html, see_other, see_other_saying, with_status};
use super::session::{self, Beginning};
use super::views::confirm::ConfirmPage;
use super::views::parts::Form as Fields;
use super::views::signin::{CarryPage, ContinuePage, RefusedPage};
use crate::config::Settings;
use crate::domain::error::Error;
use crate::door::FormGoesTo;
use crate::providers;
use crate::remote::saml::Sent;
use crate::signin;
use crate::signin::saml::{self, Arrived, Begun, Brought, Errand, Welcome};
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tower_sessions::Session;
use url::Url;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LoginQuery {
    next: String,
    /// Which identity provider; empty: the only one.
    idp: String,
    /// Not empty: whoever is signed in shall prove it anew.
    proof: String,
    /// Not empty: an admin looks at what arrives.
    test: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct AnswerForm {
    #[serde(rename = "SAMLResponse")]
    response: String,
    #[serde(rename = "RelayState")]
    relay_state: String,
}

/// A link leads here, not a form: browsers hold a form's redirects against `form-action`.
pub async fn login(visit: Visit, headers: HeaderMap, Query(query): Query<LoginQuery>) -> Answer {
    let app = &visit.app;
    if let Some(elsewhere) = to_public_host(&app.settings, &headers, &visit.here) {
        return Ok(Redirect::to(&elsewhere).into_response());
    }
    let next = local_path(&query.next);
    let current = visit.current.as_ref().map(|user| &user.current);
    let provider = query.idp.as_str();
    let errand = match current {
        Some(who) if !query.proof.is_empty() => Errand::Proof(who),
        Some(admin) if !query.test.is_empty() => Errand::Test { admin, provider },
        // The session has ended meanwhile: a sign-in is not what was asked for.
        None if !query.proof.is_empty() || !query.test.is_empty() => {
            return see_other(&format!("/login?next={}", encoded(next)));
        }
        _ => Errand::SignIn { provider },
    };
    match saml::begin(app, &visit.trace, browser_key(&visit, &headers), current, next, errand).await? {
        Begun::Go { sent, browser_key } => {
            let mut answer = carry(&visit, sent)?;
            let cookie = browser_cookie(&app.settings, &browser_key);
            answer.headers_mut().append(header::SET_COOKIE, cookie.parse().map_err(Error::broken)?);
            Ok(answer)
        }
        Begun::TooMany => refused(&visit, StatusCode::TOO_MANY_REQUESTS, TOO_MANY),
    }
}

/// The identity provider's POST comes from another site: what proves it is its signature and the request that it answers.
pub async fn receive(
    visit: Visit,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<AnswerForm>,
) -> Answer {
    let brought = Brought {
        browser_key: browser_key(&visit, &headers),
        encoded: &form.response,
        relay_state: local_path(&form.relay_state),
    };
    match saml::receive(&visit.app, &visit.trace, brought).await? {
        Arrived::Welcome(welcome) => let_in(&visit, &session, &headers, &welcome).await,
        // With a GET of its own the browser shows its other cookies again.
        Arrived::Confirm { browser_key } => {
            let mut answer = see_other("/saml/continue")?;
            if let Some(key) = browser_key {
                let cookie = browser_cookie(&visit.app.settings, &key);
                answer.headers_mut().append(header::SET_COOKIE, cookie.parse().map_err(Error::broken)?);
            }
            Ok(answer)
        }
        Arrived::Tested(reference) => see_other(&format!("/settings/saml/reports/{reference}")),
        Arrived::Refused => refused(&visit, StatusCode::FORBIDDEN, REFUSED),
        Arrived::Slow => refused(&visit, StatusCode::TOO_MANY_REQUESTS, TOO_MANY),
    }
}

/// A message of Keeper's on its way to a provider: by the address, or by a form that sends itself.
pub(super) fn carry(visit: &Visit, sent: Sent) -> Answer {
    match sent {
        Sent::Redirect(url) => Ok(Redirect::to(url.as_str()).into_response()),
        Sent::Post { action, field, message, relay_state } => {
            let shell = bare("On to your identity provider", visit.csrf.clone(), visit.theme);
            let page = CarryPage { shell, action: action.to_string(), field, message, relay_state };
            let mut answer = html(&page)?;
            answer.extensions_mut().insert(FormGoesTo(origin(&action)));
            Ok(answer)
        }
    }
}

pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// GET /saml/continue: somebody has arrived, and says whether that is meant.
pub async fn ask(visit: Visit, headers: HeaderMap) -> Answer {
    let Some(arrived) = saml::waiting(&visit.app, browser_key(&visit, &headers)).await? else {
        return see_other("/");
    };
    let name = arrived.username;
    let Some(user) = &visit.current else {
        let shell = bare("Continue", visit.csrf.clone(), visit.theme);
        return html(&ContinuePage { shell, name });
    };
    let here = &user.current.user.username;
    html(&ConfirmPage {
        shell: user.shell("account", "Another person").await?,
        stage: "",
        crumbs: Vec::new(),
        title: format!("Continue as {name}?"),
        text: format!(
            "This browser is signed in as {here}. The identity provider says that you are {name}. Going on ends the session of {here}."
        ),
        items: Vec::new(),
        more: 0,
        action: "/saml/continue".to_owned(),
        hidden: Vec::new(),
        type_name: None,
        form: Fields::default(),
        wants_reason: false,
        button: format!("Continue as {name}"),
        cancel: "/".to_owned(),
        is_danger: false,
    })
}

pub async fn confirm(visit: Visit, session: Session, headers: HeaderMap) -> Answer {
    let here = visit.current.as_ref().map(|user| user.current.token_hash.as_str());
    let welcome = saml::confirm(&visit.app, browser_key(&visit, &headers), here).await?;
    let_in(&visit, &session, &headers, &welcome).await
}

pub async fn metadata(visit: Visit) -> Answer {
    let text = saml::service_provider_metadata(&visit.app).await?;
    Ok(([(header::CONTENT_TYPE, "application/samlmetadata+xml")], text).into_response())
}

/// Keeper's active certificate in PEM, for providers that ask for a file.
pub async fn certificate(visit: Visit) -> Answer {
    let keys = providers::own_keys(&visit.app).await?;
    let active = keys.first().ok_or(Error::NotFound)?;
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in active.certificate.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

async fn let_in(visit: &Visit, session: &Session, headers: &HeaderMap, welcome: &Welcome) -> Answer {
    if let Some(old) = &welcome.replaces {
        signin::forget(&visit.app, old).await?;
    }
    let beginning = Beginning {
        user: &welcome.user,
        is_proof: welcome.is_proof,
        second: None,
        index: welcome.session_index.as_deref(),
        name_id: Some(&welcome.name_id),
        ends: welcome.session_ends,
    };
    session::begin(visit, session, headers, beginning).await?;
    let next = local_path(&welcome.next);
    if welcome.is_proof { see_other_saying(next, "welcome") } else { see_other(next) }
}

const REFUSED: &str = "The identity provider answered, and Keeper did not let you in. Give the reference to an admin: the audit log has the reason.";
const TOO_MANY: &str = "Too many sign-ins were begun from your address. Wait a minute, then try again.";

fn refused(visit: &Visit, status: StatusCode, text: &'static str) -> Answer {
    turned_away(visit, status, ("Not signed in", "Sign in again"), text)
}

/// A message that was not believed: the log has the reason under the reference.
pub(super) fn turned_away(
    visit: &Visit,
    status: StatusCode,
    (title, on): (&'static str, &'static str),
    text: &'static str,
) -> Answer {
    let shell = bare(title, visit.csrf.clone(), visit.theme);
    let reference = visit.trace.request_id.clone();
    with_status(status, &RefusedPage { shell, title, text, on, reference })
}

/// Cookies belong to a host's name, and the provider's answer will come to the public one: begin there.
fn to_public_host(settings: &Settings, headers: &HeaderMap, here: &str) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let asked = url::Url::parse(&format!("{}://{host}", settings.public_url.scheme())).ok()?;
    let public = &settings.public_url;
    (asked.host_str() != public.host_str())
        .then(|| format!("{}{here}", public.as_str().trim_end_matches('/')))
}

fn cookie_name(settings: &Settings) -> &'static str {
    if settings.public_url.scheme() == "https" { "__Host-keeper-saml" } else { "keeper-saml" }
}

fn browser_key<'a>(visit: &Visit, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, cookie_name(&visit.app.settings))
}

/// It has to travel with the provider's cross-site POST, which `SameSite=Lax` cookies do not. Browsers take `Secure` from
/// a loopback address without TLS, too.
fn browser_cookie(settings: &Settings, key: &str) -> String {
    format!("{}={key}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=None", cookie_name(settings))
}
