//! AWS KMS through its SDK. The credentials need `kms:Encrypt` and `kms:Decrypt` on the key. The context goes along as an
//! encryption context, which AWS also writes into its own log: so it is a digest, and tells nothing.
//!
//! Data keys are made here and sent to be encrypted (not `GenerateDataKey`): so a fresh key and one that is wrapped anew go the
//! same way. The SDK owns what it sends and does not wipe it.
use super::{KmsFault, Sealed};
use crate::remote::aws::cap::Cap;
use crate::remote::aws::{Credentials, faults, sdk};
use crate::remote::error::RemoteError;
use crate::remote::guard::Endpoint;
use crate::remote::http::{self, within};
use aws_sdk_kms::Client;
use aws_sdk_kms::config;
use aws_sdk_kms::config::http::HttpResponse;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::error::Error;
use std::sync::{PoisonError, RwLock};
use zeroize::Zeroizing;

const WHO: &str = "AWS KMS";

pub struct AwsKeySettings {
    /// The ARN of a key, or an alias.
    pub key: String,
    pub region: String,
    pub endpoint: Option<Endpoint>,
    pub credentials: Credentials,
}

pub struct AwsKey {
    client: Client,
    endpoint: Option<Endpoint>,
    key: String,
    /// The account that the key lies in, as the beginning of its ARN: `arn:aws:kms:REGION:ACCOUNT:`.
    home: RwLock<Option<String>>,
}

impl AwsKey {
    pub async fn new(settings: AwsKeySettings) -> Result<Self, RemoteError> {
        let sdk = sdk::config(settings.region, settings.endpoint.as_ref(), settings.credentials).await?;
        let config = config::Builder::from(&sdk).interceptor(Cap);
        let client = Client::from_conf(config.build());
        let home = RwLock::new(home_of(&settings.key).map(str::to_owned));
        Ok(Self { client, endpoint: settings.endpoint, key: settings.key, home })
    }

    pub async fn wrap(&self, context: &[u8], bytes: &[u8]) -> Result<Sealed, KmsFault> {
        within(WHO, async { Ok(self.encrypt(context, bytes).await) }).await?
    }

    async fn encrypt(&self, context: &[u8], bytes: &[u8]) -> Result<Sealed, KmsFault> {
        self.admit().await?;
        let asked = self.client.encrypt().key_id(&self.key).plaintext(Blob::new(bytes));
        let sealed = asked.set_encryption_context(Some(encryption_context(context))).send().await;
        let sealed = sealed.map_err(|e| fault("Encrypt", &e))?;
        let garbage = || KmsFault::Remote(RemoteError::garbage(WHO));
        let arn = sealed.key_id.filter(|arn| arn.len() <= 200 && arn.bytes().all(|b| b.is_ascii_graphic()));
        let arn = arn.ok_or_else(garbage)?;
        let home = home_of(&arn).ok_or_else(garbage)?.to_owned();
        let blob = sealed.ciphertext_blob.map(Blob::into_inner).ok_or_else(garbage)?;
        *self.home.write().unwrap_or_else(PoisonError::into_inner) = Some(home);
        Ok(Sealed { key: arn, blob })
    }

    /// Only keys of the account and region of the configured one are asked for: whoever can write the database must not be able
    /// to bring in a key of their own account.
    pub async fn unwrap(
        &self,
        key: &str,
        context: &[u8],
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KmsFault> {
        within(WHO, async { Ok(self.decrypt(key, context, blob).await) }).await?
    }

    async fn decrypt(&self, key: &str, context: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, KmsFault> {
        let home = self.home.read().unwrap_or_else(PoisonError::into_inner).clone();
        let home = match home {
            Some(home) => home,
            // An alias says nothing of its account: one call does.
            None => self
                .encrypt(b"keeper/probe/v1", &[0])
                .await
                .map(|probe| home_of(&probe.key).map(str::to_owned))?
                .ok_or(KmsFault::UnknownKey)?,
        };
        if home_of(key) != Some(&home) {
            return Err(KmsFault::UnknownKey);
        }
        self.admit().await?;
        let asked = self.client.decrypt().key_id(key).ciphertext_blob(Blob::new(blob));
        let opened = asked.set_encryption_context(Some(encryption_context(context))).send().await;
        let opened = opened.map_err(|e| fault("Decrypt", &e))?;
        let bytes = opened.plaintext.ok_or_else(|| RemoteError::garbage(WHO))?;
        Ok(Zeroizing::new(bytes.into_inner()))
    }

    async fn admit(&self) -> Result<(), RemoteError> {
        if let Some(endpoint) = &self.endpoint {
            endpoint.resolve().await.map_err(|away| http::unreachable(WHO, away))?;
        }
        Ok(())
    }
}

fn encryption_context(context: &[u8]) -> HashMap<String, String> {
    HashMap::from([("keeper".to_owned(), hex::encode(Sha256::digest(context)))])
}

/// `arn:aws:kms:eu-central-1:111122223333:` of the ARN of a key.
fn home_of(arn: &str) -> Option<&str> {
    let (home, _) = arn.split_once("key/").or_else(|| arn.split_once("alias/"))?;
    let mut parts = home.split(':');
    let fits = parts.next() == Some("arn") && parts.nth(1) == Some("kms") && parts.count() == 3;
    fits.then_some(home)
}

fn fault<E>(doing: &'static str, error: &SdkError<E, HttpResponse>) -> KmsFault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let SdkError::ServiceError(said) = error else {
        return KmsFault::Remote(faults::on_the_way(WHO, error));
    };
    let last = |why: &'static str| KmsFault::Remote(RemoteError::last(why));
    match said.err().code().unwrap_or_default() {
        "InvalidCiphertextException" | "IncorrectKeyException" => KmsFault::DoesNotOpen,
        "NotFoundException" => KmsFault::UnknownKey,
        "DisabledException" => last("the key in AWS KMS is disabled: enable it"),
        "KMSInvalidStateException" => last(
            "the key in AWS KMS cannot be used in its state: perhaps its deletion is scheduled, cancel it",
        ),
        "InvalidKeyUsageException" => last("the key in AWS KMS is not a symmetric key for encryption"),
        "AccessDeniedException" | "AccessDenied" => KmsFault::Remote(RemoteError::last(format!(
            "AWS refuses: the credentials may not do kms:{doing} with this key"
        ))),
        "KeyUnavailableException" | "DependencyTimeoutException" | "KMSInternalException" => {
            KmsFault::Remote(RemoteError::retry("AWS KMS has a fault of its own"))
        }
        code => KmsFault::Remote(faults::usual(WHO, doing, code, said.raw())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_home_is_its_account_and_region() {
        let home = "arn:aws:kms:eu-central-1:111122223333:";
        assert_eq!(home_of(&format!("{home}key/1234")), Some(home));
        assert_eq!(home_of(&format!("{home}alias/keeper")), Some(home));
        for odd in ["alias/keeper", "arn:aws:s3:eu-central-1:1:key/1", "arn:aws:kms:key/1", "key/1", ""] {
            assert_eq!(home_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_aws_logs_of_a_context_tells_nothing_of_it() {
        let said = encryption_context(b"production/db-password");
        assert_eq!(said.len(), 1);
        assert_eq!(said["keeper"].len(), 64);
    }
}
