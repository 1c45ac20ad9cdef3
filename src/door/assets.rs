//! Static files: compiled in, named with the hash of their content, kept by browsers for a year.
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// `/static/css/ui.css?v=HASH`.
pub fn address(path: &str) -> String {
    let hash =
        Files::get(path).map(|file| hex::encode(&file.metadata.sha256_hash()[..6])).unwrap_or_default();
    format!("/static/{path}?v={hash}")
}

pub async fn show(Path(path): Path<String>) -> Response {
    match Files::get(&path) {
        Some(file) => {
            let kind = file.metadata.mimetype().to_owned();
            let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
            let keep = "public, max-age=31536000, immutable".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], file.data).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
