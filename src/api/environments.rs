//! Environments that are open to the caller.
use super::body::ValidQuery;
use super::caller::{ApiCaller, Id};
use super::done::tagged;
use super::list::{Answer, list};
use super::words;
use crate::domain::enums::{Access, Stage};
use crate::environments::{self, Place};
use crate::kit::clock::Utc;
use crate::kit::page::{Cursor, Page, PageInput};
use axum::Json;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

/// A place that secrets belong to. How its backends are reached is not told here.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 3, "name": "production", "display_name": "Production", "description": "", "stage": "production", "is_production": true,
    "needs_approval": true, "access": "members", "is_member": true, "is_active": true, "aws_enabled": false, "vault_enabled": true,
    "row_version": 4, "created_at": "2025-11-03T08:00:00.000000Z", "updated_at": "2025-12-01T09:30:00.000000Z"
}))]
pub struct Environment {
    /// Its id, in addresses and filters.
    pub id: i64,
    /// Its name, which paths of copies may hold.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    #[schema(schema_with = words::stage)]
    pub stage: Stage,
    /// All rules of production hold.
    pub is_production: bool,
    /// A change of a value waits for another person.
    pub needs_approval: bool,
    #[schema(schema_with = words::access)]
    pub access: Access,
    /// Whether the caller is a member.
    pub is_member: bool,
    /// False: it is read only.
    pub is_active: bool,
    /// Copies go to AWS Secrets Manager.
    pub aws_enabled: bool,
    /// Copies go to Vault or OpenBao.
    pub vault_enabled: bool,
    /// Goes up with each change; the `ETag` of this answer.
    pub row_version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Utc,
}

impl Environment {
    fn of(place: Place) -> Self {
        let Place { environment, is_member } = place;
        Self {
            id: environment.id,
            name: environment.name,
            display_name: environment.display_name,
            description: environment.description,
            stage: environment.stage,
            is_production: environment.is_production,
            needs_approval: environment.needs_approval,
            access: environment.access,
            is_member,
            is_active: environment.is_active,
            aws_enabled: environment.aws_enabled,
            vault_enabled: environment.vault_enabled,
            row_version: environment.row_version,
            created_at: environment.created_at,
            updated_at: environment.updated_at,
        }
    }
}

/// By name. All of them are read: there are few.
pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<PageInput>) -> Answer {
    let (limit, cursor) = (query.limit() as usize, query.cursor());
    let mut places = environments::visible(&caller.app, &caller.actor).await?;
    match &cursor {
        Cursor::First => {}
        Cursor::After(key) => places.retain(|place| place.environment.name.as_str() > key.as_str()),
        Cursor::Before(key) => {
            places.retain(|place| place.environment.name.as_str() < key.as_str());
            places.reverse();
        }
    }
    places.truncate(limit + 1);
    let name = |place: &Place| place.environment.name.clone();
    list(Page::of(places, limit, &cursor, name), Environment::of)
}

pub async fn show(caller: ApiCaller, Id(id): Id) -> Answer {
    let place = environments::enter(&caller.app, &caller.actor, id).await?;
    let row_version = place.environment.row_version;
    Ok(tagged(Json(Environment::of(place)).into_response(), row_version))
}
