//! Keeper's own key pair in the protocol: it signs what Keeper says, and opens what is encrypted for Keeper. Its certificate
//! says nothing but the key, as SAML's metadata interoperability profile has it.
use super::{Fault, refuse};
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use time::Duration;

/// What every identity provider takes, and good beyond 2030 (NIST SP 800-57).
const BITS: u32 = 3072;
/// Providers warn of certificates that end; a change of keys is work at each of them.
const LIVES: Duration = Duration::days(5 * 365);

pub struct ServiceKey {
    pub(super) key: PKey<Private>,
    pub(super) certificate: X509,
}

/// A pair that was just made. The private part (PKCS #8, DER) is to be sealed.
pub struct NewKey {
    pub private: Plaintext,
    /// X.509 in DER and base64, without lines: as it stands in metadata.
    pub certificate: String,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub fingerprint: String,
    pub expires_at: Utc,
}

impl ServiceKey {
    /// Takes about a second: call it where waiting is no harm. `name`: whom the certificate names.
    pub fn generate(name: &str, now: Utc) -> Result<NewKey, Fault> {
        let expires_at = now.plus(LIVES);
        make(name, now, expires_at).map_err(|_| Fault::new("a key pair could not be made"))
    }

    /// From what is stored.
    pub fn open(private: &Plaintext, certificate: &str) -> Result<Self, Fault> {
        let broken = |_| Fault::new("a key pair of Keeper’s cannot be read");
        let der = STANDARD
            .decode(certificate)
            .map_err(|_| Fault::new("a certificate of Keeper’s is not base64"))?;
        let certificate = X509::from_der(&der).map_err(broken)?;
        let key = PKey::private_key_from_der(private.expose()).map_err(broken)?;
        if !certificate.public_key().map_err(broken)?.public_eq(&key) {
            return refuse("a certificate of Keeper’s is another key’s");
        }
        Ok(Self { key, certificate })
    }

    /// As it stands in metadata.
    pub fn certificate(&self) -> Option<String> {
        self.certificate.to_der().ok().map(|der| STANDARD.encode(der))
    }
}

fn make(name: &str, now: Utc, expires_at: Utc) -> Result<NewKey, ErrorStack> {
    let key = PKey::from_rsa(Rsa::generate(BITS)?)?;
    // OpenSSL takes no empty name.
    let name = if name.is_empty() { "Keeper" } else { name };
    let mut subject = X509Name::builder()?;
    subject.append_entry_by_text("CN", &name.chars().take(64).collect::<String>())?;
    let subject = subject.build();
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    let serial = serial.to_asn1_integer()?;
    let begins = Asn1Time::from_unix(now.minus(Duration::days(1)).unix())?;
    let ends = Asn1Time::from_unix(expires_at.unix())?;
    let mut x509 = X509::builder()?;
    x509.set_version(2)?;
    x509.set_serial_number(&serial)?;
    x509.set_subject_name(&subject)?;
    x509.set_issuer_name(&subject)?;
    x509.set_pubkey(&key)?;
    x509.set_not_before(&begins)?;
    x509.set_not_after(&ends)?;
    x509.sign(&key, MessageDigest::sha256())?;
    let certificate = x509.build();
    Ok(NewKey {
        private: Plaintext::new(key.private_key_to_pkcs8()?),
        certificate: STANDARD.encode(certificate.to_der()?),
        fingerprint: hex::encode(certificate.digest(MessageDigest::sha256())?),
        expires_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_opens_from_what_is_stored_and_no_other() {
        let now = Utc::parse("2026-11-30T12:00:00Z").unwrap();
        let (one, other) =
            (ServiceKey::generate("keeper.example", now).unwrap(), ServiceKey::generate("", now).unwrap());
        let opened = ServiceKey::open(&one.private, &one.certificate).unwrap();
        assert_eq!(opened.certificate(), Some(one.certificate.clone()));
        assert!(one.fingerprint.len() == 64 && one.fingerprint != other.fingerprint);
        assert!(ServiceKey::open(&one.private, &other.certificate).is_err());
        assert!(ServiceKey::open(&Plaintext::new(b"x".to_vec()), &one.certificate).is_err());
    }
}
