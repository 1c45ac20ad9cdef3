//! `/healthz` says that the process serves and touches nothing; `/readyz` says whether its parts are there.
use super::extract::Visit;
use crate::domain::enums::Role;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub async fn healthz() -> &'static str {
    "ok\n"
}

pub async fn readyz(visit: Visit) -> Response {
    let app = &visit.app;
    let database = app.db.read().await.is_ok();
    let schema = database && app.db.is_current().await.unwrap_or(false);
    let kms = app.keys().is_ok();
    let status = if database && schema && kms { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let is_admin = visit.current.as_ref().is_some_and(|user| user.current.user.role == Role::Admin);
    if is_admin {
        return (status, axum::Json(json!({ "database": database, "schema": schema, "kms": kms })))
            .into_response();
    }
    (status, if status == StatusCode::OK { "ready\n" } else { "not ready\n" }).into_response()
}
