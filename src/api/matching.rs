//! `ETag` and `If-Match`: the version of what is stored, and the one that a change was meant for.
use super::error::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use std::fmt::Display;

/// The tags that a change is meant for. `None`: whatever is stored.
pub struct IfMatch(Option<Vec<String>>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let sent: Vec<&HeaderValue> = parts.headers.get_all(header::IF_MATCH).iter().collect();
        if sent.is_empty() {
            return Ok(Self(None));
        }
        let texts = sent.into_iter().map(|value| value.to_str().unwrap_or_default());
        Ok(Self(Some(texts.flat_map(|text| text.split(',')).map(|tag| tag.trim().to_owned()).collect())))
    }
}

impl IfMatch {
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    pub fn demand(&self, version: impl Display) -> Result<(), Failure> {
        let Some(tags) = &self.0 else { return Ok(()) };
        let stored = text(version);
        if tags.iter().any(|tag| tag == "*" || *tag == stored) { Ok(()) } else { Err(Failure::NotMatching) }
    }
}

fn text(version: impl Display) -> String {
    format!("\"{version}\"")
}

pub fn tag(version: impl Display) -> Option<HeaderValue> {
    HeaderValue::from_str(&text(version)).ok()
}
