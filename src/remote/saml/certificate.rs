//! The identity provider's signing certificates. As the metadata interoperability profile says, a certificate is a way to
//! write a key down: one that has expired stays a key, and is warned of.
use super::{Fault, refuse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use samael::crypto::CertificateDer;

const SMALLEST: u32 = 2048;

#[derive(Clone)]
pub(super) struct Certificate {
    pub der: CertificateDer,
    pub fingerprint: String,
    pub has_expired: bool,
}

/// From the text of `X509Certificate`. An error sets this one aside and no other.
pub(super) fn read(text: &str, now: i64) -> Result<Certificate, Fault> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(packed).map_err(|_| Fault::new("is not base64"))?;
    let certificate = X509::from_der(&der).map_err(|_| Fault::new("is not an X.509 certificate"))?;
    let key = certificate.public_key().map_err(|_| Fault::new("holds a key that cannot be read"))?;
    let Ok(rsa) = key.rsa() else { return refuse("holds a key that is not RSA") };
    if rsa.size() * 8 < SMALLEST {
        return refuse("holds an RSA key of less than 2048 bits");
    }
    let digest = certificate.digest(MessageDigest::sha256()).map_err(|_| Fault::new("cannot be read"))?;
    let now = Asn1Time::from_unix(now).map_err(|_| Fault::new("cannot be read"))?;
    Ok(Certificate {
        der: der.into(),
        fingerprint: hex::encode(digest),
        has_expired: certificate.not_after() < now,
    })
}
