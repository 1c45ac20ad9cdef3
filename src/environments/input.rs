//! What a form or an API call says of an environment, and what it becomes when it is valid.
use super::paths::PathTemplate;
use crate::domain::enums::{Access, Stage};
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::domain::names::Slug;
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::{self, Problem, Text};
use serde::Deserialize;
use std::collections::BTreeSet;
use url::Url;

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
    pub vault_enabled: Option<String>,
    pub vault_url: String,
    pub vault_mount: String,
    pub vault_namespace: String,
    pub vault_path_template: String,
    pub vault_token: Option<Plaintext>,
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

pub struct AwsPlace {
    pub region: String,
    pub endpoint: String,
    pub path_template: PathTemplate,
}

pub struct VaultPlace {
    pub url: String,
    pub mount: String,
    pub namespace: String,
    pub path_template: PathTemplate,
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

    fn aws(&self, errors: &mut FieldErrors) -> Option<AwsPlace> {
        self.aws_enabled.as_ref()?;
        let region = errors.take("aws_region", region(&self.aws_region));
        let endpoint = errors.take("aws_endpoint", address(&self.aws_endpoint, false));
        let path_template = errors.take("aws_path_template", PathTemplate::parse(&self.aws_path_template));
        Some(AwsPlace { region: region?, endpoint: endpoint?, path_template: path_template? })
    }

    fn vault(&self, errors: &mut FieldErrors) -> Option<VaultPlace> {
        self.vault_enabled.as_ref()?;
        let url = errors.take("vault_url", address(&self.vault_url, true));
        let mount = errors.take("vault_mount", segment_path(&self.vault_mount, true));
        let namespace = errors.take("vault_namespace", segment_path(&self.vault_namespace, false));
        let path_template =
            errors.take("vault_path_template", PathTemplate::parse(&self.vault_path_template));
        Some(VaultPlace { url: url?, mount: mount?, namespace: namespace?, path_template: path_template? })
    }
}

fn region(raw: &str) -> std::result::Result<String, Problem> {
    let region = Text::required(raw, 64)?;
    if region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        Ok(region)
    } else {
        Err(Problem::new("must be a region's code such as eu-central-1"))
    }
}

/// An http(s) address without user, query or fragment. Where it may point to is checked when it is called.
fn address(raw: &str, required: bool) -> std::result::Result<String, Problem> {
    let text = Text::optional(raw, 512)?;
    if text.is_empty() && !required {
        return Ok(text);
    }
    let bad = || Problem::new("must be an address such as https://vault.example.com:8200");
    let url = Url::parse(&text).map_err(|_| bad())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain { Ok(text) } else { Err(bad()) }
}

fn segment_path(raw: &str, required: bool) -> std::result::Result<String, Problem> {
    let text = if required { Text::required(raw, 255)? } else { Text::optional(raw, 255)? };
    let text = text.trim_matches('/').to_owned();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if text.chars().all(allowed)
        && !text.contains("//")
        && !text.split('/').any(|part| matches!(part, "." | ".."))
    {
        Ok(text)
    } else {
        Err(Problem::new("may hold letters, digits, - _ . and single slashes"))
    }
}
