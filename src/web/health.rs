//! `/healthz` says that the process serves and touches nothing; `/readyz` says whether its parts are there.
use super::extract::Visit;
use crate::app::App;
use crate::data_migrations::{self, Progress};
use crate::db::Schema;
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
    let found = if database { app.db.schema().await.ok() } else { None };
    let schema = found.as_ref().is_some_and(Schema::is_current);
    let kms = app.keys().is_ok();
    let status = if database && schema && kms { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let is_admin = visit.current.as_ref().is_some_and(|user| user.current.user.role == Role::Admin);
    if is_admin {
        // A backend that is away makes no process less ready: what is meant for it waits in the outbox.
        let backends = backends(app).await.unwrap_or_default();
        let data = match &found {
            Some(found) => data(app, found).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let detail =
            json!({ "database": database, "schema": schema, "kms": kms, "backends": backends, "data": data });
        return (status, axum::Json(detail)).into_response();
    }
    (status, if status == StatusCode::OK { "ready\n" } else { "not ready\n" }).into_response()
}

/// What an older release has stored and is not in its present form yet.
async fn data(app: &App, schema: &Schema) -> Result<Vec<serde_json::Value>> {
    let all = data_migrations::progress(&app.db, schema).await?;
    let told = |one: &Progress| json!({ "name": one.which, "done": one.done, "total": one.total, "trouble": one.trouble });
    Ok(all.iter().filter(|one| one.ended_at.is_none()).map(told).collect())
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
