//! The audit log, newest first: all of it for admins, that of their environments for managers.
use super::body::ValidQuery;
use super::caller::ApiCaller;
use super::list::{Answer, list};
use super::words;
use crate::audit::{self, ListInput};
use crate::environments;
use crate::kit::clock::Utc;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Who did what to what, and how it ended.
#[derive(Serialize, ToSchema)]
pub struct AuditEvent {
    /// Its number in the chain.
    #[schema(example = 1204)]
    pub seq: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Utc,
    #[schema(example = "user")]
    pub actor_kind: String,
    #[schema(example = "ada")]
    pub actor_name: String,
    #[schema(example = "secret.revealed")]
    pub action: String,
    #[schema(schema_with = words::outcome)]
    pub outcome: String,
    pub environment_id: Option<i64>,
    pub secret_id: Option<i64>,
    #[schema(example = "production/payments-db-password")]
    pub target: String,
    #[schema(value_type = Object)]
    pub detail: Value,
    /// The hash that chains it to the one before.
    pub chain: String,
}

pub async fn index(caller: ApiCaller, ValidQuery(query): ValidQuery<ListInput>) -> Answer {
    let within = environments::audited(&caller.app, &caller.actor).await?;
    let page = audit::list(&caller.app, &query.filter(within)?).await?;
    list(page, |line| AuditEvent {
        seq: line.seq,
        at: line.at,
        detail: line.detail_json(),
        actor_kind: line.actor_kind,
        actor_name: line.actor_name,
        action: line.action,
        outcome: line.outcome,
        environment_id: line.environment_id,
        secret_id: line.secret_id,
        target: line.target,
        chain: line.chain,
    })
}
