//! Rows of `environments`.
use crate::db::{Conn, Query, Value};
use crate::domain::enums::{Access, Backend, Stage};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Environment {
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub description: String,
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    pub is_production: bool,
    /// A change of a value here waits for another person.
    pub needs_approval: bool,
    #[sqlx(try_from = "String")]
    pub access: Access,
    pub is_active: bool,
    pub aws_enabled: bool,
    pub aws_region: String,
    pub aws_endpoint: String,
    pub aws_path_template: String,
    pub aws_role_arn: String,
    pub aws_external_id: String,
    pub aws_kms_key: String,
    pub aws_tags: String,
    pub vault_enabled: bool,
    pub vault_url: String,
    pub vault_mount: String,
    pub vault_namespace: String,
    pub vault_path_template: String,
    pub vault_role_id: String,
    pub vault_auth_mount: String,
    pub vault_authority: String,
    pub row_version: i64,
    pub created_at: Utc,
    pub updated_at: Utc,
}

impl Environment {
    pub fn has(&self, backend: Backend) -> bool {
        match backend {
            Backend::Aws => self.aws_enabled,
            Backend::Vault => self.vault_enabled,
        }
    }

    pub fn backends(&self) -> impl Iterator<Item = Backend> + '_ {
        Backend::ALL.iter().copied().filter(|backend| self.has(*backend))
    }

    pub fn path_template(&self, backend: Backend) -> &str {
        match backend {
            Backend::Aws => &self.aws_path_template,
            Backend::Vault => &self.vault_path_template,
        }
    }
}

/// The row with whether `user` is a member. `user` 0 is nobody's id.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub environment: Environment,
    pub member_id: Option<i64>,
}

pub(super) fn select(user: Option<i64>) -> Query {
    sql!(
        "SELECT e.id, e.name, e.display_name, e.description, e.stage, e.is_production, e.needs_approval, e.access, e.is_active,
           e.aws_enabled, e.aws_region, e.aws_endpoint, e.aws_path_template, e.aws_role_arn, e.aws_external_id, e.aws_kms_key, e.aws_tags,
           e.vault_enabled, e.vault_url, e.vault_mount, e.vault_namespace, e.vault_path_template, e.vault_role_id, e.vault_auth_mount, e.vault_authority,
           e.row_version, e.created_at, e.updated_at,
           (SELECT m.id FROM environment_members m WHERE m.environment_id = e.id AND m.user_id = ?) AS member_id
         FROM environments e WHERE 1 = 1",
        Value::from(user.unwrap_or(0))
    )
}

/// The environments, this one among them, whose copies lie in the same backend: the same server and mount, or the same address and region.
pub async fn sharing(conn: &mut Conn, environment: &Environment, backend: Backend) -> Result<Vec<i64>> {
    let query = match backend {
        Backend::Vault => sql!(
            "SELECT id FROM environments WHERE vault_enabled = ? AND vault_url = ? AND vault_mount = ? AND vault_namespace = ?",
            true,
            &environment.vault_url,
            &environment.vault_mount,
            &environment.vault_namespace
        ),
        Backend::Aws => sql!(
            "SELECT id FROM environments WHERE aws_enabled = ? AND aws_endpoint = ? AND aws_region = ?",
            true,
            &environment.aws_endpoint,
            &environment.aws_region
        ),
    };
    Ok(conn.all::<(i64,)>(query).await?.into_iter().map(|row| row.0).collect())
}
