//! Where a request came from.
use crate::app::App;
use crate::domain::actor::Trace;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};
use tower_http::request_id::RequestId;

pub fn trace(app: &App, request: &Parts) -> Trace {
    Trace { client: client(app, request).to_string(), request_id: request_id(request), ..Trace::default() }
}

fn request_id(request: &Parts) -> String {
    let id = request.extensions.get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned()
}

/// The client's address: the connection's, or what a listed proxy says of it (the last address that is not a proxy's own).
fn client(app: &App, request: &Parts) -> IpAddr {
    let peer = request
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
    let trusted = |ip: IpAddr| app.settings.trusted_proxies.iter().any(|network| network.contains(ip));
    if !trusted(peer) {
        return peer;
    }
    let headers = request.headers.get_all("x-forwarded-for");
    let said: Vec<IpAddr> = headers
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|ip| ip.trim().parse().ok())
        .collect();
    said.into_iter().rev().find(|ip| !trusted(*ip)).unwrap_or(peer)
}
