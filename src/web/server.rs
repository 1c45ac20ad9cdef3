//! The router with what stands around every route, and the server that runs it.
use super::body::Takes;
use super::error::Failure;
use super::gate::{Gate, gate};
use super::routes::{Access, routes};
use super::{headers, page};
use crate::app::Shared;
use crate::domain::error::{Error, Result};
use crate::signin::Store;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use axum::{Router, response::IntoResponse};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;

/// After the signal to stop, requests that are being answered get this long.
const GRACE: Duration = Duration::from_secs(10);

pub fn router(app: &Shared) -> Router {
    let https = app.settings.public_url.scheme() == "https";
    let nowhere = any(|| async { Failure::from(Error::NotFound).into_response() });
    let held = Gate { app: app.clone(), access: Access::Public, takes: Takes::OurForms };
    let nowhere = nowhere.layer(from_fn_with_state(held, gate));
    let sessions = SessionManagerLayer::new(Store(app.clone()))
        .with_name(if https { "__Host-keeper" } else { "keeper" })
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/");
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(Ids(app.clone())))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn(log))
        .layer(CatchPanicLayer::custom(|_| page::broken()))
        .layer(from_fn_with_state(https, headers::secure))
        .layer(
            CompressionLayer::new().compress_when(
                DefaultPredicate::new()
                    .and(SizeAbove::new(1024))
                    .and(NotForContentType::new("application/octet-stream")),
            ),
        )
        .layer(sessions);
    routes(app).fallback_service(nowhere.with_state(app.clone())).layer(around).with_state(app.clone())
}

/// Ids of requests are ours alone: a client's own would let it write into the log.
#[derive(Clone)]
struct Ids(Shared);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        let id = self.0.chance.bytes::<8>().ok()?;
        HeaderValue::from_str(&hex::encode(id)).ok().map(RequestId::new)
    }
}

/// One line a request: no body, no header, no query.
async fn log(mut request: Request, next: axum::middleware::Next) -> axum::response::Response {
    request.headers_mut().remove("x-request-id");
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = tokio::time::Instant::now();
    let response = next.run(request).await;
    let (status, ms) = (response.status().as_u16(), begun.elapsed().as_millis());
    tracing::info!(request_id = id, %method, path, status, ms, "request");
    response
}

/// Serves until `stop`, then lets running requests finish.
pub async fn serve(app: Shared, listener: TcpListener, stop: CancellationToken) -> Result<()> {
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = server => done.map_err(Error::broken),
        () = late => Ok(()),
    }
}
