//! From the settings to the key services. Nothing is asked yet: a service that is away is away later.
use super::{Kms, LocalKms};
use crate::config::{self, KmsAws, KmsVault, Mode, Settings};
use crate::crypto::KeyFileError;
use crate::kit::chance::Chance;
use crate::remote::kms::{AwsKey, AwsKeySettings, Transit, TransitSettings};
use crate::remote::{Credentials, Endpoint, Rules};
use url::Url;

/// Settings that no key service can be opened with. The command line answers with exit code 78.
#[derive(Debug, thiserror::Error)]
pub enum NoKms {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error("{0}: {1}")]
    Setting(&'static str, String),
}

impl Kms {
    /// `make_key`: a key file that does not exist may be made. That is only true beside a new database.
    pub async fn open(settings: &Settings, make_key: bool, chance: &Chance) -> Result<Self, NoKms> {
        let aws = match &settings.kms_aws {
            Some(named) => Some(Box::pin(aws(settings, named)).await?),
            None => None,
        };
        let transit = settings.kms_vault.as_ref().map(|named| transit(settings, named)).transpose()?;
        Ok(Self { chosen: settings.kms, local: local(settings, make_key, chance)?, aws, transit })
    }

    pub fn of_local(local: LocalKms) -> Self {
        Self { chosen: config::Kms::Local, local: Some(local), aws: None, transit: None }
    }

    /// Providers that are not there, as stored ids begin with them, and the setting that would name them.
    pub fn missing(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = [
            ("local", "KEEPER_KMS_KEY_FILE", self.local.is_none()),
            ("aws", "KEEPER_KMS_AWS_KEY", self.aws.is_none()),
            ("transit", "KEEPER_KMS_VAULT_URL", self.transit.is_none()),
        ];
        all.into_iter().filter(|(.., missing)| *missing).map(|(provider, setting, _)| (provider, setting))
    }
}

/// The former key file is read as long as it is there.
fn local(settings: &Settings, make_key: bool, chance: &Chance) -> Result<Option<LocalKms>, NoKms> {
    let chosen = settings.kms == config::Kms::Local;
    if !chosen && !settings.key_file.exists() {
        return Ok(None);
    }
    Ok(Some(LocalKms::open(&settings.key_file, chosen && make_key, chance)?))
}

async fn aws(settings: &Settings, named: &KmsAws) -> Result<AwsKey, NoKms> {
    let endpoint = named.endpoint.as_deref().map(|url| endpoint(settings, "KEEPER_KMS_AWS_ENDPOINT", url));
    let credentials = match &named.credentials {
        Some((id, secret)) => Credentials::Fixed {
            access_key_id: id.clone(),
            secret_access_key: secret.duplicate(),
            session_token: None,
        },
        None => Credentials::Machine,
    };
    let made = AwsKey::new(AwsKeySettings {
        key: named.key.clone(),
        region: named.region.clone(),
        endpoint: endpoint.transpose()?,
        credentials,
    });
    made.await.map_err(|e| NoKms::Setting("KEEPER_KMS_AWS_REGION", e.to_string()))
}

fn transit(settings: &Settings, named: &KmsVault) -> Result<Transit, NoKms> {
    let made = Transit::new(TransitSettings {
        endpoint: endpoint(settings, "KEEPER_KMS_VAULT_URL", &named.url)?,
        mount: named.mount.clone(),
        keys: named.keys.clone(),
        namespace: named.namespace.clone(),
        token: named.token.duplicate(),
        authority: named.authority.clone(),
    });
    made.map_err(|e| NoKms::Setting("KEEPER_KMS_VAULT_URL", e.to_string()))
}

/// The operator names it, not a page: so it may be on this machine, where an agent of Vault would be. The guard still keeps it
/// to that host, and away from metadata services.
fn endpoint(settings: &Settings, key: &'static str, url: &str) -> Result<Endpoint, NoKms> {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let development = settings.mode == Mode::Development || is_here;
    let rules = Rules { development, hosts: vec![host] };
    Endpoint::parse(url, &rules).map_err(|e| NoKms::Setting(key, e.to_string()))
}
