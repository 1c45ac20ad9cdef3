//! What a form or an API call says of an environment, and what it becomes when it is valid.
use super::places::{AwsPlace, VaultPlace};
use crate::domain::enums::{Access, Stage};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Slug;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Text};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct EnvironmentInput {
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub stage: String,
    pub is_production: Option<String>,
    pub needs_approval: Option<String>,
    pub access: String,
    pub members: Vec<String>,
    pub aws_enabled: Option<String>,
    pub aws_region: String,
    pub aws_endpoint: String,
    pub aws_path_template: String,
    pub aws_access_key_id: Option<Plaintext>,
    pub aws_secret_access_key: Option<Plaintext>,
    pub aws_role_arn: String,
    pub aws_external_id: String,
    pub aws_kms_key: String,
    pub aws_tags: String,
    pub vault_enabled: Option<String>,
    pub vault_url: String,
    pub vault_mount: String,
    pub vault_namespace: String,
    pub vault_path_template: String,
    /// Or the secret id of the `AppRole`, where a role id is given.
    pub vault_token: Option<Plaintext>,
    pub vault_role_id: String,
    pub vault_auth_mount: String,
    pub vault_authority: String,
    pub reason: String,
    pub row_version: String,
}

pub struct SaveEnvironment {
    pub name: Slug,
    pub display_name: String,
    pub description: String,
    pub stage: Stage,
    pub is_production: bool,
    pub needs_approval: bool,
    pub access: Access,
    pub members: BTreeSet<i64>,
    pub aws: Option<AwsPlace>,
    pub vault: Option<VaultPlace>,
    /// `None`: keep what is stored.
    pub aws_keys: Option<(Plaintext, Plaintext)>,
    pub vault_token: Option<Plaintext>,
    pub reason: String,
    pub row_version: i64,
}

impl EnvironmentInput {
    pub fn parse(self) -> Result<SaveEnvironment> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", Slug::parse(&self.name));
        let display_name = errors.take("display_name", Text::required(&self.display_name, 255));
        let description = errors.take("description", Text::long(&self.description, 2000));
        let stage = errors.take("stage", self.stage.parse::<Stage>());
        let access = errors.take("access", self.access_or_default(stage));
        let members =
            self.members.iter().map(|id| rules::id(id)).collect::<std::result::Result<BTreeSet<_>, _>>();
        let members = errors.take("members", members);
        let aws = self.aws(&mut errors);
        let vault = self.vault(&mut errors);
        let reason = errors.take("reason", Text::optional(&self.reason, 500));
        let mut given = |field, typed: Option<Plaintext>, most| {
            typed.filter(|p| !p.is_empty()).and_then(|p| errors.take(field, rules::credential(p, most)))
        };
        let key_id = given("aws_access_key_id", self.aws_access_key_id, 128);
        let key = given("aws_secret_access_key", self.aws_secret_access_key, 256);
        let vault_token = given("vault_token", self.vault_token, 4096);
        let aws_keys = match (key_id, key) {
            (Some(id), Some(key)) => Some((id, key)),
            (None, None) => None,
            // One of the two is given, and the other is wrong: that is told already.
            _ if !errors.of("aws_access_key_id").is_empty()
                || !errors.of("aws_secret_access_key").is_empty() =>
            {
                None
            }
            _ => {
                errors.add(
                    "aws_secret_access_key",
                    "give the access key id and the secret access key together, or neither",
                );
                None
            }
        };
        let row_version = self.row_version.parse().unwrap_or(0);
        match (name, display_name, description, stage, access, members, reason) {
            (
                Some(name),
                Some(display_name),
                Some(description),
                Some(stage),
                Some(access),
                Some(members),
                Some(reason),
            ) if errors.is_empty() => {
                let is_production = stage == Stage::Production || self.is_production.is_some();
                Ok(SaveEnvironment {
                    name,
                    display_name,
                    description,
                    stage,
                    is_production,
                    needs_approval: self.needs_approval.is_some(),
                    access,
                    members,
                    aws,
                    vault,
                    aws_keys,
                    vault_token,
                    reason,
                    row_version,
                })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// `open`, but for production `members`.
    fn access_or_default(
        &self,
        stage: Option<Stage>,
    ) -> std::result::Result<Access, crate::domain::enums::NotAMember> {
        match (self.access.as_str(), stage) {
            ("", Some(Stage::Production)) => Ok(Access::Members),
            ("", _) => Ok(Access::Open),
            (access, _) => access.parse(),
        }
    }
}
