//! The pages as a router, with what stands around each of them.
use super::body::Takes;
use super::error::Failure;
use super::gate::{Gate, gate};
use super::page;
use super::routes::{Access, routes};
use crate::app::Shared;
use crate::domain::error::Error;
use crate::signin::Store;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use axum::{Router, response::IntoResponse};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;

/// Whatever has no other door comes here: what is not there is told as a page.
pub fn router(app: &Shared) -> Router<Shared> {
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
    let around = ServiceBuilder::new().layer(CatchPanicLayer::custom(|_| page::broken())).layer(sessions);
    routes(app).fallback_service(nowhere.with_state(app.clone())).layer(around)
}
