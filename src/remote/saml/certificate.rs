//! The identity provider's signing certificates. As the metadata interoperability profile says, a certificate is a way to
//! write a key down: one that has expired stays a key, and is warned of.
use super::{Fault, refuse};
use crate::kit::clock::Utc;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::hash::MessageDigest;
use openssl::x509::{X509, X509NameRef};
use samael::crypto::CertificateDer;
use time::Duration;

/// One that ends this soon is told of: a provider's, and Keeper's own.
pub const EXPIRING: Duration = Duration::days(30);
const SMALLEST: u32 = 2048;
const LONGEST_SUBJECT: usize = 200;

/// One that signatures are believed by.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub(super) der: CertificateDer,
    /// SHA-256, in hexadecimal digits.
    pub fingerprint: String,
    /// `CN=login.example.com, O=Example`; may be empty, and proves nothing.
    pub subject: String,
    pub expires_at: Utc,
    /// Which one of the document it is, from 1.
    number: usize,
}

/// From the text of `X509Certificate`. An error sets this one aside and no other.
pub(super) fn read(text: &str, number: usize) -> Result<Certificate, Fault> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(packed).map_err(|_| Fault::new("is not base64"))?;
    let certificate = X509::from_der(&der).map_err(|_| Fault::new("is not an X.509 certificate"))?;
    let key = certificate.public_key().map_err(|_| Fault::new("holds a key that cannot be read"))?;
    let Ok(rsa) = key.rsa() else { return refuse("holds a key that is not RSA") };
    if rsa.size() * 8 < SMALLEST {
        return refuse("holds an RSA key of less than 2048 bits");
    }
    let digest = certificate.digest(MessageDigest::sha256()).map_err(|_| Fault::new("cannot be read"))?;
    let expires_at = utc(certificate.not_after()).ok_or_else(|| Fault::new("does not say until when"))?;
    Ok(Certificate {
        der: der.into(),
        fingerprint: hex::encode(digest),
        subject: subject(certificate.subject_name()),
        expires_at,
        number,
    })
}

fn utc(at: &Asn1TimeRef) -> Option<Utc> {
    let since = Asn1Time::from_unix(0).ok()?.diff(at).ok()?;
    Utc::from_unix(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

/// For people: what cannot be shown is left out.
fn subject(name: &X509NameRef) -> String {
    let part = |entry: &openssl::x509::X509NameEntryRef| {
        let value = entry.data().to_string().ok()?;
        Some(format!("{}={value}", entry.object().nid().short_name().ok()?))
    };
    let parts: Vec<String> = name.entries().filter_map(part).collect();
    parts.join(", ").chars().filter(|c| !c.is_control()).take(LONGEST_SUBJECT).collect()
}

impl Certificate {
    /// What an administrator should do about it, if anything.
    pub(super) fn warning(&self, now: Utc) -> Option<String> {
        let (number, day) = (self.number, self.expires_at.get().date());
        match self.expires_at.since(now) {
            left if left.is_negative() => {
                Some(format!("signing certificate {number} has expired; its key is still believed"))
            }
            left if left < EXPIRING => Some(format!(
                "signing certificate {number} expires on {day}: ask the provider for its next one"
            )),
            _ => None,
        }
    }
}
