//! The key services across a network, as the operator names them. One that is not chosen still opens what it wrapped:
//! that is how one switches.
use super::ConfigError;
use super::settings::Kms;
use super::sources::Sources;
use crate::domain::plaintext::Plaintext;
use std::fmt;
use std::sync::Arc;
use url::Url;

/// The id of a key is stored beside everything that it wraps, in 255 characters.
const LONGEST: usize = 100;

#[derive(Clone)]
pub struct KmsAws {
    /// The ARN of a key, or an alias.
    pub key: String,
    pub region: String,
    /// None: AWS's own address for the region.
    pub endpoint: Option<String>,
    /// None: what the machine has.
    pub credentials: Option<(String, Arc<Plaintext>)>,
}

#[derive(Clone)]
pub struct KmsVault {
    pub url: String,
    pub mount: String,
    /// The first wraps, all open.
    pub keys: Vec<String>,
    pub namespace: Option<String>,
    pub token: Arc<Plaintext>,
    /// PEM; empty: whom the machine trusts.
    pub authority: String,
}

/// Neither the token nor the secret part of an access key is ever printed.
impl fmt::Debug for KmsAws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsAws").field("key", &self.key).field("region", &self.region).finish_non_exhaustive()
    }
}

impl fmt::Debug for KmsVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsVault")
            .field("mount", &self.mount)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

impl KmsAws {
    /// None when nothing is said of it and it is not chosen.
    pub fn read(from: &Sources, chosen: Kms) -> Result<Option<Self>, ConfigError> {
        let key = from.read("kms_aws_key", key)?;
        let region = from.read("kms_aws_region", text)?;
        let endpoint = from.read("kms_aws_endpoint", address)?;
        let id = from.read("kms_aws_access_key_id", text)?;
        let secret = from.read("kms_aws_secret_access_key", secret)?;
        let silent =
            key.is_none() && region.is_none() && endpoint.is_none() && id.is_none() && secret.is_none();
        if silent && chosen != Kms::Aws {
            return Ok(None);
        }
        let missing = |key| from.refuse(key, "is needed for the key service of AWS: set it");
        let credentials = match (id, secret) {
            (None, None) => None,
            (Some(id), Some(secret)) => Some((id, secret)),
            (None, _) => return Err(missing("kms_aws_access_key_id")),
            (_, None) => return Err(missing("kms_aws_secret_access_key")),
        };
        Ok(Some(Self {
            key: key.ok_or_else(|| missing("kms_aws_key"))?,
            region: region.ok_or_else(|| missing("kms_aws_region"))?,
            endpoint,
            credentials,
        }))
    }
}

impl KmsVault {
    pub fn read(from: &Sources, chosen: Kms) -> Result<Option<Self>, ConfigError> {
        let url = from.read("kms_vault_url", address)?;
        let mount = from.read("kms_vault_mount", name)?;
        let keys = from.read("kms_vault_key", names)?;
        let namespace = from.read("kms_vault_namespace", text)?;
        let token = from.read("kms_vault_token", secret)?;
        let authority = from.read("kms_vault_ca", text)?;
        let silent =
            url.is_none() && mount.is_none() && keys.is_none() && namespace.is_none() && token.is_none();
        if silent && chosen != Kms::VaultTransit {
            return Ok(None);
        }
        let missing = |key| from.refuse(key, "is needed for Vault's transit engine: set it");
        Ok(Some(Self {
            url: url.ok_or_else(|| missing("kms_vault_url"))?,
            mount: mount.unwrap_or_else(|| "transit".to_owned()),
            keys: keys.ok_or_else(|| missing("kms_vault_key"))?,
            namespace,
            token: token.ok_or_else(|| missing("kms_vault_token"))?,
            authority: authority.unwrap_or_default(),
        }))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "read like the others; empty texts are refused for all keys")]
fn text(text: &str) -> Result<String, String> {
    Ok(text.trim().to_owned())
}

/// The complaint never repeats what was written.
fn secret(text: &str) -> Result<Arc<Plaintext>, String> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Arc::new(Plaintext::from(text.to_owned())));
    }
    Err("holds characters that cannot be sent".to_owned())
}

fn address(text: &str) -> Result<String, String> {
    let odd = || "must be an address such as https://vault.example.com, without a user name".to_owned();
    let url = Url::parse(text.trim()).map_err(|_| odd())?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && bare {
        Ok(url.into())
    } else {
        Err(odd())
    }
}

fn key(text: &str) -> Result<String, String> {
    let text = text.trim();
    let known = text.starts_with("arn:") || text.starts_with("alias/");
    if known && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("must be the ARN of a key of AWS KMS, or alias/NAME".to_owned())
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
    if (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} must have 1 to {LONGEST} letters, digits and - _ . /, and no others"))
}

fn names(text: &str) -> Result<Vec<String>, String> {
    text.split(',')
        .map(|one| match name(one) {
            Ok(name) if name.contains('/') => Err("must be the name of a key, without its mount".to_owned()),
            read => read,
        })
        .collect()
}
