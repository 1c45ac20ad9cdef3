//! AES-256-GCM, the one place that calls it. A nonce is random: each data key encrypts one value, and a
//! wrapping key may wrap 2^32 data keys before its nonces become worth a thought.
use super::data_key::DataKey;
use crate::kit::chance::Chance;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

pub const NONCE: usize = 12;

/// The bytes do not open: changed, moved, cut, or under another key. AES-GCM cannot tell which.
#[derive(Debug, PartialEq, Eq)]
pub struct DoesNotOpen;

#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    #[error(transparent)]
    NoChance(#[from] crate::kit::chance::NoChance),
    #[error("the plaintext is longer than AES-GCM takes")]
    TooLong,
}

/// Ciphertext with its tag, and the nonce.
pub fn seal(
    key: &DataKey,
    chance: &Chance,
    aad: &[u8],
    msg: &[u8],
) -> Result<(Vec<u8>, [u8; NONCE]), NotSealed> {
    let nonce: [u8; NONCE] = chance.bytes()?;
    let cipher = Aes256Gcm::new(key.bytes().into());
    let ciphertext = cipher.encrypt((&nonce).into(), Payload { msg, aad }).map_err(|_| NotSealed::TooLong)?;
    Ok((ciphertext, nonce))
}

pub fn open(
    key: &DataKey,
    nonce: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let nonce: &[u8; NONCE] = nonce.try_into().map_err(|_| DoesNotOpen)?;
    let cipher = Aes256Gcm::new(key.bytes().into());
    let opened = cipher.decrypt(nonce.into(), Payload { msg: ciphertext, aad });
    opened.map(Zeroizing::new).map_err(|_| DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> DataKey {
        DataKey::from_slice(&hex::decode(hex).unwrap()).unwrap()
    }

    #[test]
    fn it_is_the_aes_256_gcm_of_everybody_else() {
        // Test case 16 of McGrew and Viega's specification of GCM, the one with associated data.
        let key = key("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let nonce = hex::decode("cafebabefacedbaddecaf888").unwrap();
        let aad = hex::decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        let sealed = hex::decode(concat!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ))
        .unwrap();
        let opened = open(&key, &nonce, &aad, &sealed).unwrap();
        assert!(hex::encode(&opened).starts_with("d9313225f88406e5a55909c5aff5269a") && opened.len() == 60);
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        let (key, chance) = (DataKey::fresh(&Chance::System).unwrap(), Chance::System);
        assert_ne!(seal(&key, &chance, b"", b"x").unwrap(), seal(&key, &chance, b"", b"x").unwrap());
    }
}
