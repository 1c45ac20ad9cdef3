//! What a ciphertext is tied to. Every format of associated data stands here and nowhere else; they are
//! final: a change would leave every stored value unreadable.
use super::keys::Purpose;
use crate::domain::enums::Backend;

/// The place that a sealed value belongs to. Moved to any other place it does not open.
#[derive(Debug, Clone, Copy)]
pub enum Context<'a> {
    /// One version of a secret.
    Version { uid: &'a str, number: i64, environment_id: i64 },
    /// What Keeper signs in to an environment's backend with; `serial` counts its replacements.
    Backend { environment: &'a str, backend: Backend, serial: i64 },
    /// A file that was uploaded for an import and waits to be confirmed.
    Import { uid: &'a str, environment_id: i64 },
    /// A value that waits for another person's approval: of this request, for this secret (by its uid).
    Request { uid: &'a str, secret: &'a str, environment_id: i64 },
    /// A setting in `keeper.toml`.
    Setting { name: &'a str },
    /// Keeper's own key in SAML, of the certificate with this fingerprint.
    ServiceKey { fingerprint: &'a str },
    /// The secret of somebody's authenticator app.
    SecondFactor { user_id: i64 },
    /// What Keeper signs in to a database with whose users' passwords it changes: for this server and this user alone.
    Source {
        environment_id: i64,
        engine: &'a str,
        host: &'a str,
        port: i64,
        tls: &'a str,
        authority: &'a str,
        user: &'a str,
    },
}

impl Context<'_> {
    /// Associated data of the value itself.
    pub fn of_value(&self) -> Vec<u8> {
        match *self {
            Self::Version { uid, number, environment_id } => encode(&[
                b"keeper/value/v1",
                uid.as_bytes(),
                &number.to_be_bytes(),
                &environment_id.to_be_bytes(),
            ]),
            Self::Backend { environment, backend, serial } => encode(&[
                b"keeper/backend/v1",
                environment.as_bytes(),
                backend.as_str().as_bytes(),
                &serial.to_be_bytes(),
            ]),
            Self::Import { uid, environment_id } => {
                encode(&[b"keeper/import/v1", uid.as_bytes(), &environment_id.to_be_bytes()])
            }
            Self::Setting { name } => encode(&[b"keeper/setting/v1", name.as_bytes()]),
            Self::ServiceKey { fingerprint } => encode(&[b"keeper/samlkey/v1", fingerprint.as_bytes()]),
            Self::SecondFactor { user_id } => encode(&[b"keeper/totp/v1", &user_id.to_be_bytes()]),
            Self::Request { uid, secret, environment_id } => encode(&[
                b"keeper/request/v1",
                uid.as_bytes(),
                secret.as_bytes(),
                &environment_id.to_be_bytes(),
            ]),
            Self::Source { environment_id, engine, host, port, tls, authority, user } => encode(&[
                b"keeper/source/v1",
                &environment_id.to_be_bytes(),
                engine.as_bytes(),
                host.as_bytes(),
                &port.to_be_bytes(),
                tls.as_bytes(),
                authority.as_bytes(),
                user.as_bytes(),
            ]),
        }
    }

    /// Context of the data key that the value is encrypted with: all that the value is tied to, under a
    /// label of its own. The KMS adds the id of its key.
    pub fn of_data_key(&self) -> Vec<u8> {
        encode(&[b"keeper/datakey/v1", &self.of_value()])
    }
}

/// Context of one of Keeper's own keys, which encrypts nothing and so has no value.
pub fn of_system_key(purpose: Purpose) -> Vec<u8> {
    encode(&[b"keeper/systemkey/v1", purpose.as_str().as_bytes()])
}

/// Each part behind its length (64 bit, big-endian): no two lists of parts make the same bytes.
pub(super) fn encode(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(uid: &str, number: i64, environment_id: i64) -> Vec<u8> {
        Context::Version { uid, number, environment_id }.of_value()
    }

    #[test]
    fn the_formats_are_final() {
        let hex = hex::encode(version("ab", 1, 2));
        let label = hex::encode("keeper/value/v1");
        let length = "000000000000000";
        assert_eq!(
            hex,
            format!("{length}f{label}{length}26162{length}80000000000000001{length}80000000000000002")
        );
        assert_eq!(of_system_key(Purpose::Csrf), encode(&[b"keeper/systemkey/v1", b"csrf"]));
    }

    #[test]
    fn a_value_and_its_key_and_a_credential_never_share_a_context() {
        let one = Context::Version { uid: "aws", number: 1, environment_id: 1 };
        let other = Context::Backend { environment: "one", backend: Backend::Aws, serial: 1 };
        let all = [one.of_value(), one.of_data_key(), other.of_value(), other.of_data_key()];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }

    proptest! {
        #[test]
        fn different_parts_make_different_bytes(a: Vec<Vec<u8>>, b: Vec<Vec<u8>>) {
            let bytes = |parts: &[Vec<u8>]| encode(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>());
            prop_assert_eq!(bytes(&a) == bytes(&b), a == b);
        }
    }
}
