//! AWS Secrets Manager through its SDK, held to the limits of `http.rs`. `mod.rs` calls it.
//!
//! On the paths of the environment the credentials need `secretsmanager:` with `DescribeSecret`, `GetSecretValue`,
//! `CreateSecret`, `PutSecretValue`, `TagResource` and `UpdateSecretVersionStage`; and `DeleteSecret` and `RestoreSecret`, where
//! copies are removed and put back; and `ListSecrets`, where secrets are to be found and taken over. A key of one's own needs `kms:GenerateDataKey` and `kms:Decrypt` as well.
//!
//! The mark lies in two tags. A new secret is made together with them. Each version's id is derived from the secret's
//! uid and the version's number, so that a push said twice is one request to AWS too.
mod calls;
pub(in crate::remote) mod cap;
mod connection;
pub(in crate::remote) mod faults;
mod list;
pub(in crate::remote) mod sdk;
mod token;

use super::error::RemoteError;
use super::guard::Endpoint;
use super::http::{self, within};
use super::{Glance, Mark, Pushed, Remote};
use crate::domain::plaintext::Plaintext;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config;
use calls::Described;

const WHO: &str = "AWS Secrets Manager";

pub struct AwsSettings {
    pub region: String,
    /// None: AWS's own address for the region.
    pub endpoint: Option<Endpoint>,
    pub credentials: Credentials,
    /// Taken on by these credentials; STS is asked at the same endpoint.
    pub role: Option<Role>,
    pub making: Making,
}

/// A role in AWS, and the external id that its trust policy asks for.
pub struct Role {
    pub arn: String,
    pub external_id: Option<String>,
}

/// What a secret is made with. One that is there keeps what it has.
#[derive(Default)]
pub struct Making {
    /// `None`: AWS's own key for Secrets Manager.
    pub kms_key: Option<String>,
    pub tags: Vec<(String, String)>,
}

pub enum Credentials {
    /// What the machine has: environment, profile, web identity, container or instance role.
    Machine,
    Fixed {
        access_key_id: String,
        secret_access_key: Plaintext,
        session_token: Option<Plaintext>,
    },
}

pub struct Aws {
    client: Client,
    endpoint: Option<Endpoint>,
    making: Making,
}

impl Aws {
    pub async fn new(settings: AwsSettings) -> Result<Self, RemoteError> {
        let sdk = sdk::config(settings.region, settings.endpoint.as_ref(), settings.credentials).await?;
        let sdk = match settings.role {
            Some(role) => Box::pin(sdk::taking_on(sdk, &role)).await?,
            None => sdk,
        };
        let config = config::Builder::from(&sdk).interceptor(cap::Cap);
        Ok(Self {
            client: Client::from_conf(config.build()),
            endpoint: settings.endpoint,
            making: settings.making,
        })
    }

    pub async fn read(&self, path: &str) -> Result<Option<Remote>, RemoteError> {
        within(WHO, async {
            self.admit(path).await?;
            let Some(described) = self.describe(path).await?.filter(|there| !there.is_deleted) else {
                return Ok(None);
            };
            let held = self.current(path).await?;
            let owned = described.mark;
            Ok(held.map(|held| Remote { version: held.version, value: held.value, plain: true, owned }))
        })
        .await
    }

    pub async fn glance(&self, path: &str) -> Result<Option<Glance>, RemoteError> {
        within(WHO, async {
            self.admit(path).await?;
            let described = self.describe(path).await?.filter(|there| !there.is_deleted);
            Ok(described.and_then(|there| there.current.map(|version| Glance { version, owned: there.mark })))
        })
        .await
    }

    pub async fn write(&self, path: &str, value: &Plaintext, mark: &Mark) -> Result<Pushed, RemoteError> {
        mark.check()?;
        within(WHO, async {
            self.admit(path).await?;
            match self.describe(path).await? {
                None => self.create(path, value, mark).await,
                Some(there) if !there.is_ours(&mark.uid) => Err(RemoteError::Foreign),
                Some(there) if there.is_deleted => Err(RemoteError::Deleted),
                Some(there) => self.update(path, value, mark, there).await,
            }
        })
        .await
    }

    async fn update(
        &self,
        path: &str,
        value: &Plaintext,
        mark: &Mark,
        there: Described,
    ) -> Result<Pushed, RemoteError> {
        let held = self.current(path).await?;
        let same = held.as_ref().filter(|held| held.value.same_as(value)).map(|held| held.version.clone());
        let wrote = same.is_none();
        let remote_version = match same {
            Some(version) => version,
            None => self.put(path, value, mark, held.map(|held| held.version)).await?,
        };
        if there.mark.as_ref() != Some(mark) {
            self.tag(path, mark).await?;
        }
        Ok(Pushed { remote_version, remote_id: there.arn, wrote })
    }

    pub async fn adopt(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        mark.check()?;
        within(WHO, async {
            self.admit(path).await?;
            if self.describe(path).await?.is_none_or(|there| there.is_deleted) {
                return Err(RemoteError::last("there is no secret at this path to adopt"));
            }
            self.tag(path, mark).await
        })
        .await
    }

    pub async fn put_back(&self, path: &str, mark: &Mark) -> Result<(), RemoteError> {
        within(WHO, async {
            self.admit(path).await?;
            match self.describe(path).await? {
                Some(there) if !there.is_ours(&mark.uid) => Err(RemoteError::Foreign),
                Some(there) if there.is_deleted => self.restore(path).await,
                _ => Ok(()),
            }
        })
        .await
    }

    pub async fn remove(&self, path: &str, uid: &str) -> Result<(), RemoteError> {
        within(WHO, async {
            self.admit(path).await?;
            match self.describe(path).await? {
                Some(there) if !there.is_ours(uid) => Err(RemoteError::Foreign),
                Some(there) if !there.is_deleted => self.schedule_deletion(path).await,
                _ => Ok(()),
            }
        })
        .await
    }

    /// AWS's own address is proved by its certificate. Another one may be any host, and is looked up first.
    async fn admit(&self, path: &str) -> Result<(), RemoteError> {
        let letters = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@-".contains(&b);
        if !(1..=512).contains(&path.len()) || !path.bytes().all(letters) {
            return Err(RemoteError::last(
                "the path in AWS must have 1 to 512 letters, digits and / _ + = . @ -, and no others",
            ));
        }
        self.resolve().await
    }

    async fn resolve(&self) -> Result<(), RemoteError> {
        if let Some(endpoint) = &self.endpoint {
            endpoint.resolve().await.map_err(|away| http::unreachable(WHO, away))?;
        }
        Ok(())
    }
}
