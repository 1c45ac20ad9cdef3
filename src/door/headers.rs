//! Headers that every answer has.
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Where a form of the answer leads beside Keeper itself: an answer's extension. The page that carries a message to an identity
/// provider has it, and no other.
#[derive(Clone)]
pub struct FormGoesTo(pub String);

const PERMISSIONS: &str = "accelerometer=(), camera=(), clipboard-read=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";

pub async fn secure(State(https): State<bool>, request: Request, next: Next) -> Response {
    let is_static = request.uri().path().starts_with("/static/");
    let mut response = next.run(request).await;
    let form_goes_to = response.extensions_mut().remove::<FormGoesTo>();
    let headers = response.headers_mut();
    let mut set =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: with it browsers send `Origin: null` for our own forms.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if !is_static {
        set(header::CACHE_CONTROL, "no-store");
    }
    let wider = form_goes_to.map(|FormGoesTo(origin)| {
        POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"))
    });
    let wider = wider.and_then(|policy| HeaderValue::from_str(&policy).ok());
    headers.insert(header::CONTENT_SECURITY_POLICY, wider.unwrap_or(HeaderValue::from_static(POLICY)));
    response
}
