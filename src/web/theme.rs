//! POST /theme: light or dark, for those without script. The script sets the same cookie by itself.
use super::extract::Visit;
use super::page::Answer;
use axum::extract::Form;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct ThemeForm {
    theme: String,
}

pub async fn set(_: Visit, headers: HeaderMap, Form(form): Form<ThemeForm>) -> Answer {
    let theme = if form.theme == "dark" { "dark" } else { "light" };
    let back =
        headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|v| url::Url::parse(v).ok());
    // The path alone: wherever the header points, the browser stays here.
    let back = back.map_or_else(
        || "/".to_owned(),
        |url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
    );
    let cookie = format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(super::forms::local_path(&back))).into_response())
}
