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
#[schema(example = json!({
    "seq": 1204, "at": "2026-01-31T10:00:00.000000Z", "actor_kind": "user", "actor_name": "ada", "action": "secret.revealed",
    "outcome": "ok", "environment_id": 3, "secret_id": 42, "target": "production/payments-db-password",
    "detail": {"version": 3, "reason": "deployment 1204"},
    "chain": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
}))]
pub struct AuditEvent {
    /// Its number in the chain.
    pub seq: i64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub at: Utc,
    /// What acted: `user`, `service`, `operator`, `system`, or `anonymous`, whom nobody knows.
    pub actor_kind: String,
    /// Who acted; of a service account `service:` and its name.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    #[schema(schema_with = words::outcome)]
    pub outcome: String,
    /// The environment that it concerns, if it concerns one.
    pub environment_id: Option<i64>,
    /// The secret that it concerns, if it concerns one.
    pub secret_id: Option<i64>,
    /// What it was done to, in words.
    pub target: String,
    /// What else is told of it; its fields go by the action.
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
