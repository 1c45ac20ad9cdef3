//! What will go is announced in the headers of each answer long before it does: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).
use crate::kit::clock::Utc;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Since when something is not to be used any more, and when it will be gone.
#[derive(Debug, Clone, Copy)]
pub struct Going {
    pub since: Utc,
    pub gone: Utc,
}

/// Where it is told what to use instead.
const INSTEAD: &str = "</api/v1/docs>; rel=\"deprecation\"";

impl Going {
    pub fn tell(self, mut answer: Response) -> Response {
        let told = [
            (HeaderName::from_static("deprecation"), format!("@{}", self.since.unix())),
            (HeaderName::from_static("sunset"), self.gone.to_http()),
            (header::LINK, INSTEAD.to_owned()),
        ];
        for (name, text) in told {
            if let Ok(value) = HeaderValue::from_str(&text) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}
