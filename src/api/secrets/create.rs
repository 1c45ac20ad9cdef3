//! POST /secrets.
use super::input::SecretCreate;
use crate::api::body::ValidJson;
use crate::api::caller::ApiCaller;
use crate::api::done::{Changed, Done, Of};
use crate::secrets;
use axum::http::StatusCode;

pub async fn create(caller: ApiCaller, ValidJson(asked): ValidJson<SecretCreate>) -> Changed {
    let new = asked.input()?.parse_create(caller.app.now())?;
    let id = secrets::create(&caller.app, &caller.actor, new).await?;
    Ok(Done::one(StatusCode::CREATED, Of::Secret, id))
}
