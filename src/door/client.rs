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
    let said: Vec<&str> =
        headers.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).map(str::trim).collect();
    // From the right, where our own proxies write. What cannot be read there ends it: further left anybody may have written.
    for text in said.into_iter().rev() {
        match address(text) {
            Some(ip) if trusted(ip) => {}
            Some(ip) => return ip,
            None => break,
        }
    }
    peer
}

/// Alone, or with the port that some proxies write: `192.0.2.7:1234`, `[2001:db8::1]:1234`, `[2001:db8::1]`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_write_the_port_too() {
        for (text, ip) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:1234", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:1234", "2001:db8::1"),
        ] {
            assert_eq!(address(text), ip.parse().ok(), "{text}");
        }
        assert!(["", "unknown", "_hidden", "192.0.2", "a, b"].iter().all(|text| address(text).is_none()));
    }
}
