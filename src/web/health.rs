//! `/healthz` says that the process serves and touches nothing; `/readyz` says whether its parts are there.
use super::extract::Visit;
use crate::app::App;
use crate::domain::enums::Role;
use crate::domain::error::Result;
use crate::sync::{self, Trouble};
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
        // A backend that is away makes no process less ready: what is meant for it waits in the outbox.
        let backends = backends(app).await.unwrap_or_default();
        let detail = json!({ "database": database, "schema": schema, "kms": kms, "backends": backends });
        return (status, axum::Json(detail)).into_response();
    }
    (status, if status == StatusCode::OK { "ready\n" } else { "not ready\n" }).into_response()
}

/// Those in which something waits after a failure.
async fn backends(app: &App) -> Result<Vec<serde_json::Value>> {
    let troubles = sync::troubles(app).await?;
    let told = |one: &Trouble| {
        json!({
            "environment": one.environment_id,
            "backend": one.backend.as_str(),
            "waiting": one.waiting,
            "last_error": one.last_error,
        })
    };
    Ok(troubles.iter().map(told).collect())
}
