//! POST /secrets/bulk: many new secrets, all of them or none.
use super::input::{SecretCreate, at_row};
use crate::api::body::ValidJson;
use crate::api::caller::ApiCaller;
use crate::api::done::{Changed, Done, Of};
use crate::api::error::demand_none;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::kit::clock::Utc;
use crate::secrets::{self, CreateSecret};
use axum::http::StatusCode;
use serde::Deserialize;

/// A list, or an object whose `items` are one.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Many {
    List(Vec<SecretCreate>),
    Items { items: Vec<SecretCreate> },
}

pub async fn create_many(caller: ApiCaller, ValidJson(asked): ValidJson<Many>) -> Changed {
    let (Many::List(items) | Many::Items { items }) = asked;
    let new = read(items, caller.app.now())?;
    let ids = secrets::create_many(&caller.app, &caller.actor, new).await?;
    Ok(Done { status: StatusCode::CREATED, of: Of::Secrets, ids })
}

/// Each row by the rules of a single one; all that is wrong is told at once.
fn read(items: Vec<SecretCreate>, now: Utc) -> Result<Vec<CreateSecret>> {
    if items.is_empty() {
        return Err(Error::invalid("items", "holds no row: nothing would be made"));
    }
    if items.len() > secrets::MOST_AT_ONCE {
        let most = secrets::MOST_AT_ONCE;
        return Err(Error::invalid("items", &format!("holds more than {most} rows: divide it")));
    }
    let (mut new, mut errors) = (Vec::with_capacity(items.len()), FieldErrors::default());
    for (row, item) in items.into_iter().enumerate() {
        match item.input().and_then(|input| input.parse_create(now)) {
            Ok(secret) => new.push(secret),
            Err(e) => at_row(row, e, &mut errors)?,
        }
    }
    demand_none(errors).map(|()| new)
}
