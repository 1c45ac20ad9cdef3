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
pub struct Secret {
    #[schema(example = 42)]
    pub id: i64,
    /// Random, and the same for ever.
    #[schema(example = "5f0c7d0e6a9b4f5d8e1a2b3c4d5e6f70")]
    pub uid: String,
    #[schema(example = "payments-db-password")]
    pub name: String,
    #[schema(example = "Payments database")]
    pub display_name: String,
    pub description: String,
    #[schema(schema_with = words::secret_type)]
    pub secret_type: SecretType,
    #[schema(schema_with = words::secrecy_level)]
    pub secrecy_level: SecrecyLevel,
    /// The service that uses it; empty where none is named.
    #[schema(example = "payments")]
    pub service_name: String,
    #[schema(example = 3)]
    pub environment_id: i64,
    /// Who made it. Null: the operator of the machine.
    pub creator_id: Option<i64>,
    #[schema(schema_with = words::sync_status)]
    pub aws_sync_status: SyncStatus,
    #[schema(schema_with = words::sync_status)]
    pub vault_sync_status: SyncStatus,
    /// The worst of the configured backends.
    #[schema(schema_with = words::sync_status)]
    pub sync_status: SyncStatus,
    pub aws_secret_arn: Option<String>,
    pub vault_path: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Utc>,
    pub is_expired: bool,
    pub auto_rotate: bool,
    #[schema(example = 90)]
    pub rotation_interval_days: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_rotated_at: Option<Utc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_rotation_at: Option<Utc>,
    /// Due now, or overdue.
    pub needs_rotation: bool,
    /// What its values are made of; empty: what fits the type.
    pub policy: String,
    /// The days on which Keeper may rotate it by itself; empty: all.
    pub window_days: Vec<String>,
    pub window_from: String,
    pub window_to: String,
    pub window_zone: String,
    pub tags: BTreeMap<String, String>,
    pub is_active: bool,
    /// The number of the version in force.
    #[schema(example = 3)]
    pub current_version: i64,
    /// Goes up with each change; the `ETag` of this answer.
    #[schema(example = 7)]
    pub row_version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
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
