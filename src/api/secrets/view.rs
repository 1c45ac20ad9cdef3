//! A secret as the API shows it: its columns, and what is computed from them. Never a value.
use crate::api::words;
use crate::domain::enums::{SecrecyLevel, SecretType, SyncStatus};
use crate::kit::clock::Utc;
use crate::secrets;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A secret's metadata. Its value is in no answer but that of `reveal`.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the columns’ names")]
#[schema(example = json!({
    "id": 42, "uid": "5f0c7d0e6a9b4f5d8e1a2b3c4d5e6f70", "name": "payments-db-password", "display_name": "Payments database",
    "description": "Read by the payments service", "secret_type": "database_credential", "secrecy_level": "confidential",
    "service_name": "payments", "environment_id": 3, "creator_id": 5, "aws_sync_status": "not_configured", "vault_sync_status": "synced",
    "sync_status": "synced", "aws_secret_arn": null, "vault_path": "secret/data/production/payments-db-password", "expires_at": null,
    "is_expired": false, "auto_rotate": true, "rotation_interval_days": 90, "last_rotated_at": "2026-01-31T10:00:00.000000Z",
    "next_rotation_at": "2026-05-01T10:00:00.000000Z", "needs_rotation": false, "policy": "letters:32:letters_digits",
    "window_days": ["sat", "sun"], "window_from": "01:00", "window_to": "05:00", "window_zone": "Europe/Berlin",
    "tags": {"team": "payments"}, "is_active": true, "current_version": 3, "row_version": 7,
    "created_at": "2025-11-03T08:15:42.000000Z", "updated_at": "2026-01-31T10:00:00.000000Z"
}))]
pub struct Secret {
    /// Its id, in addresses.
    pub id: i64,
    /// Random, and the same for ever.
    pub uid: String,
    /// Its name, unlike all others in its environment.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is for, in several lines at most.
    pub description: String,
    #[schema(schema_with = words::secret_type)]
    pub secret_type: SecretType,
    #[schema(schema_with = words::secrecy_level)]
    pub secrecy_level: SecrecyLevel,
    /// The service that uses it; empty where none is named.
    pub service_name: String,
    /// The environment that it belongs to, for ever.
    pub environment_id: i64,
    /// Who made it. Null: the operator of the machine.
    pub creator_id: Option<i64>,
    #[schema(schema_with = words::aws_sync_status)]
    pub aws_sync_status: SyncStatus,
    #[schema(schema_with = words::vault_sync_status)]
    pub vault_sync_status: SyncStatus,
    #[schema(schema_with = words::sync_status)]
    pub sync_status: SyncStatus,
    /// The ARN of its copy in AWS Secrets Manager, once there is one.
    pub aws_secret_arn: Option<String>,
    /// The path of its copy in Vault or OpenBao, once there is one.
    pub vault_path: Option<String>,
    /// When it is worth nothing any more; null: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Utc>,
    /// Whether that has passed.
    pub is_expired: bool,
    /// Keeper rotates it by itself.
    pub auto_rotate: bool,
    /// How many days after a rotation the next one is due.
    pub rotation_interval_days: Option<i64>,
    /// When its value last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_rotated_at: Option<Utc>,
    /// When the next rotation is due; null where none is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_rotation_at: Option<Utc>,
    /// Due now, or overdue.
    pub needs_rotation: bool,
    /// What its values are made of; empty: what fits the type.
    pub policy: String,
    #[schema(schema_with = words::window_days_kept)]
    pub window_days: Vec<String>,
    /// When on these days Keeper may begin, such as `22:00`; empty: at any time.
    pub window_from: String,
    /// Until when it may begin.
    pub window_to: String,
    /// The time zone of both, such as `Europe/Berlin`.
    pub window_zone: String,
    /// Words to find it by, key and value.
    pub tags: BTreeMap<String, String>,
    /// False: it is switched off, and is neither pushed nor rotated.
    pub is_active: bool,
    /// The number of the version in force.
    pub current_version: i64,
    /// Goes up with each change; the `ETag` of this answer.
    pub row_version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Utc,
}

impl Secret {
    pub fn of(secret: &secrets::Secret, now: Utc) -> Self {
        let days = secret.window_days.split(',').filter(|day| !day.is_empty());
        Self {
            id: secret.id,
            uid: secret.uid.clone(),
            name: secret.name.clone(),
            display_name: secret.display_name.clone(),
            description: secret.description.clone(),
            secret_type: secret.secret_type,
            secrecy_level: secret.secrecy_level,
            service_name: secret.service_name.clone(),
            environment_id: secret.environment_id,
            creator_id: secret.creator_id,
            aws_sync_status: secret.aws_sync_status,
            vault_sync_status: secret.vault_sync_status,
            sync_status: secret.sync_status(),
            aws_secret_arn: secret.aws_secret_arn.clone(),
            vault_path: secret.vault_path.clone(),
            expires_at: secret.expires_at,
            is_expired: secret.is_expired(now),
            auto_rotate: secret.auto_rotate,
            rotation_interval_days: secret.rotation_interval_days,
            last_rotated_at: secret.last_rotated_at,
            next_rotation_at: secret.next_rotation_at,
            needs_rotation: secret.needs_rotation(now),
            policy: secret.policy.clone(),
            window_days: days.map(str::to_owned).collect(),
            window_from: secret.window_from.clone(),
            window_to: secret.window_to.clone(),
            window_zone: secret.window_zone.clone(),
            tags: secret.tag_map(),
            is_active: secret.is_active,
            current_version: secret.current_version,
            row_version: secret.row_version,
            created_at: secret.created_at,
            updated_at: secret.updated_at,
        }
    }
}
