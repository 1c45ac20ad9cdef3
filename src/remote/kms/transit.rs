//! The transit engine of Vault and `OpenBao`. The key must be `aes256-gcm96` (or another that takes associated data), and the
//! token's policy needs update on `MOUNT/encrypt/KEY` and `MOUNT/decrypt/KEY`.
use super::{KmsFault, Sealed};
use crate::domain::plaintext::Plaintext;
use crate::remote::error::RemoteError;
use crate::remote::guard::Endpoint;
use crate::remote::http::{Answer, wiped, within};
use crate::remote::vault::WHO;
use crate::remote::vault::calls::{self, Calls, says};
use crate::remote::vault::path::Path;
use crate::remote::vault::session::SignIn;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio_util::bytes::Bytes;
use zeroize::Zeroizing;

pub struct TransitSettings {
    pub endpoint: Endpoint,
    pub mount: String,
    /// The first wraps, all open.
    pub keys: Vec<String>,
    pub namespace: Option<String>,
    pub token: Plaintext,
    /// As in `VaultSettings`.
    pub authority: String,
}

pub struct Transit {
    calls: Calls,
    mount: Path,
    keys: Vec<String>,
}

#[derive(Serialize)]
struct Encrypt<'a> {
    plaintext: &'a str,
    associated_data: &'a str,
}

#[derive(Serialize)]
struct Decrypt<'a> {
    ciphertext: &'a str,
    associated_data: &'a str,
}

#[derive(Deserialize)]
struct Encrypted {
    ciphertext: String,
}

/// The base64 of the bytes, which is wiped like them.
#[derive(Deserialize)]
struct Decrypted {
    plaintext: Plaintext,
}

impl Transit {
    pub fn new(settings: TransitSettings) -> Result<Self, RemoteError> {
        let mount = Path::parse(&settings.mount).map_err(|e| RemoteError::last(format!("the mount {e}")))?;
        let calls = Calls::new(
            &settings.endpoint,
            &settings.authority,
            SignIn::Token(settings.token),
            settings.namespace,
        )?;
        Ok(Self { calls, mount, keys: settings.keys })
    }

    pub async fn wrap(&self, context: &[u8], bytes: &[u8]) -> Result<Sealed, KmsFault> {
        let key = self.keys.first().ok_or(KmsFault::UnknownKey)?;
        let plaintext = Zeroizing::new(STANDARD.encode(bytes));
        let body = Encrypt { plaintext: &plaintext, associated_data: &STANDARD.encode(context) };
        let answer = within(WHO, self.call("encrypt", key, &body)).await?;
        if !answer.status.is_success() {
            return Err(refusal(&answer));
        }
        let Encrypted { ciphertext } = calls::success(&answer)?;
        let version = version(&ciphertext).ok_or_else(|| RemoteError::garbage(WHO))?;
        Ok(Sealed { key: format!("{}/{key}:v{version}", self.mount), blob: ciphertext.into_bytes() })
    }

    /// `key` as `wrap` said it. Only keys that the settings name are asked for: whoever can write the database must not be able
    /// to bring in one of their own.
    pub async fn unwrap(
        &self,
        key: &str,
        context: &[u8],
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KmsFault> {
        let (path, wrapped_by) = key.rsplit_once(":v").ok_or(KmsFault::UnknownKey)?;
        let name = path.rsplit_once('/').filter(|(mount, _)| *mount == self.mount.to_string());
        let name = name.map(|(_, name)| name).ok_or(KmsFault::UnknownKey)?;
        let name = self.keys.iter().find(|known| *known == name).ok_or(KmsFault::UnknownKey)?;
        let ciphertext = std::str::from_utf8(blob).map_err(|_| KmsFault::DoesNotOpen)?;
        if version(ciphertext).is_none_or(|version| version != wrapped_by) {
            return Err(KmsFault::DoesNotOpen);
        }
        let body = Decrypt { ciphertext, associated_data: &STANDARD.encode(context) };
        let answer = within(WHO, self.call("decrypt", name, &body)).await?;
        if !answer.status.is_success() {
            return Err(refusal(&answer));
        }
        let Decrypted { plaintext } = calls::success(&answer)?;
        let bytes = STANDARD.decode(plaintext.expose()).map_err(|_| RemoteError::garbage(WHO))?;
        Ok(Zeroizing::new(bytes))
    }

    async fn call(&self, verb: &str, key: &str, body: &impl Serialize) -> Result<Answer, RemoteError> {
        // Room from the start: a vector that grows leaves unwiped copies behind.
        let mut text = Vec::with_capacity(8 * 1024);
        serde_json::to_writer(&mut text, body).map_err(|_| RemoteError::last("the key cannot be sent"))?;
        let body: Bytes = wiped(Plaintext::new(text));
        let path = [&self.mount, &Path::word(verb), &Path::word(key)];
        self.calls.call(Method::POST, &path, Some(body)).await
    }
}

/// Of `vault:v3:…` it is `3`.
fn version(ciphertext: &str) -> Option<&str> {
    let number = ciphertext.strip_prefix("vault:v")?.split_once(':')?.0;
    ((1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

fn refusal(answer: &Answer) -> KmsFault {
    let last = |why| KmsFault::Remote(RemoteError::last(why));
    match answer.status.as_u16() {
        400 if says(answer, "version is too new") => KmsFault::UnknownKey,
        400 if says(answer, "message authentication failed") || says(answer, "invalid ciphertext") => {
            KmsFault::DoesNotOpen
        }
        400 if says(answer, "key not found") => KmsFault::UnknownKey,
        400 if says(answer, "disallowed by policy") => {
            last("Vault refuses: this version of the key is older than its min_decryption_version")
        }
        400 if says(answer, "associated") || says(answer, "derivation") => last(
            "the key in Vault takes no associated data: make one of the type aes256-gcm96, without derivation",
        ),
        403 => last(
            "Vault refuses the key service's token: it is not valid, or its policy does not allow encrypt and decrypt with this key",
        ),
        404 | 405 => last("Vault has no such mount, or it is no transit engine"),
        _ => KmsFault::Remote(calls::refusal(answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_key_stands_before_the_ciphertext() {
        assert_eq!(version("vault:v12:abc"), Some("12"));
        for odd in ["", "vault:v:abc", "vault:vx:abc", "v1:abc", "vault:v1", "vault:v1234567890:abc"] {
            assert_eq!(version(odd), None, "{odd}");
        }
    }
}
