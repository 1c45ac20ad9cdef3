//! The body of a form, whole or not at all: how large it may be, and where its token stands. The gate reads it before any handler
//! does.
use crate::imports;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;
use futures_util::StreamExt;

/// The largest form: a value of 64 KiB with every byte percent-encoded, and room for the rest.
const LARGEST_FORM: usize = 320 * 1024;
/// Twice the largest file: one that is somewhat too large is told of beside its field.
const LARGEST_UPLOAD: usize = 2 * imports::LONGEST;
/// The largest message of an identity provider: 256 KiB in base64, percent-encoded.
const LARGEST_MESSAGE: usize = 512 * 1024;
/// What is too large is read on for so long and thrown away: a browser that is still sending takes an answer that comes before
/// it has finished for a broken connection. Whoever sends more than that means no form.
const PATIENCE: usize = 32 * 1024 * 1024;

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

/// `None`: it is larger than `limit`, or it broke off. Never more than `limit` is held in memory.
pub async fn whole(body: Body, limit: usize) -> Option<Bytes> {
    let (mut parts, mut kept, mut seen) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(part) = parts.next().await {
        let part = part.ok()?;
        seen += part.len();
        if seen <= limit {
            kept.extend_from_slice(&part);
        } else {
            kept = Vec::new();
        }
        if seen > limit + PATIENCE {
            return None;
        }
    }
    (seen <= limit).then(|| Bytes::from(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test] // S70 S112
    async fn a_body_is_whole_up_to_its_limit() {
        assert_eq!(whole(Body::from("1234"), 4).await.as_deref(), Some(&b"1234"[..]));
        assert!(whole(Body::from("12345"), 4).await.is_none());
        assert!(whole(Body::from(vec![0; PATIENCE + 9]), 4).await.is_none());
        assert_eq!(whole(Body::empty(), 0).await.as_deref(), Some(&b""[..]));
    }
}
