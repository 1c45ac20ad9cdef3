//! Keeper's own keys: random, one for each purpose, wrapped by the KMS, unwrapped once at start. Given out as
//! functions, never as bytes.
use super::context::of_system_key;
use super::data_key::DataKey;
use super::digest::Digest;
use crate::domain::plaintext::Plaintext;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    AuditMac,
    ValueDigest,
    Csrf,
    Checkpoint,
}

impl Purpose {
    /// The order in which `SystemKeys::new` takes them.
    pub const ALL: [Self; 4] = [Self::AuditMac, Self::ValueDigest, Self::Csrf, Self::Checkpoint];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditMac => "audit_mac",
            Self::ValueDigest => "value_digest",
            Self::Csrf => "csrf",
            Self::Checkpoint => "checkpoint",
        }
    }

    pub fn context(self) -> Vec<u8> {
        of_system_key(self)
    }
}

pub struct SystemKeys {
    audit_mac: DataKey,
    value_digest: DataKey,
    csrf: DataKey,
    checkpoint: SigningKey,
}

impl SystemKeys {
    pub fn new([audit_mac, value_digest, csrf, checkpoint]: [DataKey; 4]) -> Self {
        let checkpoint = SigningKey::from_bytes(checkpoint.bytes());
        Self { audit_mac, value_digest, csrf, checkpoint }
    }

    pub fn mac_audit(&self, message: &[u8]) -> [u8; 32] {
        mac(&self.audit_mac, message)
    }

    pub fn digest(&self, value: &Plaintext) -> Digest {
        Digest::new(mac(&self.value_digest, value.expose()))
    }

    /// A token that belongs to one session, or to one visitor before there is a session. The salt makes each
    /// rendering different, so that a compressed page tells nothing about it (BREACH).
    pub fn csrf_token(&self, holder: &str, salt: &[u8; 8]) -> String {
        let salt = hex::encode(salt);
        format!("{salt}{}", hex::encode(mac(&self.csrf, format!("{salt}\n{holder}").as_bytes())))
    }

    pub fn is_csrf_token(&self, holder: &str, token: &str) -> bool {
        let Some(salt) = token.get(..16).and_then(|salt| hex::decode(salt).ok()?.try_into().ok()) else {
            return false;
        };
        self.csrf_token(holder, &salt).as_bytes().ct_eq(token.as_bytes()).into()
    }

    pub fn sign_checkpoint(&self, message: &[u8]) -> [u8; 64] {
        self.checkpoint.sign(message).to_bytes()
    }

    pub fn checkpoint_public(&self) -> [u8; 32] {
        self.checkpoint.verifying_key().to_bytes()
    }
}

fn mac(key: &DataKey, message: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length; 32 bytes always fit.
    let Ok(mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key.bytes()) else {
        unreachable!("HMAC takes 32 bytes")
    };
    mac.chain_update(message).finalize().into_bytes().into()
}

/// Checks a checkpoint with its public key alone, both in hex: nobody needs Keeper's keys for it.
pub fn verify_checkpoint(public_key: &str, message: &[u8], signature: &str) -> bool {
    let key =
        hex::decode(public_key).ok().and_then(|bytes| VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok());
    let signature = hex::decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    matches!((key, signature), (Some(key), Some(signature)) if key.verify_strict(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::chance::Chance;

    fn keys(seed: u64) -> SystemKeys {
        let chance = Chance::seeded(seed);
        SystemKeys::new(Purpose::ALL.map(|_| DataKey::fresh(&chance).unwrap()))
    }

    #[test]
    fn equal_values_have_equal_digests_under_one_key_alone() {
        let value = |text: &str| Plaintext::from(text.to_owned());
        assert_eq!(keys(1).digest(&value("a")), keys(1).digest(&value("a")));
        assert_ne!(keys(1).digest(&value("a")), keys(1).digest(&value("b")));
        assert_ne!(keys(1).digest(&value("a")), keys(2).digest(&value("a")));
    }

    #[test]
    fn a_checkpoint_verifies_with_its_public_key_and_no_other() {
        let (ours, theirs) = (keys(1), keys(2));
        let signature = hex::encode(ours.sign_checkpoint(b"7"));
        let public = |keys: &SystemKeys| hex::encode(keys.checkpoint_public());
        assert!(verify_checkpoint(&public(&ours), b"7", &signature));
        assert!(!verify_checkpoint(&public(&ours), b"8", &signature));
        assert!(!verify_checkpoint(&public(&theirs), b"7", &signature));
        assert!(!verify_checkpoint("", b"7", "zz"));
    }

    #[test]
    fn a_csrf_token_belongs_to_its_holder() {
        let keys = keys(1);
        let token = keys.csrf_token("a", &[7; 8]);
        assert!(keys.is_csrf_token("a", &token) && token != keys.csrf_token("a", &[8; 8]));
        assert!(
            !keys.is_csrf_token("b", &token)
                && !keys.is_csrf_token("a", "")
                && !keys.is_csrf_token("a", "ééééééééé")
        );
    }
}
