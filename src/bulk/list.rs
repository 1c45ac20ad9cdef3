//! A bulk operation as its page shows it: what was asked, how far it is, and what became of each secret.
use super::input::Kind;
use crate::app::App;
use crate::db::Value;
use crate::domain::actor::Actor;
use crate::domain::enums::{Role, RotationStatus, spelled};
use crate::domain::error::{Error, Result};
use crate::environments::Place;
use crate::kit::clock::Utc;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Operation {
    pub id: i64,
    pub user_id: Option<i64>,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub tags: String,
    pub reason: String,
    pub state: String,
    pub total: i64,
    pub client: String,
    pub request_id: String,
    pub created_at: Utc,
    pub updated_at: Utc,
}

impl Operation {
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }
}

spelled!(/// `Same`: it was so already.
ItemState { Waiting = "waiting", Done = "done", Same = "same", Refused = "refused", Failed = "failed" });

#[derive(Debug, sqlx::FromRow)]
pub struct Item {
    pub id: i64,
    pub secret_id: i64,
    #[sqlx(try_from = "String")]
    pub state: ItemState,
    pub detail: String,
    pub name: String,
    pub environment_id: i64,
    /// The rotation that it was led to …
    pub rotation_id: Option<i64>,
    /// … as it stands at this moment.
    #[sqlx(rename = "status")]
    rotation_status: Option<String>,
}

impl Item {
    pub fn rotation(&self) -> Result<Option<(i64, RotationStatus)>> {
        let Some((id, status)) = self.rotation_id.zip(self.rotation_status.as_deref()) else {
            return Ok(None);
        };
        Ok(Some((id, status.parse().map_err(Error::broken)?)))
    }
}

#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub waiting: i64,
    /// Their rotations have not ended.
    pub under_way: i64,
    /// Another person has to approve them.
    pub asked: i64,
    pub done: i64,
    pub same: i64,
    pub refused: i64,
    pub failed: i64,
}

/// Its owner's, and every admin's; to anybody else it is not there.
pub async fn find(app: &App, actor: &Actor, id: i64) -> Result<Operation> {
    let operation = operation(app, id).await?;
    let own = actor.id().is_some() && operation.user_id == actor.id();
    if own || actor.role() == Role::Admin { Ok(operation) } else { Err(Error::NotFound) }
}

pub(super) async fn operation(app: &App, id: i64) -> Result<Operation> {
    let query = sql!(
        "SELECT id, user_id, kind, tags, reason, state, total, client, request_id, created_at, updated_at FROM bulk_operations WHERE id = ?",
        id
    );
    app.db.read().await?.one(query).await
}

pub async fn counts(app: &App, id: i64) -> Result<Counts> {
    let query = sql!(
        "SELECT i.state, r.status, COUNT(*) FROM bulk_items i LEFT JOIN rotations r ON r.id = i.rotation_id
         WHERE i.operation_id = ? GROUP BY i.state, r.status",
        id
    );
    let mut counts = Counts::default();
    for (state, rotation, n) in app.db.read().await?.all::<(String, Option<String>, i64)>(query).await? {
        let rotation = rotation.map(|status| status.parse::<RotationStatus>()).transpose();
        let count = match ItemState::try_from(state).map_err(Error::broken)? {
            ItemState::Waiting => &mut counts.waiting,
            ItemState::Done => match rotation.map_err(Error::broken)? {
                None | Some(RotationStatus::Succeeded) => &mut counts.done,
                Some(RotationStatus::AwaitingApproval) => &mut counts.asked,
                Some(RotationStatus::Scheduled | RotationStatus::Running) => &mut counts.under_way,
                Some(_) => &mut counts.failed,
            },
            ItemState::Same => &mut counts.same,
            ItemState::Refused => &mut counts.refused,
            ItemState::Failed => &mut counts.failed,
        };
        *count += n;
    }
    Ok(counts)
}

/// A page of them by keyset; those alone whose environment is still open to the reader.
pub async fn items(app: &App, id: i64, places: &[Place], after: i64, limit: i64) -> Result<Vec<Item>> {
    let mut query = sql!(
        "SELECT i.id, i.secret_id, i.state, i.detail, i.rotation_id, r.status, s.name, s.environment_id
         FROM bulk_items i JOIN secrets s ON s.id = i.secret_id LEFT JOIN rotations r ON r.id = i.rotation_id
         WHERE i.operation_id = ? AND i.id > ?",
        id,
        after
    );
    query
        .push_list(" AND s.environment_id IN ", places.iter().map(|place| Value::from(place.environment.id)));
    query.push(" ORDER BY i.id LIMIT ?", [Value::from(limit)]);
    app.db.read().await?.all(query).await
}
