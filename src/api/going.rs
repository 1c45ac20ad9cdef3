//! What will go is announced long before it does: in the headers of each answer, `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), in the
//! document, and on its page. A field that will go says `#[schema(deprecated)]` in its type.
use crate::kit::clock::Utc;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Since when something is not to be used any more, and when it will be gone.
#[derive(Debug, Clone, Copy)]
pub struct Going {
    pub since: Utc,
    pub gone: Utc,
    /// What to use in its place.
    pub instead: &'static str,
}

/// Where it is told what to use instead.
const INSTEAD: &str = "</api/v1/docs>; rel=\"deprecation\"";

impl Going {
    /// As the document and its page say it.
    pub fn words(&self) -> String {
        let day = |at: Utc| at.to_seconds().chars().take(10).collect::<String>();
        let (since, gone, instead) = (day(self.since), day(self.gone), self.instead);
        format!("Not to be used any more since {since}, and gone on {gone}: use {instead} instead.")
    }

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
