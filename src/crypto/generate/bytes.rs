//! Random bytes in a spelling that survives configuration files: for API keys, tokens and signing keys.
use crate::domain::enums::spelled;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::domain::rules::Problem;
use crate::kit::chance::Chance;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

spelled!(/// base64 ends in `=` where its length asks for it; base64url never does, as tokens in URLs go without.
Encoding { Base64 = "base64", Base64Url = "base64url", Hex = "hex" });

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    pub(super) length: usize,
    pub(super) encoding: Encoding,
}

impl Bytes {
    pub fn new(length: i64, encoding: Encoding) -> std::result::Result<Self, Problem> {
        let length = usize::try_from(length)
            .ok()
            .filter(|n| (16..=64).contains(n))
            .ok_or_else(|| Problem::new("must be from 16 to 64 bytes"))?;
        Ok(Self { length, encoding })
    }

    pub fn length(&self) -> usize {
        self.length
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn bits(&self) -> u32 {
        u32::try_from(self.length * 8).unwrap_or(0)
    }

    pub(super) fn generate(&self, chance: &Chance) -> Result<Plaintext> {
        let mut bytes = Zeroizing::new(vec![0; self.length]);
        chance.fill(&mut bytes)?;
        // Twice the length is what hexadecimal takes, and the others take less.
        let mut text = Zeroizing::new(vec![0; self.length * 2]);
        let length = match self.encoding {
            Encoding::Base64 => STANDARD.encode_slice(&*bytes, &mut text).map_err(Error::broken)?,
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode_slice(&*bytes, &mut text).map_err(Error::broken)?,
            Encoding::Hex => {
                hex::encode_to_slice(&*bytes, &mut text).map(|()| text.len()).map_err(Error::broken)?
            }
        };
        text.truncate(length);
        Ok(Plaintext::new(std::mem::take(&mut *text)))
    }
}
