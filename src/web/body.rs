//! The body of a form, whole or not at all: how large it may be, and where its token stands. The gate reads it before any handler
//! does.
use crate::imports;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;

/// The largest form: a value of 64 KiB with every byte percent-encoded, and room for the rest.
const LARGEST_FORM: usize = 320 * 1024;
/// Twice the largest file: one that is somewhat too large is told of beside its field.
const LARGEST_UPLOAD: usize = 2 * imports::LONGEST;
/// The largest message of an identity provider: 256 KiB in base64, percent-encoded.
const LARGEST_MESSAGE: usize = 512 * 1024;

/// What a POST brings, and what it has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// That it is a form of this console, sent from it.
    OurForms,
    /// The same; it may come in parts (`multipart/form-data`), and be as large as a file to import.
    Files,
    /// Nothing here: an identity provider's message comes from another site, and is proved by what it carries.
    Messages,
}

impl Takes {
    pub fn limit(self) -> usize {
        match self {
            Self::OurForms => LARGEST_FORM,
            Self::Files => LARGEST_UPLOAD,
            Self::Messages => LARGEST_MESSAGE,
        }
    }

    /// The token that stands in the form.
    pub async fn token(self, parts: &Parts, bytes: &Bytes) -> Option<String> {
        let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        if self == Self::Files && kind.starts_with(b"multipart/form-data") {
            let request = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
            let mut fields = Multipart::from_request(request, &()).await.ok()?;
            while let Some(field) = fields.next_field().await.ok()? {
                if field.name() == Some("_csrf") {
                    return field.text().await.ok();
                }
            }
            return None;
        }
        let mut fields = url::form_urlencoded::parse(bytes);
        fields.find(|(name, _)| name == "_csrf").map(|(_, token)| token.into_owned())
    }
}
