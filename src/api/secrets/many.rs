//! POST /secrets/bulk: many new secrets, all of them or none.
use super::input::{SecretCreate, at_row};
use crate::api::body::ValidJson;
use crate::api::caller::ApiCaller;
use crate::api::done::{Changed, Done, Of};
use crate::api::error::demand_none;
use crate::domain::error::Error;
use crate::domain::error::Result as Read;
use crate::domain::fields::FieldErrors;
use crate::kit::clock::Utc;
use crate::secrets::{self, CreateSecret};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A list, or an object whose `items` are one. Read row by row, so that a body with too many ends at the first that is.
pub struct Many(Vec<SecretCreate>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Rows).map(Self)
    }
}

struct Rows;

impl<'de> DeserializeSeed<'de> for Rows {
    type Value = Vec<SecretCreate>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows {
    type Value = Vec<SecretCreate>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    /// One more than are taken tells that there are too many.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while rows.len() <= secrets::MOST_AT_ONCE {
            let Some(row) = list.next_element()? else { return Ok(rows) };
            rows.push(row);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(rows)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut rows = None;
        while let Some(name) = object.next_key::<String>()? {
            if name != "items" || rows.is_some() {
                return Err(A::Error::custom("an object of `items` alone"));
            }
            rows = Some(object.next_value_seed(Self)?);
        }
        Ok(rows.unwrap_or_default())
    }
}

pub async fn create_many(caller: ApiCaller, ValidJson(Many(items)): ValidJson<Many>) -> Changed {
    let new = read(items, caller.app.now())?;
    let ids = secrets::create_many(&caller.app, &caller.actor, new).await?;
    Ok(Done { status: StatusCode::CREATED, of: Of::Secrets, ids })
}

/// Each row by the rules of a single one; all that is wrong is told at once.
fn read(items: Vec<SecretCreate>, now: Utc) -> Read<Vec<CreateSecret>> {
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
