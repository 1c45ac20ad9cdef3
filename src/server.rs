//! The server: the doors to the network behind one port, with what stands around every answer. `serve` and the tests run it.
use crate::app::Shared;
use crate::domain::error::{Error, Result};
use crate::{api, door, web};
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};

/// After the signal to stop, requests that are being answered get this long.
const GRACE: Duration = Duration::from_secs(10);

pub fn router(app: &Shared) -> Router {
    let https = app.settings.public_url.scheme() == "https";
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(Ids(app.clone())))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn(log))
        .layer(from_fn_with_state(https, door::secure))
        .layer(
            CompressionLayer::new().compress_when(
                DefaultPredicate::new()
                    .and(SizeAbove::new(1024))
                    .and(NotForContentType::new("application/octet-stream")),
            ),
        );
    web::router(app).merge(api::router(app)).layer(around).with_state(app.clone())
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
