//! GET /secrets, /secrets/{id} and /secrets/{id}/copies.
use super::view::Secret;
use crate::api::body::ValidQuery;
use crate::api::caller::{ApiCaller, Id};
use crate::api::copies::Copy;
use crate::api::done::tagged;
use crate::api::list::{Answer, list, whole};
use crate::environments;
use crate::secrets::{self, ListInput};
use axum::Json;
use axum::response::IntoResponse;
use std::collections::HashMap;

pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<ListInput>) -> Answer {
    let places = environments::visible(&caller.app, &caller.actor).await?;
    let page = secrets::list(&caller.app, &query.filter(&places)?).await?;
    let now = caller.app.now();
    list(page, |secret| Secret::of(&secret, now))
}

pub async fn show(caller: ApiCaller, Id(id): Id) -> Answer {
    show_one(&caller, id).await
}

pub async fn show_one(caller: &ApiCaller, id: i64) -> Answer {
    let secret = secrets::find(&caller.app, &caller.actor, id).await?.secret;
    let answer = Json(Secret::of(&secret, caller.app.now())).into_response();
    Ok(tagged(answer, secret.row_version))
}

/// Those that were just made, in their order.
pub async fn show_many(caller: &ApiCaller, ids: &[i64]) -> Answer {
    let places = environments::visible(&caller.app, &caller.actor).await?;
    let mut found = secrets::among(&caller.app, &places, ids).await?;
    let order: HashMap<i64, usize> = ids.iter().copied().zip(0..).collect();
    found.sort_by_key(|secret| order.get(&secret.id));
    let now = caller.app.now();
    whole(found.iter().map(|secret| Secret::of(secret, now)).collect())
}

pub async fn copies(caller: ApiCaller, Id(id): Id) -> Answer {
    let secret = secrets::find(&caller.app, &caller.actor, id).await?.secret;
    let copies = secrets::copies(&caller.app, id).await?;
    whole(copies.iter().map(|copy| Copy::of(&secret, copy)).collect())
}
