//! Reveal: the reason is asked where policy says so; the value is shown once, for thirty seconds, and kept nowhere.
use super::head::head;
use super::show::{digest, size};
use crate::domain::error::{Error, Result};
use crate::environments::Act;
use crate::secrets::{self, Found, Revealed};
use crate::web::extract::{CurrentUser, Id, ValidQuery};
use crate::web::page::{Answer, html, with_status};
use crate::web::views::parts::{Digest, Form};
use crate::web::views::secrets::{RevealPage, RevealedPage};
use crate::web::views::words::Exact;
use axum::http::{HeaderValue, StatusCode, header};
use axum_extra::extract::Form as Posted;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RevealForm {
    reason: String,
    /// An earlier version; empty is the current one.
    version: String,
    /// Set: by an admin who is no member.
    break_glass: Option<String>,
}

pub async fn ask(user: CurrentUser, Id(id): Id, ValidQuery(query): ValidQuery<RevealForm>) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    let act = if query.break_glass.is_some() { Act::RevealByGlass } else { Act::Reveal };
    found.demand(&user.actor, act)?;
    found.demand_proof_to_open(&user.actor, act, user.app.now())?;
    html(&page(&user, &found, Form::default().with("version", query.version)).await?)
}

pub async fn reveal(user: CurrentUser, Id(id): Id, Posted(form): Posted<RevealForm>) -> Answer {
    let number = form.version.parse().ok();
    let shown = match form.break_glass {
        None => secrets::reveal(&user.app, &user.actor, id, number, &form.reason).await,
        Some(_) => secrets::reveal_by_glass(&user.app, &user.actor, id, number, &form.reason).await,
    };
    match shown {
        Ok(revealed) => show(&user, &revealed).await,
        Err(Error::Invalid(errors)) => {
            let found = secrets::find(&user.app, &user.actor, id).await?;
            let typed = Form { refusal: "Not shown", ..Form::default() };
            let form = typed
                .with("reason", form.reason)
                .with("version", form.version)
                .failing(&errors, &[("reason", "A reason")]);
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page(&user, &found, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn page(user: &CurrentUser, found: &Found, form: Form) -> Result<RevealPage> {
    let secret = &found.secret;
    let number = form.get("version").parse().unwrap_or(secret.current_version);
    let version = secrets::version(&user.app, secret.id, number).await?;
    Ok(RevealPage {
        shell: user.shell("secrets", format!("Reveal {}", secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&found.place.environment).into(),
        level: secret.secrecy_level.as_str(),
        form,
        size: size(version.length),
        digest: digest(&version),
        by_glass: found.demand(&user.actor, Act::Reveal).is_err(),
    })
}

/// Text as it is; what is no text, or holds a NUL, as base64. Not compressed, not kept, gone after thirty seconds.
async fn show(user: &CurrentUser, revealed: &Revealed) -> Answer {
    let bytes = revealed.value.expose();
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let encoded = Zeroizing::new(if text.is_none() { STANDARD.encode(bytes) } else { String::new() });
    let secret = &revealed.found.secret;
    let view = RevealedPage {
        shell: user.shell("secrets", secret.name.clone()).await?,
        secret: head(user, &revealed.found, "overview").await?,
        version: revealed.number,
        size: size(i64::try_from(bytes.len()).map_err(Error::broken)?),
        digest: revealed.digest.map_or_else(|| Digest { hex: String::new(), differs: false }, Digest::from),
        is_current: revealed.number == secret.current_version,
        value: Exact(text.unwrap_or(&encoded)),
        is_binary: text.is_none(),
    };
    let mut answer = html(&view)?;
    let refresh = HeaderValue::from_str(&format!("30; url=/secrets/{}", secret.id)).map_err(Error::broken)?;
    answer.headers_mut().insert(header::REFRESH, refresh);
    // A length that depends on how well a value compresses would tell of it.
    answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    Ok(answer)
}
