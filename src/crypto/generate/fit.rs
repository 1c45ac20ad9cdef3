//! Which policies make sense for which type of secret: what the forms offer, and what is refused.
use super::{Bytes, Encoding, Form, KeyPair, Kind, Policy};
use crate::domain::enums::{SecretType, spelled};
use crate::domain::rules::Problem;

spelled!(/// What a policy begins with.
Family { Letters = "letters", Words = "words", KeyPair = "keypair", Bytes = "bytes" });

impl Family {
    pub fn title(self) -> &'static str {
        match self {
            Self::Letters => "Letters",
            Self::Words => "A passphrase",
            Self::KeyPair => "A key pair",
            Self::Bytes => "Random bytes",
        }
    }

    /// Those that fit this type, the usual one first.
    pub fn fitting(kind: SecretType) -> &'static [Self] {
        match kind {
            SecretType::Password | SecretType::DatabaseCredential => {
                &[Self::Letters, Self::Words, Self::Bytes]
            }
            SecretType::Generic => &[Self::Letters, Self::Words, Self::Bytes, Self::KeyPair],
            SecretType::ApiKey | SecretType::Token => &[Self::Bytes, Self::Letters],
            SecretType::EncryptionKey => &[Self::Bytes, Self::Letters, Self::KeyPair],
            SecretType::SshKey => &[Self::KeyPair],
            SecretType::Certificate | SecretType::OauthClient => &[],
        }
    }
}

impl Policy {
    /// A sensible start for a secret of this type. None: the value comes from somebody else (an authority signs a
    /// certificate, a provider issues an OAuth client), so Keeper can only remind.
    pub fn fitting(kind: SecretType) -> Option<Self> {
        let bytes = |encoding| Self::Bytes(Bytes { length: 32, encoding });
        match kind {
            SecretType::Password | SecretType::DatabaseCredential | SecretType::Generic => {
                Self::new(32, "letters_digits").ok()
            }
            SecretType::ApiKey | SecretType::Token => Some(bytes(Encoding::Base64Url)),
            SecretType::EncryptionKey => Some(bytes(Encoding::Base64)),
            SecretType::SshKey => Some(Self::KeyPair(KeyPair { kind: Kind::Ed25519, form: Form::OpenSsh })),
            SecretType::Certificate | SecretType::OauthClient => None,
        }
    }

    pub fn can_generate(kind: SecretType) -> Result<(), Problem> {
        if Family::fitting(kind).is_empty() {
            return Err(Problem::new(
                "is made by somebody else for this type, so Keeper cannot make it: give the value",
            ));
        }
        Ok(())
    }

    pub fn family(&self) -> Family {
        match self {
            Self::Letters(_) => Family::Letters,
            Self::Words(_) => Family::Words,
            Self::KeyPair(_) => Family::KeyPair,
            Self::Bytes(_) => Family::Bytes,
        }
    }

    pub fn fits(&self, kind: SecretType) -> Result<(), Problem> {
        let fitting = Family::fitting(kind);
        if fitting.contains(&self.family()) {
            return Ok(());
        }
        if fitting.is_empty() {
            return Err(Problem::new("must be empty: values of this type are made by somebody else"));
        }
        let names: Vec<&str> = fitting.iter().map(|family| family.as_str()).collect();
        Err(Problem::new(format!("must be {} for a secret of this type", names.join(" or "))))
    }
}
